"""Types in the binary format (core specification 3.0, 5.3, with the custom-page-sizes proposal)."""

from __future__ import annotations

from collections.abc import Mapping

from wasmbuild.wasm.module import (
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    OpaqueType,
    TableType,
    TagType,
    ValType,
)
from wasmbuild.wasm.reader import Cursor

NUMBER_TYPES: Mapping[int, str] = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128"}
# Abstract heap types: each is also, alone, the nullable reference to itself.
HEAP_TYPES: Mapping[int, tuple[str, str]] = {
    0x70: ("func", "funcref"),
    0x6F: ("extern", "externref"),
    0x6E: ("any", "anyref"),
    0x6D: ("eq", "eqref"),
    0x6C: ("i31", "i31ref"),
    0x6B: ("struct", "structref"),
    0x6A: ("array", "arrayref"),
    0x69: ("exn", "exnref"),
    0x68: ("cont", "contref"),
    0x71: ("none", "nullref"),
    0x72: ("noextern", "nullexternref"),
    0x73: ("nofunc", "nullfuncref"),
    0x74: ("noexn", "nullexnref"),
    0x75: ("nocont", "nullcontref"),
}
REF = 0x64
REF_NULL = 0x63

_ONE_BYTE: Mapping[int, str] = {**NUMBER_TYPES, **{byte: ref for byte, (_, ref) in HEAP_TYPES.items()}}
MOST_PARAMETERS = 1000
"""And results: what engines take. A few bytes refer to a type, which is compared and shown each time."""

_PACKED_TYPES: Mapping[int, str] = {0x78: "i8", 0x77: "i16"}


class TypeReader:
    """Reads types of one module and checks the type indexes in them against its type section.

    Inside the type section an index may name a later type of the same group, so there they are gathered and
    checked at the end.
    """

    __slots__ = ("_pending", "types")

    def __init__(self) -> None:
        self.types: list[FuncType | OpaqueType] = []
        self._pending: list[tuple[int, int]] | None = None

    def val_type(self, c: Cursor) -> ValType:
        offset = c.pos
        byte = c.u8()
        known = _ONE_BYTE.get(byte)
        if known is not None:
            return known
        if byte not in (REF, REF_NULL):
            c.fail(f"unknown value type {byte:#04x}", offset)
        heap, abstract = self._heap_type(c)
        if byte == REF_NULL:
            return abstract or f"(ref null {heap})"
        return f"(ref {heap})"

    def ref_type(self, c: Cursor) -> ValType:
        offset = c.pos
        value = self.val_type(c)
        if value in NUMBER_TYPES.values():
            c.fail(f"{value} is not a reference type", offset)
        return value

    def heap_type(self, c: Cursor) -> None:
        self._heap_type(c)

    def _heap_type(self, c: Cursor) -> tuple[str, str | None]:
        """The heap type's text, and its one-word nullable reference where it is abstract."""
        offset = c.pos
        index = c.signed(33)
        if index >= 0:
            self._check(c, index, offset)
            return str(index), None
        known = HEAP_TYPES.get(index & 0x7F) if index >= -0x40 else None
        if known is None:
            c.fail("unknown heap type", offset)
        return known

    def _check(self, c: Cursor, index: int, offset: int) -> None:
        if self._pending is not None:
            self._pending.append((index, offset))
        elif index >= len(self.types):
            c.fail(f"there is no type {index}, only {len(self.types)}", offset)

    def type_index(self, c: Cursor) -> int:
        offset = c.pos
        index = c.u32()
        self._check(c, index, offset)
        return index

    def func_type(self, c: Cursor) -> FuncType:
        """A type index that must name a function type."""
        offset = c.pos
        index = c.u32()
        if index >= len(self.types):
            c.fail(f"there is no type {index}, only {len(self.types)}", offset)
        type_ = self.types[index]
        if not isinstance(type_, FuncType):
            c.fail(f"type {index} is not a function type but a {type_.form} type", offset)
        return type_

    def limits(self, c: Cursor, allowed_flags: int) -> tuple[Limits, int]:
        """The limits and their flags: 1 has a maximum, 2 shared, 4 is 64-bit, 8 a page size follows."""
        offset = c.pos
        flags = c.u8()
        if flags & ~allowed_flags:
            c.fail(f"unknown flags {flags:#04x} of limits", offset)
        bits = 64 if flags & 4 else 32
        minimum = c.unsigned(bits)
        maximum = c.unsigned(bits) if flags & 1 else None
        if maximum is not None and maximum < minimum:
            c.fail(f"the minimum {minimum} is above the maximum {maximum}", offset)
        return Limits(minimum, maximum), flags

    def table_type(self, c: Cursor) -> TableType:
        element = self.ref_type(c)
        limits, flags = self.limits(c, 0b0101)
        return TableType(element, limits, is64=bool(flags & 4))

    def memory_type(self, c: Cursor) -> MemoryType:
        start = c.pos
        limits, flags = self.limits(c, 0b1111)
        if flags & 2 and not flags & 1:
            c.fail("a shared memory needs a maximum", start)
        offset = c.pos
        page_size_p2 = c.u32() if flags & 8 else 16
        if page_size_p2 > 16:
            c.fail(f"a page size of 2**{page_size_p2} bytes", offset)
        most = 1 << (64 if flags & 4 else 32) - page_size_p2
        pages = limits.minimum if limits.maximum is None else limits.maximum
        if pages > most:
            c.fail(f"a memory of {pages} pages, where at most {most} have addresses", start)
        return MemoryType(limits, bool(flags & 2), bool(flags & 4), page_size_p2)

    def global_type(self, c: Cursor) -> GlobalType:
        value = self.val_type(c)
        return GlobalType(value, self._mutability(c))

    def _mutability(self, c: Cursor) -> bool:
        offset = c.pos
        mutability = c.u8()
        if mutability > 1:
            c.fail(f"unknown mutability {mutability:#04x}", offset)
        return bool(mutability)

    def tag_type(self, c: Cursor) -> TagType:
        offset = c.pos
        attribute = c.u8()
        if attribute != 0:
            c.fail(f"unknown attribute {attribute:#04x} of a tag", offset)
        return TagType(self.func_type(c))

    def type_section(self, c: Cursor) -> None:
        self._pending = []
        for _ in range(c.count("types", 2)):
            if c.pos < c.end and c.data[c.pos] == 0x4E:  # a group of types that may refer to each other
                c.u8()
                for _ in range(c.count("types of a group", 2)):
                    self._sub_type(c)
            else:
                self._sub_type(c)
        pending, self._pending = self._pending, None
        for index, offset in pending:
            self._check(c, index, offset)

    def _sub_type(self, c: Cursor) -> None:
        if c.pos < c.end and c.data[c.pos] in (0x50, 0x4F):
            c.u8()
            for _ in range(c.count("supertypes")):
                self.type_index(c)
        self.types.append(self._composite_type(c))

    def _composite_type(self, c: Cursor) -> FuncType | OpaqueType:
        offset = c.pos
        match c.u8():
            case 0x60:
                params = tuple([self.val_type(c) for _ in range(c.count("parameters", most=MOST_PARAMETERS))])
                results = tuple([self.val_type(c) for _ in range(c.count("results", most=MOST_PARAMETERS))])
                return FuncType(params, results)
            case 0x5F:
                for _ in range(c.count("fields", 2)):
                    self._field_type(c)
                return OpaqueType("struct")
            case 0x5E:
                self._field_type(c)
                return OpaqueType("array")
            case 0x5D:
                self._heap_type(c)
                return OpaqueType("cont")
            case form:
                return c.fail(f"unknown form {form:#04x} of a type", offset)

    def _field_type(self, c: Cursor) -> None:
        if c.pos < c.end and c.data[c.pos] in _PACKED_TYPES:
            c.u8()
        else:
            self.val_type(c)
        self._mutability(c)
