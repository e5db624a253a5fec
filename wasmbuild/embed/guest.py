"""A live process as its users share it: one call at a time, limits for each, and what ended it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeAlias, TypeVar

import wasmtime

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.embed.errors import CppException, DeadlineExceeded, OutOfFuel, ProcessDead, ProcessExited, Trap
from wasmbuild.embed.native import Number, caller, take_raised, trace
from wasmbuild.loader.deadline import set_deadline, unwatch
from wasmbuild.loader.ending import Exited, Trapped, ending_of
from wasmbuild.loader.hosttrap import HostTrap
from wasmbuild.loader.process import signed
from wasmbuild.loader.program import Loaded
from wasmbuild.loader.traps import Modules
from wasmbuild.loader.uncaught import Thrown, thrown_of, told
from wasmbuild.wasm.module import FuncType

P = ParamSpec("P")
T = TypeVar("T")
Failure: TypeAlias = wasmtime.Trap | wasmtime.WasmtimeError | HostTrap


class Guest:
    """Everything that touches the process goes through here, with `lock` held: wasmtime's store is for one thread at a
    time. The thread that holds it may take it again, so a callback can use the process that calls it."""

    def __init__(self, loaded: Loaded, timeout_s: float | None) -> None:
        self.loaded = loaded
        self.store = loaded.store
        self.lock = threading.RLock()
        self.ended: BaseException | None = None
        """What ended the process, if it has."""
        self.timeout_s = timeout_s
        self._depth = 0
        memory = loaded.process.plan.memory
        self._stack_base = signed(memory.stack_high) if memory is not None else None

    def check(self) -> None:
        """Raises ProcessDead where the process has ended."""
        if self.ended is not None:
            raise self._refusal() from self.ended

    def caller(
        self, function: wasmtime.Func, type_: FuncType, catches: bool = True
    ) -> Callable[[Sequence[Number]], object]:
        """What calls a function in this process, with numbers of the right types, as `run` does. Who `catches` what it
        throws goes on with the process."""
        native, run = caller(self.store, function, type_.params, type_.results), self._run
        return lambda numbers: run(catches, native, numbers)

    def run(self, act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do something in the process: with its lock, within its limits. Raises what ended the process."""
        return self._run(False, act, *arguments, **named)

    def _run(self, catches: bool, act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        with self.lock:
            if self.ended is not None:
                raise self._refusal() from self.ended
            # A call from within a callback must not give the outer one more time.
            if self.timeout_s is not None and self._depth == 0:
                set_deadline(self.store, self.timeout_s)
            # Where nothing runs, nothing is on the stack.
            caught_at = None if not catches else self._stack_base if self._depth == 0 else self._stack_pointer()
            self._depth += 1
            try:
                result = act(*arguments, **named)
            except (wasmtime.Trap, wasmtime.WasmtimeError, HostTrap) as error:
                failure = error
            else:
                if self.ended is not None:  # by a callback, which then went on as if nothing had happened
                    raise self._refusal() from self.ended
                return result
            finally:
                self._depth -= 1
            if isinstance(failure, wasmtime.Trap | wasmtime.WasmtimeError) and not isinstance(
                failure, wasmtime.ExitTrap
            ):
                failure = told(self.loaded.process, failure, caught_at)
                thrown = thrown_of(failure)
                if thrown is not None and thrown.caught:
                    raise translated(failure, self.loaded.modules)
            raise self.end(failure)  # from here, an exception of a callback's keeps its own context

    def end(self, error: Failure) -> BaseException:
        """The process ends with this; what it means, to be raised."""
        meaning = translated(error, self.loaded.modules)
        if self.ended is None:
            self.ended = meaning
        return meaning

    def _stack_pointer(self) -> int | None:
        pointer = self.loaded.process.stack_pointer
        return int(pointer.value(self.store)) if pointer is not None else None

    def close(self) -> None:
        """End the process and give its memory back. Again is no error. Raises RuntimeError from within a call."""
        with self.lock:
            if self._depth:
                raise RuntimeError("a process cannot be closed while it runs: a callback is a part of a call")
            if not isinstance(self.ended, _Closed):
                self.ended = _Closed("closed")
                unwatch(self.store.engine)
                self.store.close()
                self.store.functions.clear()

    @property
    def closed(self) -> bool:
        return isinstance(self.ended, _Closed)

    def _refusal(self) -> ProcessDead:
        match self.ended:
            case _Closed():
                return ProcessDead("the process is closed")
            case ProcessExited():
                return ProcessDead(str(self.ended))
            case Trap():
                return ProcessDead(f"the process is dead since it trapped: {self.ended.message}")
        return ProcessDead(f"the process is dead since a callback raised {type(self.ended).__name__}: {self.ended}")


class _Closed(Exception):
    pass


def translated(error: Failure, modules: Modules) -> BaseException:
    """What an error of wasmtime's means to whoever called."""
    if isinstance(error, wasmtime.ExitTrap):
        return ProcessExited(error.code)
    raised = take_raised(error) if not isinstance(error, HostTrap) else None
    if isinstance(raised, wasmtime.Trap | wasmtime.WasmtimeError):
        return translated(raised, modules)  # from wasm that the loader ran for wasm: a destructor, in dlclose
    if raised is not None and not isinstance(raised, HostTrap):
        return raised
    if raised is not None and not isinstance(error, HostTrap):
        ending = ending_of(raised, modules, trace(error))
    else:
        ending = ending_of(error, modules)
    match ending:
        case Exited(status):
            return ProcessExited(status)
        case Trapped(_, message, frames, Thrown(type_name, what)):
            return CppException(type_name, what, message, frames)
        case Trapped(kind, message, frames):
            exceptions = {"out-of-fuel": OutOfFuel, "out-of-time": DeadlineExceeded}
            return exceptions.get(kind, Trap)(message, frames, kind)
    return WasmbuildError(Diagnostic("refused-by-engine", ending.message))
