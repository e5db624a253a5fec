"""C++ names as people write them (Itanium C++ ABI), spelled as LLVM's tools spell them."""

from __future__ import annotations


def demangle(name: str) -> str:
    """`_ZN3foo3barEi` → `foo::bar(int)`. A name that is not mangled, or cannot be read, comes back unchanged;
    hostile names too: nesting and length are bounded. Never raises."""
    if not name.startswith("_Z"):
        return name
    import demangle as library  # takes 60 ms to import, and C projects never need it

    return library.demangle(name, language="itanium", style="llvm")
