"""What the exception of C++ was that nobody caught: its own library is asked, after the engine has let go of it."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import wasmtime
from wasmtime import _ffi

from wasmbuild.loader.native import find_export
from wasmbuild.printing import printable
from wasmbuild.wasm import abi

if TYPE_CHECKING:
    from wasmbuild.loader.process import Process

_LONGEST_BYTES = 2048
_TOLD = "wasmbuild_told"


def told(process: Process, error: wasmtime.Trap | wasmtime.WasmtimeError) -> wasmtime.Trap | wasmtime.WasmtimeError:
    """What ended a call, and what there is to tell of it, for `text_of`. It is another error where a terminate handler
    of the program's own ended the process in its own way."""
    exception = _ffi.wasmtime_exnref_t()
    context = process.store._context()
    if not _ffi.wasmtime_context_take_exception(context, ctypes.byref(exception)):
        return error
    try:
        text = _described(process, exception)
    except (wasmtime.Trap, wasmtime.WasmtimeError) as other:
        return other
    finally:
        _ffi.wasmtime_exnref_unroot(ctypes.byref(exception))
    if text is not None:
        setattr(error, _TOLD, f"terminating due to uncaught exception of type {text}")
    return error


def text_of(error: BaseException) -> str | None:
    """What was told of it, if it was one of C++'s."""
    found: str | None = getattr(error, _TOLD, None)
    return found


def _described(process: Process, exception: _ffi.wasmtime_exnref_t) -> str | None:
    context, tag, value = process.store._context(), _ffi.wasmtime_tag_t(), _ffi.wasmtime_val_t()
    for instance in process.instances.values():
        describe = find_export(process.store, instance, abi.DESCRIBE_EXCEPTION)
        of_cxx = find_export(process.store, instance, abi.CPP_EXCEPTION_TAG)
        if not isinstance(describe, wasmtime.Func) or not isinstance(of_cxx, wasmtime.Tag) or process.memory is None:
            continue
        _check(_ffi.wasmtime_exnref_tag(context, ctypes.byref(exception), ctypes.byref(tag)))
        if not _ffi.wasmtime_tag_eq(context, ctypes.byref(tag), ctypes.byref(of_cxx._tag)):
            continue
        _check(_ffi.wasmtime_exnref_field(context, ctypes.byref(exception), 0, ctypes.byref(value)))
        address = describe(process.store, value.of.i32) & (abi.ADDRESS_SPACE_BYTES - 1)
        data = process.memory.read(process.store, address, address + _LONGEST_BYTES)
        return printable(bytes(data).partition(b"\0")[0].decode("utf-8", "replace"))
    return None


def _check(error: ctypes._Pointer[_ffi.wasmtime_error_t]) -> None:
    if error:
        raise wasmtime.WasmtimeError._from_ptr(error)
