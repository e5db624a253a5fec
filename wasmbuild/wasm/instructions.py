"""Code, read just far enough to answer one question: in which of its two encodings are exceptions handled?

The opcodes and their immediates are those of the WebAssembly core specification (5.4) with the proposals for threads,
and of the older exception-handling proposal, whose `try` engines other than the browsers' refuse.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from wasmbuild.wasm.module import Module
from wasmbuild.wasm.reader import Cursor, MalformedModule

ExceptionEncoding: TypeAlias = Literal["legacy", "standard"]

_CODE_SECTION = 10

# One letter for each immediate: u an unsigned number or an index, s a signed one or a block's type, b a byte, m a
# memory argument, 4 and 8 the bytes of a float; C and S are opcodes whose immediates are lists.
_IMMEDIATES: dict[int, str] = {
    **dict.fromkeys((0x02, 0x03, 0x04), "s"),
    **dict.fromkeys((0x08, 0x0C, 0x0D, 0x10, 0x12, 0x14, 0x15, 0xD2, 0xD5, 0xD6), "u"),
    0x0E: "L",
    **dict.fromkeys((0x11, 0x13), "uu"),
    0x1C: "V",
    **dict.fromkeys(range(0x20, 0x27), "u"),
    **dict.fromkeys(range(0x28, 0x3F), "m"),
    **dict.fromkeys((0x3F, 0x40), "u"),
    **dict.fromkeys((0x41, 0x42, 0xD0), "s"),
    0x43: "4",
    0x44: "8",
    # Without immediates.
    **dict.fromkeys((0x00, 0x01, 0x05, 0x0B, 0x0F, 0x1A, 0x1B, 0xD1, 0xD3, 0xD4), ""),
    **dict.fromkeys(range(0x45, 0xC5), ""),
}
_TRY, _CATCH, _RETHROW, _THROW_REF, _DELEGATE, _CATCH_ALL, _TRY_TABLE = 0x06, 0x07, 0x09, 0x0A, 0x18, 0x19, 0x1F
_LEGACY = frozenset({_TRY, _CATCH, _RETHROW, _DELEGATE, _CATCH_ALL})
_STANDARD = frozenset({_THROW_REF, _TRY_TABLE})

_BULK: dict[int, str] = {8: "uu", 9: "u", 10: "uu", 11: "u", 12: "uu", 13: "u", 14: "uu", 15: "u", 16: "u", 17: "u"}


def exception_encoding(data: bytes, module: Module) -> ExceptionEncoding | None:
    """How the first function that handles an exception does so; None where none does (`throw` is in both encodings),
    or where the code cannot be followed."""
    section = next((s for s in module.sections if s.id == _CODE_SECTION), None)
    if section is None:
        return None
    c = Cursor(data, section.offset, section.offset + section.size_bytes, "", "section `code`")
    try:
        for _ in range(c.u32()):
            found = _of_function(c.part(c.u32(), "a function"))
            if found is not None:
                return found
    except (MalformedModule, IndexError):
        pass  # whether the code is valid is the engine's question
    return None


def _of_function(c: Cursor) -> ExceptionEncoding | None:
    for _ in range(c.u32()):
        c.u32()
        _skip(c, "s")  # a type, which is a number as a block's type is
    data, end = c.data, c.end
    immediates = _IMMEDIATES
    while c.pos < end:
        opcode = data[c.pos]
        c.pos += 1
        kinds = immediates.get(opcode)
        if kinds is None:
            if opcode in _LEGACY:
                return "legacy"
            if opcode in _STANDARD:
                return "standard"
            kinds = _prefixed(c, opcode)
            if kinds is None:
                return None  # an opcode of some later proposal: its length is not known
        if kinds:
            _skip(c, kinds)
    return None


def _prefixed(c: Cursor, opcode: int) -> str | None:
    if opcode == 0xFC:
        number = c.u32()
        return "" if number < 8 else _BULK.get(number)
    if opcode == 0xFD:
        return _simd(c.u32())
    if opcode == 0xFE:
        return "b" if c.u32() == 3 else "m"  # atomic.fence, else an access
    return None


def _simd(number: int) -> str:
    if number <= 11 or number in (92, 93):
        return "m"
    if number in (12, 13):
        return "88"
    if 21 <= number <= 34:
        return "b"
    return "mb" if 84 <= number <= 91 else ""


def _skip(c: Cursor, kinds: str) -> None:
    data = c.data
    for kind in kinds:
        match kind:
            case "u" | "s":
                while data[c.pos] >= 0x80:
                    c.pos += 1
                c.pos += 1
            case "m":
                flags = c.u32()
                if flags & 0x40:
                    c.u32()  # which memory
                c.unsigned(64)
            case "b":
                c.pos += 1
            case "4":
                c.pos += 4
            case "8":
                c.pos += 8
            case "L":
                for _ in range(c.count("labels") + 1):
                    c.u32()
            case "V":
                for _ in range(c.count("types")):
                    _skip(c, "s")
