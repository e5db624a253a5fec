"""A bounded cursor over bytes: LEB128 numbers and UTF-8 names (WebAssembly core specification, 5.2)."""

from __future__ import annotations

from typing import NoReturn

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.printing import printable

LONGEST_NAME_BYTES = 100_000
"""What engines take. Without a limit, few bytes that refer to one name would be shown as many."""


class MalformedModule(WasmbuildError):
    """Bytes that break the format. `offset` counts bytes from the start of `name`."""

    def __init__(self, name: str, offset: int, problem: str) -> None:
        super().__init__(
            Diagnostic(
                "malformed-module",
                f"malformed module: `{name}`",
                facts=(("offset", f"{offset:#x}"), ("problem", printable(problem))),
            )
        )
        self.name = name
        self.offset = offset
        self.problem = problem


class Cursor:
    """Reads forward from `pos` and never past `end`; `what` names the enclosing part in messages.

    Every method raises MalformedModule where the bytes do not hold what it was asked for.
    """

    __slots__ = ("data", "end", "name", "pos", "what")

    def __init__(self, data: bytes, pos: int, end: int, name: str, what: str) -> None:
        self.data = data
        self.pos = pos
        self.end = end
        self.name = name
        self.what = what

    def fail(self, problem: str, offset: int | None = None) -> NoReturn:
        raise MalformedModule(self.name, self.pos if offset is None else offset, problem)

    def _ends(self, wanted: int) -> NoReturn:
        self.fail(f"{self.what} ends at {self.end:#x} but its contents want {wanted:#x}")

    def part(self, size_bytes: int, what: str) -> Cursor:
        """A cursor over the next bytes, which this one skips."""
        start = self.pos
        self.skip(size_bytes)
        return Cursor(self.data, start, self.pos, self.name, what)

    def skip(self, size_bytes: int) -> None:
        wanted = self.pos + size_bytes
        if wanted > self.end:
            self._ends(wanted)
        self.pos = wanted

    def finish(self) -> None:
        if self.pos != self.end:
            self.fail(f"{self.what} ends at {self.end:#x} but its contents end at {self.pos:#x}")

    def u8(self) -> int:
        pos = self.pos
        if pos >= self.end:
            self._ends(pos + 1)
        self.pos = pos + 1
        return self.data[pos]

    def u32(self) -> int:
        pos = self.pos
        if pos < self.end:
            byte = self.data[pos]
            if byte < 0x80:  # nearly all of them
                self.pos = pos + 1
                return byte
            if pos + 1 < self.end and self.data[pos + 1] < 0x80:  # nearly all others
                self.pos = pos + 2
                return byte & 0x7F | self.data[pos + 1] << 7
        return self.unsigned(32)

    def unsigned(self, bits: int) -> int:
        start, result, shift = self.pos, 0, 0
        while True:
            byte = self.u8()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= bits:
                self.fail(f"an integer of {bits} bits takes more than {(bits + 6) // 7} bytes", start)
        if result >> bits:
            self.fail(f"an integer does not fit in {bits} bits", start)
        return result

    def signed(self, bits: int) -> int:
        start, result, shift = self.pos, 0, 0
        while True:
            byte = self.u8()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= bits:
                self.fail(f"an integer of {bits} bits takes more than {(bits + 6) // 7} bytes", start)
        if byte & 0x40:
            result -= 1 << shift
        # Bits of the last byte beyond the width must repeat the sign: the same as being in range.
        if not -(1 << (bits - 1)) <= result < 1 << (bits - 1):
            self.fail(f"a signed integer does not fit in {bits} bits", start)
        return result

    def count(self, item: str, item_size_bytes: int = 1, most: int | None = None) -> int:
        """The length of a vector whose items take at least `item_size_bytes`: checked against what is left
        before anybody loops or allocates. `most` is for what is multiplied by something else later."""
        start = self.pos
        count = self.u32()
        if count * item_size_bytes > self.end - self.pos:
            self.fail(f"{self.what} has {self.end - self.pos} bytes left, too few for {count} {item}", start)
        if most is not None and count > most:
            self.fail(f"{self.what} has {count} {item}, where at most {most} are taken", start)
        return count

    def text(self) -> str:
        """A name: its length in bytes, then UTF-8."""
        size_bytes = self.u32()
        start = self.pos
        end = start + size_bytes
        if end > self.end:
            self._ends(end)
        if size_bytes > LONGEST_NAME_BYTES:
            self.fail(f"a name of {size_bytes} bytes, where at most {LONGEST_NAME_BYTES} are taken", start)
        self.pos = end
        try:
            return str(self.data[start:end], "utf-8")
        except UnicodeDecodeError as error:
            self.fail("a name is not UTF-8", start + error.start)
