"""The memory of a process, seen from Python: every access is checked against its size at that moment."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterable, Sequence

import wasmtime

from wasmbuild.embed.ctype import Scalar
from wasmbuild.embed.declare import parse_scalar
from wasmbuild.embed.errors import OutOfBounds
from wasmbuild.embed.guest import Guest
from wasmbuild.wasm import abi

CSTRING_LIMIT_BYTES = 1 << 20
_CHUNK_BYTES = 4096

PythonNumber = int | float | bool


class Memory:
    """Bytes and numbers at addresses. An address is what C calls a pointer, as an int; a negative one is meant
    unsigned, because that is how an i32 comes out of wasm.

    Every method raises OutOfBounds where not all that it wants is in the memory, and ProcessDead after the end.
    Numbers have a C type, by its name: `u8`, `int32_t`, `double`.
    """

    def __init__(self, guest: Guest, memory: wasmtime.Memory) -> None:
        self._guest = guest
        self._memory = memory

    @property
    def size_bytes(self) -> int:
        """How large it is now. It grows, and never shrinks."""
        with self._guest.lock:
            self._guest.check()
            return self._memory.data_len(self._guest.store)

    def read(self, address: int, size_bytes: int) -> bytes:
        """A copy of what is there."""
        with self._guest.lock:
            place = self._place(address, size_bytes)
            # Not `string_at`: that takes no more than 2 GiB.
            return bytes((ctypes.c_char * size_bytes).from_address(place))

    def write(self, address: int, data: bytes | bytearray | memoryview) -> None:
        """Copy bytes there."""
        view = memoryview(data).cast("B") if not isinstance(data, bytes) else data
        with self._guest.lock:
            place = self._place(address, len(view))
            ctypes.memmove(place, view if isinstance(view, bytes) else bytes(view), len(view))

    def fill(self, address: int, size_bytes: int, byte: int = 0) -> None:
        """Set every byte to one value."""
        with self._guest.lock:
            ctypes.memset(self._place(address, size_bytes), byte, size_bytes)

    def get(self, type_: str, address: int) -> PythonNumber:
        """The number of this type there."""
        return self.get_array(type_, address, 1)[0]

    def set(self, type_: str, address: int, value: PythonNumber) -> None:
        """Write a number. Raises OverflowError where the type does not hold it."""
        self.set_array(type_, address, [value])

    def get_array(self, type_: str | Scalar, address: int, count: int) -> list[PythonNumber]:
        """As many numbers, one after the other."""
        scalar = _scalar(type_)
        if count < 0:
            raise OutOfBounds(f"{count} numbers")
        return unpack(scalar, self.read(address, count * scalar.size_bytes))

    def set_array(self, type_: str | Scalar, address: int, values: Iterable[PythonNumber]) -> None:
        """Write numbers, one after the other. Raises OverflowError for one that the type does not hold."""
        self.write(address, pack(_scalar(type_), list(values)))

    def cstring(self, address: int, limit_bytes: int = CSTRING_LIMIT_BYTES) -> bytes:
        """The bytes up to a null byte, without it. Raises OutOfBounds where there is none within the limit."""
        with self._guest.lock:
            start = address & abi.ADDRESS_MASK
            end = min(self.size_bytes, start + limit_bytes + 1)
            self._place(start, 1)
            found = bytearray()
            while start < end:
                chunk = self.read(start, min(_CHUNK_BYTES, end - start))
                text, null, _ = chunk.partition(b"\0")
                found += text
                if null:
                    return bytes(found)
                start += len(chunk)
        raise OutOfBounds(f"no end of a string within {len(found)} bytes of {address & abi.ADDRESS_MASK:#x}")

    def _place(self, address: int, size_bytes: int) -> int:
        """Where a range of the memory is in ours, for as long as the lock is held."""
        guest = self._guest
        guest.check()
        if not -abi.ADDRESS_SPACE_BYTES // 2 <= address < abi.ADDRESS_SPACE_BYTES:
            raise OutOfBounds(f"{address:#x} is no address: they have 32 bits")
        start, end = address & abi.ADDRESS_MASK, self._memory.data_len(guest.store)
        if size_bytes < 0 or start + size_bytes > end:
            raise OutOfBounds(f"{size_bytes} bytes at {start:#x} are not in the memory, which ends at {end:#x}")
        return ctypes.addressof(self._memory.data_ptr(guest.store).contents) + start if size_bytes else 0


def pack(scalar: Scalar, values: Sequence[PythonNumber]) -> bytes:
    """Numbers as they are in memory. Raises OverflowError and TypeError, naming the number and its place."""
    try:
        return struct.pack(f"<{len(values)}{scalar.code}", *values)
    except (struct.error, OverflowError, TypeError):
        for place, value in enumerate(values):
            if not isinstance(value, int | float) or (isinstance(value, float) and not scalar.is_float):
                raise TypeError(f"not a `{scalar}`: {value!r}, at {place}") from None
            if not scalar.is_float and not scalar.low <= value <= scalar.high:
                raise OverflowError(f"{value} does not fit in `{scalar}`, at {place}") from None
        raise OverflowError(f"a number is too large for `{scalar}`") from None


def unpack(scalar: Scalar, data: bytes) -> list[PythonNumber]:
    return list(struct.unpack(f"<{len(data) // scalar.size_bytes}{scalar.code}", data))


def _scalar(type_: str | Scalar) -> Scalar:
    return type_ if isinstance(type_, Scalar) else parse_scalar(type_)
