"""What the exception of C++ was that nobody caught: its own library is asked, after the engine has let go of it."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import wasmtime
from msgspec import Struct
from wasmtime import _ffi

from wasmbuild.loader.native import find_export
from wasmbuild.printing import printable
from wasmbuild.wasm import abi

if TYPE_CHECKING:
    from wasmbuild.loader.process import Process

_LONGEST_BYTES = 2048
_THROWN = "wasmbuild_thrown"


class Thrown(Struct, frozen=True):
    """An exception of C++: its type, and what it says of itself if it is a `std::exception`."""

    type_name: str
    what: str | None
    caught: bool
    """Whether whoever called has caught it: its destructor has run, and the process is as after any `catch`."""

    def __str__(self) -> str:
        return printable(self.type_name if self.what is None else f"{self.type_name}: {self.what}")


def told(
    process: Process, error: wasmtime.Trap | wasmtime.WasmtimeError, caught_at: int | None = None
) -> wasmtime.Trap | wasmtime.WasmtimeError:
    """What ended a call, and what there is to tell of it, for `thrown_of`. Who goes on with the process says where the
    stack pointer was before the call: then the exception ends here as in a `catch`. Else a terminate handler of the
    program's own is called, and what comes back is how that ended the process."""
    exception = _ffi.wasmtime_exnref_t()
    context = process.store._context()
    if not _ffi.wasmtime_context_take_exception(context, ctypes.byref(exception)):
        return error
    try:
        if caught_at is not None and process.stack_pointer is not None:
            process.stack_pointer.set_value(process.store, caught_at)  # its frames are gone, whoever restored it last
        thrown = _taken(process, exception, caught_at is not None)
    except (wasmtime.Trap, wasmtime.WasmtimeError) as other:
        return other
    finally:
        _ffi.wasmtime_exnref_unroot(ctypes.byref(exception))
    if thrown is not None:
        setattr(error, _THROWN, thrown)
    return error


def thrown_of(error: BaseException) -> Thrown | None:
    """The exception of C++ that it was, if it was one."""
    found: Thrown | None = getattr(error, _THROWN, None)
    return found


def _taken(process: Process, exception: _ffi.wasmtime_exnref_t, catches: bool) -> Thrown | None:
    context, tag, value = process.store._context(), _ffi.wasmtime_tag_t(), _ffi.wasmtime_val_t()
    for instance in process.instances.values():
        take = find_export(process.store, instance, abi.TAKE_EXCEPTION)
        of_cxx = find_export(process.store, instance, abi.CPP_EXCEPTION_TAG)
        if not isinstance(take, wasmtime.Func) or not isinstance(of_cxx, wasmtime.Tag) or process.memory is None:
            continue
        _check(_ffi.wasmtime_exnref_tag(context, ctypes.byref(exception), ctypes.byref(tag)))
        if not _ffi.wasmtime_tag_eq(context, ctypes.byref(tag), ctypes.byref(of_cxx._tag)):
            continue
        _check(_ffi.wasmtime_exnref_field(context, ctypes.byref(exception), 0, ctypes.byref(value)))
        answer = take(process.store, value.of.i32, int(catches))
        at = answer & abi.ADDRESS_MASK if isinstance(answer, int) else 0
        texts = bytes(process.memory.read(process.store, at, at + 8))
        type_name, what = (_text(process, int.from_bytes(texts[n : n + 4], "little")) for n in (0, 4))
        return Thrown(type_name or "", what, catches)
    return None


def _text(process: Process, address: int) -> str | None:
    if address == 0 or process.memory is None:
        return None
    data = bytes(process.memory.read(process.store, address, address + _LONGEST_BYTES))
    return data.partition(b"\0")[0].decode("utf-8", "replace")


def _check(error: ctypes._Pointer[_ffi.wasmtime_error_t]) -> None:
    if error:
        raise wasmtime.WasmtimeError._from_ptr(error)
