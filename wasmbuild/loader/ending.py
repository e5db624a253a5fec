"""How a guest ended: one value, made in one place, from whatever the engine raises. The codes and the words for them
are the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, get_args

import wasmtime
from msgspec import Struct

from wasmbuild.loader.hosttrap import HostTrap, NotOpened, TrapKind, UndefinedFunctionCalled
from wasmbuild.loader.traps import Frame, Modules, cause, readable_frames, repeated
from wasmbuild.loader.uncaught import Thrown, thrown_of

MEANINGS: dict[TrapKind, str] = {
    "stack-overflow": "stack overflow",
    "memory-out-of-bounds": "memory access out of bounds",
    "table-out-of-bounds": "call through a function pointer that is none",
    "null-function": "call through a null function pointer",
    "wrong-function-type": "call through a function pointer of another type",
    "integer-overflow": "integer overflow",
    "integer-division-by-zero": "integer division by zero",
    "bad-conversion-to-integer": "conversion of a float that no integer holds",
    "unreachable": "unreachable code reached (abort, or a failed check of the compiler's)",
    "uncaught-exception": "exception that nobody caught",
    "out-of-fuel": "out of fuel",
    "out-of-time": "time limit reached",
}
"""What each kind means, for a reader. The others have words of their own: a name, or the engine's."""

_KINDS: dict[wasmtime.TrapCode, TrapKind] = {
    wasmtime.TrapCode.STACK_OVERFLOW: "stack-overflow",
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: "memory-out-of-bounds",
    wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS: "table-out-of-bounds",
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: "null-function",
    wasmtime.TrapCode.BAD_SIGNATURE: "wrong-function-type",
    wasmtime.TrapCode.INTEGER_OVERFLOW: "integer-overflow",
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: "integer-division-by-zero",
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: "bad-conversion-to-integer",
    wasmtime.TrapCode.UNREACHABLE: "unreachable",
    wasmtime.TrapCode.UNCAUGHT_EXCEPTION: "uncaught-exception",
    wasmtime.TrapCode.OUT_OF_FUEL: "out-of-fuel",
    wasmtime.TrapCode.INTERRUPT: "out-of-time",
}

KINDS: tuple[TrapKind, ...] = get_args(TrapKind)


class Exited(Struct, frozen=True):
    """It called `exit`, or its `main` returned."""

    status: int


class Trapped(Struct, frozen=True):
    """It did what wasm may not, or reached a limit. `frames` are the calls, the innermost first."""

    kind: TrapKind
    message: str
    frames: tuple[Frame, ...] = ()
    thrown: Thrown | None = None
    """What left the last function, if that ended it."""

    @property
    def backtrace(self) -> str:
        """A call a line; calls that repeat are counted."""
        return repeated(self.frames)


class RefusedByEngine(Struct, frozen=True):
    """The engine does not take a module: its words, of which the first line is the headline."""

    message: str
    details: str


Ending: TypeAlias = Exited | Trapped | RefusedByEngine

ENDINGS = (wasmtime.ExitTrap, wasmtime.Trap, wasmtime.WasmtimeError, HostTrap)
"""What is raised where a guest ends; `ending_of` knows what each means."""


def ending_of(error: BaseException, modules: Modules = tuple, trace: Iterable[wasmtime.Frame] | None = None) -> Ending:
    """What one of `ENDINGS` means. Lines of the source are given for those `modules` that have them; they are asked
    for only then. `trace` is given where the error has none of its own."""
    match error:
        case wasmtime.ExitTrap():
            return Exited(error.code)
        case UndefinedFunctionCalled():
            frames = readable_frames(trace or (), modules)
            return Trapped("undefined-function", f"undefined function called: `{error}`", frames)
        case NotOpened():
            return Trapped("not-opened", str(error), readable_frames(trace or (), modules))
        case HostTrap(kind=kind):
            return Trapped(kind, MEANINGS[kind], readable_frames(trace or (), modules))
        case wasmtime.Trap():
            kind = _kind(error)
            thrown = thrown_of(error)
            message = _said(thrown) if thrown else MEANINGS.get(kind) or cause(error)
            return Trapped(kind, message, readable_frames(error.frames if trace is None else trace, modules), thrown)
        case wasmtime.WasmtimeError():
            text = str(error).strip()
            return RefusedByEngine(text.splitlines()[0] if text else "refused", text)
    raise AssertionError(f"no ending: {error!r}")


def _said(thrown: Thrown) -> str:
    return f"{'' if thrown.caught else 'terminating due to '}uncaught exception of type {thrown}"


def _kind(trap: wasmtime.Trap) -> TrapKind:
    code = trap.trap_code
    if code is None and "thrown Wasm exception" in str(trap):  # the engine has a code for it, and does not use it here
        return "uncaught-exception"
    return _KINDS.get(code, "other") if code is not None else "other"
