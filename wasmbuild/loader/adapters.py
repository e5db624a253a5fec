"""The small modules that the loader generates. Pure: bytes out, the same bytes for the same needs."""

from __future__ import annotations

from functools import cache

from wasmbuild.link.wasi import WASI_FUNCTIONS
from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import (
    ADD,
    AT_LEAST,
    DIFFER,
    END,
    EQUALS_ZERO,
    IF_EMPTY,
    RETURN,
    ElementSpec,
    Function,
    ModuleSpec,
    body,
    call,
    call_indirect,
    encode,
    global_get,
    global_set,
    i32_const,
    local_get,
    local_set,
)
from wasmbuild.wasm.module import ConstExpr, Export, FuncType, Global, GlobalType, Import, Limits, MemoryType, TableType

DESCRIPTORS_LIMIT = 256
"""What a guest may have open, besides its directories and standard input, output and error."""

TABLE_INDEX = "table index"
"""The module that a stub module imports its table indexes from: as globals, so that its bytes do not depend on them."""


@cache
def wasi_adapter() -> bytes:
    """Puts itself between libc and the engine's WASI functions: they look for an export called `memory` on whoever
    calls them, and a module linked with -shared cannot export one."""
    names = sorted(WASI_FUNCTIONS)
    memory = Import(abi.ENV, abi.MEMORY, MemoryType(Limits(0)))
    imports = [Import(abi.WASI_SNAPSHOT_PREVIEW1, name, WASI_FUNCTIONS[name]) for name in names]
    functions = []
    for index, name in enumerate(names):
        type_ = WASI_FUNCTIONS[name]
        called = _parameters(type_) + call(index)
        locals_ = [(1, "i32")] if name in _COUNTED else []
        functions.append(Function(type_, body(_counted(name, type_, called), locals_)))
    exports = [Export(name, "func", len(names) + index) for index, name in enumerate(names)]
    return encode(
        ModuleSpec(
            imports=(memory, *imports),
            functions=tuple(functions),
            globals=(Global(GlobalType("i32", mutable=True), None),),
            exports=(Export(abi.MEMORY, "memory", 0), *exports),
        )
    )


_COUNTED = ("path_open", "fd_close", "fd_renumber")
_MFILE = 33
"""WASI's errno for too many open files."""


def _counted(name: str, type_: FuncType, called: bytes) -> bytes:
    """Count what a guest has open, in the one global: the engine has no limit, and its descriptors are the host's."""
    result = len(type_.params)
    kept = called + local_set(result) + local_get(result) + EQUALS_ZERO
    match name:
        case "path_open":
            full = global_get(0) + i32_const(DESCRIPTORS_LIMIT) + AT_LEAST
            refused = full + IF_EMPTY + i32_const(_MFILE) + RETURN + END
            return refused + kept + IF_EMPTY + _add_to_count(1) + END + local_get(result)
        case "fd_close":
            return kept + IF_EMPTY + _add_to_count(-1) + END + local_get(result)
        case "fd_renumber":  # what had the new number is closed
            differ = local_get(0) + local_get(1) + DIFFER
            return kept + IF_EMPTY + differ + IF_EMPTY + _add_to_count(-1) + END + END + local_get(result)
    return called


def _add_to_count(number: int) -> bytes:
    return global_get(0) + i32_const(number) + ADD + global_set(0)


def stub_module(types: tuple[FuncType, ...]) -> bytes:
    """One exported function for each type, named by its number, that calls what stands in its table entry."""
    distinct = tuple(dict.fromkeys(types))
    table = Import(abi.ENV, abi.INDIRECT_FUNCTION_TABLE, TableType("funcref", Limits(0)))
    indexes = [Import(TABLE_INDEX, str(index), GlobalType("i32")) for index in range(len(types))]
    functions = [
        Function(type_, body(_parameters(type_) + global_get(index) + call_indirect(distinct.index(type_))))
        for index, type_ in enumerate(types)
    ]
    exports = [Export(str(index), "func", index) for index in range(len(types))]
    return encode(
        ModuleSpec(types=distinct, imports=(table, *indexes), functions=tuple(functions), exports=tuple(exports))
    )


def opener_module(entries: tuple[tuple[int, FuncType], ...]) -> bytes:
    """Puts a function into each table entry that calls `open` with the entry's index, and then what stands there; and
    exports a stub for each, named by the index, that only calls what stands there."""
    distinct = tuple(dict.fromkeys((*(type_ for _, type_ in entries), _OPEN)))
    table = Import(abi.ENV, abi.INDIRECT_FUNCTION_TABLE, TableType("funcref", Limits(0)))
    openers, stubs, elements, exports = [], [], [], []
    for number, (index, type_) in enumerate(entries):
        called = _parameters(type_) + i32_const(index) + call_indirect(distinct.index(type_))
        openers.append(Function(type_, body(i32_const(index) + call(0) + called)))
        stubs.append(Function(type_, body(called)))
        elements.append(ElementSpec((number + 1,), ConstExpr(None, index)))
        exports.append(Export(str(index), "func", len(entries) + number + 1))
    return encode(
        ModuleSpec(
            types=distinct,
            imports=(table, Import(abi.LOADER, "open", _OPEN)),
            functions=(*openers, *stubs),
            elements=tuple(elements),
            exports=tuple(exports),
        )
    )


_OPEN = FuncType(("i32",))


def _parameters(type_: FuncType) -> bytes:
    return b"".join(local_get(index) for index in range(len(type_.params)))
