"""Python functions as C function pointers: entries of the process's table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import wasmtime

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.embed.ctype import Signature
from wasmbuild.embed.errors import OutOfBounds
from wasmbuild.embed.guest import Guest
from wasmbuild.embed.native import make_function
from wasmbuild.loader.hosttrap import UndefinedFunctionCalled
from wasmbuild.loader.process import function_type
from wasmbuild.wasm.module import FuncType

_GROW = 16
"""Table entries at a time."""


class CallbackEntry:
    """A function of wasm at an address, with a Python function behind it that can be exchanged.

    A store keeps every function that was made in it until its end. So what was freed waits for the next callback of
    its type, and a program may make any number of them.
    """

    __slots__ = ("address", "target")

    def __init__(self) -> None:
        self.address = 0
        self.target: Callable[..., Any] | None = None

    def __call__(self, *numbers: int | float) -> Any:
        if self.target is None:
            raise UndefinedFunctionCalled("a callback that was freed")
        return self.target(*numbers)


class CallbackEntries:
    """The entries of a process's table that Python has: grown for it, so they are nobody else's."""

    def __init__(self, guest: Guest, table: wasmtime.Table | None) -> None:
        self._guest, self._table = guest, table
        self._addresses: list[int] = []
        """Of entries that nothing was put into yet"""
        self._free: dict[FuncType, list[CallbackEntry]] = {}

    def take(self, type_: FuncType, function: Callable[..., Any]) -> CallbackEntry:
        """An entry whose address is the function's from now on. Raises WasmbuildError where the table cannot grow."""
        with self._guest.lock:
            self._guest.check()
            free = self._free.get(type_)
            entry = free.pop() if free else self._new(type_)
            entry.target = function
        return entry

    def give_back(self, type_: FuncType, entry: CallbackEntry) -> None:
        """A call to this address traps from now on, until it is another function's of this type."""
        with self._guest.lock:
            entry.target = None
            self._free.setdefault(type_, []).append(entry)

    def _new(self, type_: FuncType) -> CallbackEntry:
        store, table = self._guest.store, self._table
        if table is None:
            help_ = "link it with `--export-table --growable-table`, or as a shared library"
            raise WasmbuildError(
                Diagnostic("no-table", "the module gives out no table for function pointers", help=(help_,))
            )
        if not self._addresses:
            try:
                first = table.grow(store, _GROW, None)
            except wasmtime.WasmtimeError:
                raise WasmbuildError(
                    Diagnostic("table-full", "the process's table has no room for more function pointers")
                ) from None
            self._addresses += range(first + _GROW - 1, first - 1, -1)
        entry = CallbackEntry()
        table.set(store, self._addresses[-1], make_function(store, function_type(type_), entry))
        entry.address = self._addresses.pop()
        return entry


class Callback:
    """A Python function that C can call. As an argument it is its address.

    It works until `free()`, the end of its `with` block, or of its process: C may keep the address, so it does not
    end with the last reference to it in Python.
    """

    def __init__(
        self, entries: CallbackEntries, signature: Signature, type_: FuncType, function: Callable[..., Any]
    ) -> None:
        self.signature = signature
        self._type = type_
        self._entries = entries
        self._entry: CallbackEntry | None = entries.take(type_, function)
        self.address = self._entry.address

    @property
    def argument(self) -> int:
        """The address, for a call. Raises OutOfBounds when it was freed."""
        if self._entry is None:
            raise OutOfBounds("the callback was freed")
        return self.address

    def free(self) -> None:
        """Give the address back. Again is no error."""
        entry, self._entry = self._entry, None
        if entry is not None:
            self._entries.give_back(self._type, entry)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.free()

    def __repr__(self) -> str:
        return f"<Callback `{self.signature}`: {f'at {self.address}' if self._entry else 'freed'}>"
