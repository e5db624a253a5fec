"""What using a process from Python can raise, beside WasmbuildError for what does not fit when it is loaded."""

from __future__ import annotations

from wasmbuild.loader.hosttrap import TrapKind
from wasmbuild.loader.traps import Frame


class Trap(Exception):
    """Wasm did what it may not. The process is dead, but for a CppException.

    `message` says what happened, on a line; `frames` are the calls that led there, the innermost first; `kind` is a
    word that is the same for every engine: `memory-out-of-bounds`, `unreachable` and so on.
    """

    def __init__(self, message: str, frames: tuple[Frame, ...] = (), kind: TrapKind = "other") -> None:
        super().__init__(message, frames, kind)
        self.kind = kind
        self.message = message
        self.frames = frames

    def __str__(self) -> str:
        return "\n".join((self.message, *(f"  in {frame}" for frame in self.frames)))


class OutOfFuel(Trap):
    """The process has used the fuel that it was given. It is dead."""


class DeadlineExceeded(Trap):
    """A call took longer than `timeout_s`. The process is dead."""


class CppException(Trap):
    """An exception of C++ left the function that was called.

    `type_name` is its type as C++ writes it, `what` what it says of itself: None if it is no `std::exception`. It was
    caught where the call was made, so the process lives on, as after a `catch`. Out of `main` or of a static
    constructor or destructor, nobody catches it, and the process is dead.
    """

    def __init__(self, type_name: str, what: str | None, message: str, frames: tuple[Frame, ...] = ()) -> None:
        super().__init__(message, frames, "uncaught-exception")
        self.args = (type_name, what, message, frames)
        self.type_name = type_name
        self.what = what


class ProcessExited(Exception):
    """C called `exit`, in a call that was not `run()`. The process has ended."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the process has ended with exit status {status}")
        self.status = status


class ProcessDead(Exception):
    """The process cannot be used any more; the first trap, or what else ended it, is the cause.

    Raised by every use after a trap, after an exception that went through wasm, after the end and after `close`.
    """


class BadDeclaration(ValueError):
    """A C declaration that cannot be read, or does not fit. `offset` counts characters from the start of `text`."""

    def __init__(self, problem: str, text: str, offset: int) -> None:
        before = text[:offset]
        start = before.rfind("\n") + 1
        line = text[start:].split("\n", 1)[0].replace("\t", " ")
        where = f"line {before.count(chr(10)) + 1}, column {offset - start + 1}"
        super().__init__(f"{problem}\n  {where}\n  {line}\n  {' ' * (offset - start)}^")
        self.problem = problem
        self.text = text
        self.offset = offset


class OutOfBounds(IndexError):
    """An address range that is not, or not wholly, in the process's memory."""


class OutOfMemory(MemoryError):
    """The process has no memory left for what it was given: its `malloc` says so, or its limit does."""
