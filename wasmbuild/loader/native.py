"""What wasmtime's Python package makes slow: one export by its name, and an instance from values. Both go to its C API
as it does itself, without an import statement in every call, and without an object for each of libc.so's exports."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import wasmtime
from wasmtime import _ffi
from wasmtime._func import enter_wasm

_MADE: dict[int, Callable[[Any], Any]] = {
    _ffi.WASMTIME_EXTERN_FUNC.value: lambda of: wasmtime.Func._from_raw(of.func),
    _ffi.WASMTIME_EXTERN_GLOBAL.value: lambda of: wasmtime.Global._from_raw(of.global_),
    _ffi.WASMTIME_EXTERN_TABLE.value: lambda of: wasmtime.Table._from_raw(of.table),
    _ffi.WASMTIME_EXTERN_MEMORY.value: lambda of: wasmtime.Memory._from_raw(of.memory),
    _ffi.WASMTIME_EXTERN_SHAREDMEMORY.value: lambda of: wasmtime.SharedMemory._from_ptr(of.sharedmemory),
    _ffi.WASMTIME_EXTERN_TAG.value: lambda of: wasmtime.Tag._from_raw(of.tag),
}


def find_export(store: wasmtime.Store, instance: wasmtime.Instance, name: str) -> Any:
    """An export of an instance; None where there is none of this name."""
    encoded, found = name.encode(), _ffi.wasmtime_extern_t()
    there = _ffi.wasmtime_instance_export_get(
        store._context(), ctypes.byref(instance._instance), encoded, len(encoded), ctypes.byref(found)
    )
    kind: Any = found.kind  # a number, whatever its stub says
    return _MADE[kind](found.of) if there else None


class FromInstance(NamedTuple):
    """As a value that is given to an instance: an export of another, without an object for it in between."""

    instance: wasmtime.Instance
    name: str


def make_instance(store: wasmtime.Store, module: wasmtime.Module, imports: Sequence[Any]) -> wasmtime.Instance:
    """As `wasmtime.Instance`. Raises Trap and WasmtimeError; KeyError where another instance has no such export."""
    given, context, byref = (_ffi.wasmtime_extern_t * len(imports))(), store._context(), ctypes.byref
    get = _ffi.wasmtime_instance_export_get
    for number, value in enumerate(imports):
        if isinstance(value, FromInstance):
            encoded = value.name.encode()
            if not get(context, byref(value.instance._instance), encoded, len(encoded), byref(given[number])):
                raise KeyError(value.name)
        else:
            given[number] = value._as_extern()
    made = _ffi.wasmtime_instance_t()
    with enter_wasm(store) as trap:
        error = _ffi.wasmtime_instance_new(
            store._context(), module.ptr(), given, len(imports), ctypes.byref(made), trap
        )
        if error:
            raise wasmtime.WasmtimeError._from_ptr(error)
    return wasmtime.Instance._from_raw(made)


def zero(store: wasmtime.Store, memory: wasmtime.Memory | None, address: int, size_bytes: int) -> None:
    """Set a part of a memory to zero, without as many bytes of our own."""
    assert memory is not None, "who has an area in memory has a memory"
    assert 0 <= address <= address + size_bytes <= memory.data_len(store), "it was made large enough"
    ctypes.memset(ctypes.addressof(memory.data_ptr(store).contents) + address, 0, size_bytes)
