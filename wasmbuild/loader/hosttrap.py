"""What ends a process, by kind; and the traps that the loader itself makes of what wasm asks it for."""

from __future__ import annotations

from typing import Literal, TypeAlias

TrapKind: TypeAlias = Literal[
    "stack-overflow",
    "memory-out-of-bounds",
    "table-out-of-bounds",
    "null-function",
    "wrong-function-type",
    "integer-overflow",
    "integer-division-by-zero",
    "bad-conversion-to-integer",
    "unreachable",
    "uncaught-exception",
    "undefined-function",
    "not-opened",
    "out-of-fuel",
    "out-of-time",
    "other",
]
"""What ends a process, by a word that is the same for every engine."""


class HostTrap(Exception):
    """Raised in a function of the loader's to end the process as a trap of wasm does."""

    def __init__(self, kind: TrapKind, name: str = "") -> None:
        super().__init__(name)
        self.kind = kind


class UndefinedFunctionCalled(HostTrap):
    """A weak function that nothing defines was called."""

    def __init__(self, name: str) -> None:
        super().__init__("undefined-function", name)


class NotOpened(HostTrap):
    """A lazy library was called and cannot be opened: `name` is the whole message."""

    def __init__(self, message: str) -> None:
        super().__init__("not-opened", message)
