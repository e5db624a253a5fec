"""What of an object other modules may see: lowered in its bytes, before the link; and what C++ has once for all
modules."""

from __future__ import annotations

from collections.abc import Collection

from wasmbuild.wasm import abi
from wasmbuild.wasm.objects import ObjectFile, Symbol, defined_symbols, exportable


def hidden_but(data: bytes, obj: ObjectFile, names: Collection[str]) -> bytes:
    """An object in which all that it defines is hidden, as -fvisibility=hidden makes it, but these symbols. wasm-ld
    binds what is hidden within the module, and leaves open who defines what is visible and weak."""
    changed = bytearray(data)
    for symbol in defined_symbols(obj):
        if not symbol.local and symbol.name not in names:
            changed[symbol.flags_at] |= abi.HIDDEN
    return bytes(changed)


def is_cxx(obj: ObjectFile) -> bool:
    """Whether it has names that C++ made."""
    return any(symbol.name.startswith("_Z") for symbol in obj.symbols)


def shared_definitions(obj: ObjectFile) -> frozenset[str]:
    """What must be one object in all libraries that have it: data that each object with a use of it defines once more
    (inline variables, static variables of inline functions and of templates, their guards), and functions that another
    library may replace. Not what describes types: that is compared by name."""
    return frozenset(
        symbol.name
        for symbol in exportable(obj)
        if symbol.weak
        and not symbol.hidden
        and (not symbol.name.startswith(_OF_TYPES) if symbol.kind == "data" else is_replaceable(symbol))
    )


_OF_TYPES = ("_ZTI", "_ZTS", "_ZTV", "_ZTC", "_ZTT")
"""Type information and names of types, tables of virtual functions, also those that are used by constructors alone."""


def is_replaceable(symbol: Symbol) -> bool:
    """Functions that C++ lets a program define in the place of the library's: `operator new` and `delete`."""
    return symbol.kind == "function" and symbol.name.startswith(("_Znw", "_Zna", "_Zdl", "_Zda", _VERBOSE_ABORT))


_VERBOSE_ABORT = "_ZNSt3__122__libcpp_verbose_abortE"


def with_own_anonymous_types(data: bytes, obj: ObjectFile, mark: str) -> bytes:
    """An object in which the names of types in anonymous namespaces have a mark of two characters in them, so that
    types of one name in two objects are different ones."""
    changed = bytearray(data)
    for symbol in obj.symbols:
        if symbol.kind != "data" or symbol.index is None or not symbol.name.startswith("_ZTS"):
            continue
        segment = obj.module.data[symbol.index]
        start = segment.payload_offset + symbol.offset
        end = min(start + symbol.size_bytes, segment.payload_offset + segment.size_bytes)
        changed[start:end] = changed[start:end].replace(b"_GLOBAL__N_1", b"_GLOBAL__N" + mark.encode())
    return bytes(changed)
