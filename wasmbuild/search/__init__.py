"""Which files are meant: a root and all that it needs, found and read once."""
