"""What wasmtime's C API can do and its Python package cannot: one export by its name, without a copy of all others."""

from __future__ import annotations

import ctypes
from typing import Any

import wasmtime
from wasmtime import _ffi
from wasmtime._extern import wrap_extern


def find_export(store: wasmtime.Store, instance: wasmtime.Instance, name: str) -> Any:
    """An export of an instance; None where there is none of this name. `Instance.exports` makes an object of each
    first, and libc.so has well over a thousand."""
    encoded, found = name.encode(), _ffi.wasmtime_extern_t()
    there = _ffi.wasmtime_instance_export_get(
        store._context(), ctypes.byref(instance._instance), encoded, len(encoded), ctypes.byref(found)
    )
    return wrap_extern(found) if there else None
