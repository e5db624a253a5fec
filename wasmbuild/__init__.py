"""Build C and C++ into WebAssembly shared libraries and programs that link dynamically, and prove that they load."""

__version__ = "0.1.0"
