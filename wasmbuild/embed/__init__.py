"""Sandboxed C as a Python object: `wasmbuild.load(path)`, its functions, its memory and its limits."""
