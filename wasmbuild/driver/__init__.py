"""The compiler as a program: what existing build systems call, over the link driver of a build."""
