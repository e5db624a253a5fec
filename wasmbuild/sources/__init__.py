"""Where code comes from: sources named in a manifest become verified archives and trees in the cache."""
