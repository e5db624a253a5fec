"""Why it does not fit, or why it is so: what was decided, for a reader. Pure."""
