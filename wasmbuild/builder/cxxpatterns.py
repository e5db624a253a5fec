"""Patterns of exports that name C++ as people write it, such as `img::*`: what of an object they mean.

Pure. What is matched is the demangled name, without parameters unless the pattern has some. A class brings along what
describes it; what the sources hide stays hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from wasmbuild.wasm.demangle import demangle, qualified_name
from wasmbuild.wasm.objects import Symbol


def is_cxx_pattern(pattern: str) -> bool:
    return "::" in pattern


def matched_symbols(pattern: str, symbols: Iterable[Symbol]) -> set[str]:
    """The mangled names of the symbols that a pattern of C++ means."""
    return {symbol.name for symbol in symbols if _may_be_meant(symbol) and matches(pattern, symbol.name)}


def hidden_matches(pattern: str, symbols: Iterable[Symbol]) -> set[str]:
    """The demangled names of what a pattern would mean, were it not hidden in the sources."""
    return {demangle(symbol.name) for symbol in symbols if symbol.hidden and matches(pattern, symbol.name)}


def pattern_for(name: str) -> str:
    """What to write under `exports` for a symbol: what people can read, where that is understood."""
    readable = qualified_name(name)
    return readable if readable is not None and is_cxx_pattern(readable) else name


def _may_be_meant(symbol: Symbol) -> bool:
    """Not what the sources hide, nor what each module that uses a class without virtual functions of its own makes for
    itself: types are compared by name."""
    return not symbol.hidden and not (symbol.weak and symbol.name.startswith(_DESCRIBES))


_DESCRIBES = ("_ZTI", "_ZTS", "_ZTV", "_ZTT")


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern of C++ means a mangled name, whatever hides it."""
    if not name.startswith("_Z") or not all(part in name for part in _encoded(pattern)):
        return False
    if "(" in pattern or " for " in pattern:  # with parameters, or `vtable for img::Reader`
        return fnmatchcase(demangle(name), pattern)
    qualified = qualified_name(name)
    if qualified is None:
        return False
    # What is in a class or a namespace that is meant; and `img::Reader::*` means the class itself, too.
    return (
        fnmatchcase(qualified, pattern)
        or fnmatchcase(qualified, f"{pattern}::*")
        or (name.startswith(_DESCRIBES) and fnmatchcase(f"{qualified}::", pattern))
    )


def _encoded(pattern: str) -> Iterator[str]:
    """What a mangled name has in it, if it is meant: most names need not be demangled then."""
    for part in pattern.split("(")[0].split("::")[:-1]:
        if _IDENTIFIER.fullmatch(part) and part != "std":
            yield f"{len(part)}{part}"


_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
