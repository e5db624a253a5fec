"""Room in the memory of a process for what Python puts there: from the guest's malloc, or beside all that it has."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cached_property
from typing import Protocol

import wasmtime

from wasmbuild.embed.errors import OutOfMemory
from wasmbuild.embed.guest import Guest
from wasmbuild.wasm import abi

PAGE_BYTES = 65536
ALIGN_BYTES = 16


class Source(Protocol):
    """Where room comes from. Both methods are called with the lock held, in a live process."""

    def allocate(self, size_bytes: int) -> int:
        """The address of room; 0 where there is none."""

    def free(self, address: int) -> None: ...


class GuestHeap:
    """malloc and free of the guest's own libc: what is allocated here, C may free, and the other way round."""

    def __init__(self, malloc: Callable[..., object], free: Callable[..., object]) -> None:
        self._malloc, self._free = malloc, free

    def allocate(self, size_bytes: int) -> int:
        address = self._malloc((size_bytes,))
        assert isinstance(address, int), "checked by whoever found malloc"
        return address & abi.ADDRESS_MASK

    def free(self, address: int) -> None:
        self._free((address,))


class HostHeap:
    """For a module without malloc: whole pages that are grown for us, so that they are nobody else's."""

    def __init__(self, guest: Guest, memory: wasmtime.Memory) -> None:
        self._guest, self._memory = guest, memory
        self._holes: list[tuple[int, int]] = []
        """(address, size in bytes): ascending, and apart from each other"""
        self._taken: dict[int, int] = {}

    def allocate(self, size_bytes: int) -> int:
        size_bytes = -(-max(size_bytes, 1) // ALIGN_BYTES) * ALIGN_BYTES
        hole = next((place for place, (_, room) in enumerate(self._holes) if room >= size_bytes), None)
        if hole is None:
            try:
                page = self._memory.grow(self._guest.store, -(-size_bytes // PAGE_BYTES))
            except wasmtime.WasmtimeError:
                return 0
            self._give_back(page * PAGE_BYTES, -(-size_bytes // PAGE_BYTES) * PAGE_BYTES)
            return self.allocate(size_bytes)
        address, room = self._holes.pop(hole)
        if room > size_bytes:
            self._holes.insert(hole, (address + size_bytes, room - size_bytes))
        self._taken[address] = size_bytes
        return address

    def free(self, address: int) -> None:
        self._give_back(address, self._taken.pop(address))

    def _give_back(self, address: int, size_bytes: int) -> None:
        joined: list[tuple[int, int]] = []
        for start, room in sorted((*self._holes, (address, size_bytes))):
            if joined and sum(joined[-1]) == start:
                joined[-1] = (joined[-1][0], joined[-1][1] + room)
            else:
                joined.append((start, room))
        self._holes = joined


class Heap:
    """What Python has allocated in a process. Everything goes with the process; what is freed before is used again."""

    def __init__(self, guest: Guest, find_source: Callable[[], Source]) -> None:
        self._guest, self._find_source = guest, find_source
        self._abandoned: deque[int] = deque()

    @cached_property
    def _source(self) -> Source:
        """Looked for when something is allocated first: most calls take numbers."""
        return self._find_source()

    def allocate(self, size_bytes: int) -> int:
        """The address of as many bytes. Raises OutOfMemory, ProcessDead."""
        if not 0 <= size_bytes < abi.ADDRESS_SPACE_BYTES:
            raise OutOfMemory(f"{size_bytes} bytes: no process has as many")
        with self._guest.lock:
            self._guest.check()
            self._free_abandoned()
            address = self._source.allocate(max(size_bytes, 1))
        if address == 0:
            raise OutOfMemory(f"the process has no room for {size_bytes} bytes")
        return address

    def free(self, address: int) -> None:
        """Give room back. Nothing happens after the end of the process, which gave back all of it."""
        with self._guest.lock:
            if self._guest.ended is None:
                self._source.free(address)

    def abandon(self, address: int) -> None:
        """Give room back some time later. The garbage collector calls this, in any thread and in the midst of any
        call, where nothing may be done but to note it."""
        self._abandoned.append(address)

    def _free_abandoned(self) -> None:
        while self._abandoned:
            self._source.free(self._abandoned.popleft())
