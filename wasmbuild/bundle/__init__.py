"""Programs and libraries with all that they need, as a directory for a site or for npm."""
