"""What `wasmbuild.load` returns: a process with a library or a program in it."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import wasmtime

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.embed.buffers import Array, Buffer, Bytes, Cell, String
from wasmbuild.embed.callback import Callback, CallbackEntries
from wasmbuild.embed.convert import Temporary, function_type_of, typed
from wasmbuild.embed.ctype import Signature
from wasmbuild.embed.declare import parse_function_type, parse_scalar
from wasmbuild.embed.errors import ProcessExited
from wasmbuild.embed.exports import Exports, Functions
from wasmbuild.embed.guest import Guest
from wasmbuild.embed.heap import GuestHeap, Heap, HostHeap, Source
from wasmbuild.embed.memory import Memory, PythonNumber
from wasmbuild.embed.opening import Opened, open_library
from wasmbuild.link.transitions import RTLD_DEFAULT
from wasmbuild.loader.program import Loaded, no_program
from wasmbuild.loader.wasi import Captured
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType


class Library(Exports):
    """A process of its own: memory, functions and limits that no other process shares.

    Any thread may use it; calls of several threads wait for each other. After a trap, an exception that went through
    wasm, `exit`, or the end of its `with` block, every use raises ProcessDead.
    """

    def __init__(self, loaded: Loaded, guest: Guest, captured: Captured | None) -> None:
        self._loaded, self._guest, self._captured = loaded, guest, captured
        process = loaded.process
        self.functions = Functions(guest, _Maker(self), loaded.linked.one_by_one, process.export)
        memory, table = process.memory, process.table
        self._memory = Memory(guest, memory) if memory is not None else None
        self._heap = Heap(guest, lambda: self._source(memory)) if memory is not None else None
        self._entries = CallbackEntries(guest, table)

    def _source(self, memory: wasmtime.Memory) -> Source:
        found = {name: self.functions[name] for name in ("malloc", "free") if name in self.functions}
        wanted = {"malloc": FuncType(("i32",), ("i32",)), "free": FuncType(("i32",))}
        if {name: function.type for name, function in found.items()} == wanted:
            return GuestHeap(*(self._native(name) for name in wanted))
        return HostHeap(self._guest, memory)

    def _native(self, name: str) -> Callable[[tuple[int]], object]:
        # Asked for when it is first needed: most calls take numbers.
        return lambda numbers: self.functions[name].native(numbers)

    @property
    def _name(self) -> str:
        return self._loaded.process.plan.modules[0].name

    @property
    def memory(self) -> Memory:
        """The process's memory. Raises WasmbuildError for a module that gives out none."""
        if self._memory is None:
            raise WasmbuildError(Diagnostic("no-memory", f"`{self._name}` has no memory that others can reach"))
        return self._memory

    def bytes(self, data: builtins.bytes | bytearray | memoryview) -> Bytes:
        """A copy of bytes in the process, with a null byte behind them. Raises OutOfMemory."""
        return Bytes(*self._place(), builtins.bytes(data))

    def string(self, text: str, size_bytes: int | None = None) -> String:
        """A C string in UTF-8; with `size_bytes`, with room for a longer one. Raises OutOfMemory, ValueError."""
        return String(*self._place(), text, size_bytes)

    def buffer(self, size_bytes: int) -> Buffer:
        """As many bytes, all zero, for C to write to. Raises OutOfMemory."""
        return Buffer(*self._place(), size_bytes)

    def array(self, type_: str, values: Iterable[PythonNumber] | int) -> Array:
        """Numbers of a C type, one after the other; for an int as many zeros. Raises OutOfMemory, OverflowError."""
        zeros = [0] * values if isinstance(values, int) else values
        return Array(*self._place(), parse_scalar(type_), zeros)

    def scalar(self, type_: str, value: PythonNumber = 0) -> Cell:
        """One number, for C to write to: its `value` is what is there. Raises OutOfMemory, OverflowError."""
        return Cell(*self._place(), parse_scalar(type_), value)

    def cstring(self, address: int, limit_bytes: int = 1 << 20, errors: str = "strict") -> str:
        """The text at an address, up to its null byte. Raises OutOfBounds without one within the limit, and
        UnicodeDecodeError for what is not UTF-8, unless `errors` (as of `bytes.decode`) says otherwise."""
        return self.memory.cstring(address, limit_bytes).decode(errors=errors)

    def callback(self, type_: str, function: Callable[..., Any]) -> Callback:
        """A C function pointer to a Python function, until it is freed. The type is wasm's, `(i32, i32) -> i32`, or
        C's, `int cmp(const int *, const int *)`. Raises BadDeclaration, WasmbuildError.

        What the function raises ends the process, and is raised by the call that led to it.
        """
        return self._callback(parse_function_type(type_), function)

    def _callback(self, signature: Signature, function: Callable[..., Any]) -> Callback:
        return Callback(self._entries, signature, function_type_of(signature), typed(signature, function))

    def open(self, name: str | Path, *, join: bool = False) -> Opened:
        """Open one more library in this process, as `dlopen` does: by its name, which is looked for where needed
        libraries are, or by its path on this machine. With `join` its symbols are there for what is opened later
        (RTLD_GLOBAL). Raises WasmbuildError with what does not fit; the process is as it was then."""
        return open_library(self._guest, _Maker(self), name, join)

    def address(self, name: str) -> int:
        """The address of a variable that the library or what it needs exports. Of a function: that of its pointer.
        Raises WasmbuildError where there is none."""
        if self._loaded.process.plan.memory is None:
            raise WasmbuildError(Diagnostic("dl-symbol", "a closed module has no names of variables"))
        return self._guest.run(lambda: self._loaded.dl.symbol(RTLD_DEFAULT, name))

    def run(self) -> int:
        """Run the program from its start to its end; its exit status. It can be run once: then it has ended."""
        if self._loaded.process.plan.start is None:
            raise WasmbuildError(no_program(self._loaded.process.plan))
        try:
            self.functions[abi.START]()
        except ProcessExited as ended:
            return ended.status
        self._guest.ended = ProcessExited(0)
        return 0

    @property
    def stdout(self) -> builtins.bytes:
        """What it has printed so far, of what was captured; as is `stderr`. Still there after the end."""
        return builtins.bytes(self._captured.stdout.data) if self._captured else b""

    @property
    def stderr(self) -> builtins.bytes:
        return builtins.bytes(self._captured.stderr.data) if self._captured else b""

    @property
    def fuel(self) -> int:
        """What is left of the fuel. It can be set. Raises WasmbuildError for a process that was loaded without."""
        return int(self._fuel(lambda store: store.get_fuel()))

    @fuel.setter
    def fuel(self, fuel: int) -> None:
        self._fuel(lambda store: store.set_fuel(fuel))

    def _fuel(self, use: Callable[[wasmtime.Store], Any]) -> Any:
        with self._guest.lock:
            self._guest.check()
            try:
                return use(self._guest.store)
            except wasmtime.WasmtimeError:
                raise WasmbuildError(
                    Diagnostic("no-fuel", "fuel is not counted in this process", help=("load it with `fuel=`",))
                ) from None

    @property
    def alive(self) -> bool:
        """Whether it can still be used."""
        return self._guest.ended is None

    def close(self) -> None:
        """End the process and give its memory back. Again is no error. Raises RuntimeError from within a callback."""
        self._guest.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "" if self.alive else ", ended"
        return f"<Library `{self._name}`{state}>"

    def _place(self) -> tuple[Heap, Memory]:
        memory = self.memory
        assert self._heap is not None, "there is one wherever there is a memory"
        return self._heap, memory


class _Maker:
    """Makes what a call needs for as long as it runs."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def copied(self, data: bytes) -> Temporary:
        return self._library.bytes(data)

    def called_back(self, signature: Signature, function: Callable[..., Any]) -> Temporary:
        return self._library._callback(signature, function)
