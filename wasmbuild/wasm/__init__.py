"""WebAssembly binaries as values: bytes in, `Module`, `ObjectFile` and names out, and bytes again. No I/O."""
