"""The small modules that the loader generates. Pure: bytes out, the same bytes for the same needs."""

from __future__ import annotations

from functools import cache

from wasmbuild.link.wasi import WASI_FUNCTIONS
from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import (
    Function,
    ModuleSpec,
    body,
    call,
    call_indirect,
    encode,
    global_get,
    local_get,
)
from wasmbuild.wasm.module import Export, FuncType, GlobalType, Import, Limits, MemoryType, TableType

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
        functions.append(Function(type_, body(_parameters(type_) + call(index))))
    exports = [Export(name, "func", len(names) + index) for index, name in enumerate(names)]
    return encode(
        ModuleSpec(
            imports=(memory, *imports),
            functions=tuple(functions),
            exports=(Export(abi.MEMORY, "memory", 0), *exports),
        )
    )


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


def _parameters(type_: FuncType) -> bytes:
    return b"".join(local_get(index) for index in range(len(type_.params)))
