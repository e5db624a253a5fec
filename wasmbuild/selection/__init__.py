"""What `requires` means: which recipes, in which order."""
