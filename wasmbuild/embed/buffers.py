"""Pieces of a process's memory that Python owns: arguments, and room for what C gives back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from wasmbuild.embed.ctype import Scalar
from wasmbuild.embed.errors import OutOfBounds
from wasmbuild.embed.heap import Heap
from wasmbuild.embed.memory import Memory, PythonNumber, pack, unpack


class Buffer:
    """Bytes in the process's memory. As an argument it is its address.

    It is freed by `free()`, at the end of its `with` block, when nothing in Python refers to it any more, or with its
    process. C must not keep its address longer than that.
    """

    def __init__(self, heap: Heap, memory: Memory, size_bytes: int, data: bytes | None = None) -> None:
        self._heap: Heap | None = None  # until there is something to free
        self._memory = memory
        self.address = heap.allocate(size_bytes)
        self.size_bytes = size_bytes
        self._heap = heap
        if data is None:
            memory.fill(self.address, size_bytes)
        else:
            memory.write(self.address, data)

    def read(self, size_bytes: int | None = None, offset: int = 0) -> bytes:
        """What is in it now, or as much of it. Raises OutOfBounds, ProcessDead."""
        size_bytes = self.size_bytes - offset if size_bytes is None else size_bytes
        return self._memory.read(self._within(offset, size_bytes), size_bytes)

    def write(self, data: bytes | bytearray | memoryview, offset: int = 0) -> None:
        """Copy bytes into it. Raises OutOfBounds, ProcessDead."""
        data = bytes(data)
        self._memory.write(self._within(offset, len(data)), data)

    @property
    def value(self) -> Any:
        """What is in it now, in the form that it was made from."""
        return self.read()

    def free(self) -> None:
        """Give the memory back. Again is no error; any other use afterwards is."""
        heap, self._heap = self._heap, None
        if heap is not None:
            heap.free(self.address)

    def _within(self, offset: int, size_bytes: int) -> int:
        if self._heap is None:
            raise OutOfBounds("the buffer was freed")
        if offset < 0 or size_bytes < 0 or offset + size_bytes > self.size_bytes:
            raise OutOfBounds(f"{size_bytes} bytes at {offset} of a buffer of {self.size_bytes} bytes")
        return self.address + offset

    @property
    def argument(self) -> int:
        """The address, for a call. Raises OutOfBounds when it was freed."""
        return self._within(0, 0)

    def __bytes__(self) -> bytes:
        return self.read()

    def __len__(self) -> int:
        return self.size_bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.free()

    def __del__(self) -> None:
        heap = getattr(self, "_heap", None)
        if heap is not None:
            heap.abandon(self.address)

    def __repr__(self) -> str:
        state = f"{self.size_bytes} bytes at {self.address:#x}" if self._heap else "freed"
        return f"<{type(self).__name__}: {state}>"


class Bytes(Buffer):
    """Bytes that were copied in, with a null byte behind them, which does not count."""

    def __init__(self, heap: Heap, memory: Memory, data: bytes) -> None:
        super().__init__(heap, memory, len(data) + 1, data + b"\0")
        self.size_bytes = len(data)


class String(Buffer):
    """A C string in UTF-8; `value` is the text up to the null byte that is there now. `size_bytes` has it in it."""

    def __init__(self, heap: Heap, memory: Memory, text: str, size_bytes: int | None = None) -> None:
        data = text.encode() + b"\0"
        if b"\0" in data[:-1]:
            raise ValueError("a C string ends at its first null character: use bytes for such a text")
        room = max(len(data), size_bytes or 0)
        super().__init__(heap, memory, room, data.ljust(room, b"\0"))

    @property
    def value(self) -> str:
        return self.read().partition(b"\0")[0].decode()


class Array(Buffer):
    """Numbers of one type; `value` is the list of them, `array[i]` one."""

    def __init__(self, heap: Heap, memory: Memory, scalar: Scalar, values: Iterable[PythonNumber]) -> None:
        data = pack(scalar, list(values))
        super().__init__(heap, memory, len(data), data)
        self.scalar = scalar

    @property
    def value(self) -> list[PythonNumber]:
        return unpack(self.scalar, self.read())

    def __len__(self) -> int:
        """How many numbers."""
        return self.size_bytes // self.scalar.size_bytes

    def __getitem__(self, index: int) -> PythonNumber:
        return unpack(self.scalar, self.read(self.scalar.size_bytes, self._offset(index)))[0]

    def __setitem__(self, index: int, value: PythonNumber) -> None:
        self.write(pack(self.scalar, [value]), self._offset(index))

    def _offset(self, index: int) -> int:
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise OutOfBounds(f"number {index} of {len(self)}")
        return place * self.scalar.size_bytes


class Cell(Array):
    """One number: what C gives back through a pointer."""

    def __init__(self, heap: Heap, memory: Memory, scalar: Scalar, value: PythonNumber) -> None:
        super().__init__(heap, memory, scalar, [value])

    @property
    def value(self) -> Any:
        return self[0]

    @value.setter
    def value(self, value: PythonNumber) -> None:
        self[0] = value
