"""Calls in both directions, through wasmtime's C API: the only file here that reaches below its Python package.

Two reasons. `wasmtime.Func` looks up a function's type and makes new arrays at each call, which costs more than the
call. And it keeps the last exception that a Python function raised in a global of its module, where a process in
another thread finds it; here it is kept for its thread, under a number that is in the trap's message too.
"""

from __future__ import annotations

import ctypes
import itertools
import operator
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import wasmtime
from wasmtime import _ffi
from wasmtime._trap import FrameList

from wasmbuild.loader.engine import ProcessStore

Number = int | float

_func_call = ctypes.CFUNCTYPE(
    ctypes.c_void_p,
    *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t),
    *(ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p),
)(("wasmtime_func_call", _ffi.dll))
"""(context, function, arguments, their number, results, their number, trap) → error. Arguments are plain addresses: to
pass them costs least. Python's lock is let go meanwhile."""

_CELLS: dict[str, Any] = {"i32": ctypes.c_int32, "i64": ctypes.c_int64, "f32": ctypes.c_float, "f64": ctypes.c_double}
_KINDS: dict[str, Any] = {
    "i32": _ffi.WASMTIME_I32.value,
    "i64": _ffi.WASMTIME_I64.value,
    "f32": _ffi.WASMTIME_F32.value,
    "f64": _ffi.WASMTIME_F64.value,
}

Failed = Callable[[wasmtime.Trap | wasmtime.WasmtimeError], Exception]


def caller(
    store: wasmtime.Store, function: wasmtime.Func, params: Sequence[str], results: Sequence[str]
) -> Callable[[Sequence[Number]], Number | tuple[Number, ...] | None]:
    """What calls a function with numbers of the right types, as many as it takes (integers may be signed or not).

    It may be called again while it runs, by what it calls, but by one thread at a time. Raises wasmtime's Trap,
    WasmtimeError and ExitTrap, and never what a Python function raised: see `take_raised`.
    """
    arguments, arguments_cells = _values(params)
    outcome, outcome_cells = _values(results)
    trap = ctypes.c_void_p()
    handle = function._func
    # The addresses stay good: what they are of is kept by this function, and the context by its store.
    context = ctypes.cast(store._context(), ctypes.c_void_p).value
    given = (
        *(context, ctypes.addressof(handle), ctypes.addressof(arguments), len(params)),
        *(ctypes.addressof(outcome), len(results), ctypes.addressof(trap)),
    )
    single = outcome_cells[0] if len(results) == 1 else None

    def call(numbers: Sequence[Number], kept: object = (arguments, outcome, handle)) -> Any:
        for cell, number in zip(arguments_cells, numbers, strict=True):
            cell.value = number
        error = _func_call(*given)
        if error or trap.value:
            raised = _taken(error, trap)
            raise raised
        if single is not None:
            return single.value
        return tuple(cell.value for cell in outcome_cells) if outcome_cells else None

    return call


def _values(types: Sequence[str]) -> tuple[Any, list[Any]]:
    """An array of wasmtime's values, and for each the place where its number is."""
    values = (_ffi.wasmtime_val_t * len(types))()
    cells = []
    for index, type_ in enumerate(types):
        values[index].kind = _KINDS[type_]
        offset = index * ctypes.sizeof(_ffi.wasmtime_val_t) + _ffi.wasmtime_val_t.of.offset
        cells.append(_CELLS[type_].from_buffer(values, offset))
    return values, cells


def _taken(error: int | None, trap: ctypes.c_void_p) -> wasmtime.Trap | wasmtime.WasmtimeError:
    """What went wrong, as an object that owns it. The trap's place is empty afterwards, for the next call."""
    if error:
        return wasmtime.WasmtimeError._from_ptr(ctypes.cast(error, ctypes.POINTER(_ffi.wasmtime_error_t)))
    pointer = ctypes.cast(trap.value or 0, ctypes.POINTER(_ffi.wasm_trap_t))
    trap.value = None
    return wasmtime.Trap._from_ptr(pointer)


class _PythonFunction:
    """A Python function that wasm can call: its parameters by index and type, its result."""

    __slots__ = ("__weakref__", "function", "params", "result")

    def __init__(self, function: Callable[..., Any], params: Sequence[str], result: str | None) -> None:
        self.function, self.params, self.result = function, tuple(enumerate(params)), result


def make_function(store: ProcessStore, type_: wasmtime.FuncType, function: Callable[..., Any]) -> wasmtime.Func:
    """A Python function as one of wasm's. It takes and returns numbers (None for no result); what it raises becomes a
    trap, which `take_raised` knows again."""
    number = next(_NUMBERS)
    params = tuple(str(param) for param in type_.params)
    results = tuple(str(result) for result in type_.results)
    if len(results) > 1:
        raise ValueError("a Python function has one result or none")
    python_function = _PythonFunction(function, params, results[0] if results else None)
    store.functions.append(python_function)
    _FUNCTIONS[number] = python_function
    made = _ffi.wasmtime_func_t()
    _ffi.wasmtime_func_new(store._context(), type_.ptr(), _trampoline, number, _NO_FINALIZER, ctypes.byref(made))
    return wasmtime.Func._from_raw(made)


_NO_FINALIZER = ctypes.cast(0, ctypes.CFUNCTYPE(None, ctypes.c_void_p))
_NUMBERS = itertools.count(1)
_FUNCTIONS: weakref.WeakValueDictionary[int, _PythonFunction] = weakref.WeakValueDictionary()
"""Python functions that wasm can call, by the number that the engine has of them. Their stores keep them."""

_THREAD = threading.local()


def _call_python(number: int, _caller: Any, params: Any, _: int, results: Any, _results: int) -> int:
    try:
        called = _FUNCTIONS[number]
        result = called.result
        value = called.function(*[getattr(params[index].of, type_) for index, type_ in called.params])
        if result is None:
            if value is not None:
                raise TypeError(f"a function without a result returned {value!r}")
        else:
            results[0].kind = _KINDS[result]
            setattr(results[0].of, result, result_number(result, value))
        return 0
    except BaseException as error:
        # Nothing may leave this function but a trap: whoever called into wasm raises the error again.
        marker = f"exception #{next(_NUMBERS)} of Python"
        _THREAD.raised = (marker, error)
        return ctypes.cast(wasmtime.Trap(marker)._consume(), ctypes.c_void_p).value or 0


_trampoline = _ffi.wasmtime_func_callback_t(_call_python)


def take_raised(failure: wasmtime.Trap | wasmtime.WasmtimeError) -> BaseException | None:
    """What a Python function raised to end in this failure, once; None for a failure of another kind."""
    marker, raised = getattr(_THREAD, "raised", (None, None))
    if marker is None or marker not in str(failure):
        return None
    _THREAD.raised = (None, None)
    return raised


def last_raised() -> BaseException | None:
    """What a Python function raised last in this thread, if nobody has taken it; once."""
    _, raised = getattr(_THREAD, "raised", (None, None))
    _THREAD.raised = (None, None)
    return raised


def trace(failure: wasmtime.Trap | wasmtime.WasmtimeError) -> list[wasmtime.Frame]:
    """The calls that led to a failure, the innermost first. wasmtime's package has those of traps alone, and what a
    Python function raised is none to the engine."""
    if isinstance(failure, wasmtime.Trap):
        return failure.frames
    frames = FrameList(failure)
    _ffi.wasmtime_error_wasm_trace(failure.ptr(), ctypes.byref(frames.vec))
    return [wasmtime.Frame._from_ptr(frames.vec.data[index], frames) for index in range(frames.vec.size)]


def result_number(type_: str, value: Any) -> Number:
    """What a Python function returned, as a number of wasm. Raises TypeError and OverflowError."""
    if type_ in ("f32", "f64"):
        return float(value)
    number = operator.index(value)
    bits = 32 if type_ == "i32" else 64
    if not -(1 << (bits - 1)) <= number < 1 << bits:
        raise OverflowError(f"{number} does not fit in {type_}")
    return number
