"""The entries of `.debug_info`, with their attributes and children (DWARF 4 and 5: dwarfstd.org, chapter 7.5).

Nothing is kept of them but where they end: one pass finds what is asked for by name, all else is read where it stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from msgspec import Struct

from wasmbuild.wasm.dwarf import LINE_STRINGS, STRINGS, FileNames, file_names
from wasmbuild.wasm.dwarf import SECTIONS as LINE_SECTIONS
from wasmbuild.wasm.reader import Cursor, MalformedModule

INFO, ABBREVIATIONS, STRING_OFFSETS = ".debug_info", ".debug_abbrev", ".debug_str_offsets"
SECTIONS = (INFO, ABBREVIATIONS, STRING_OFFSETS, *LINE_SECTIONS)
"""What is read."""

# DW_AT_…: those that are read.
NAME: Final = 0x03
BYTE_SIZE: Final = 0x0B
BIT_OFFSET: Final = 0x0C
BIT_SIZE: Final = 0x0D
CONST_VALUE: Final = 0x1C
UPPER_BOUND: Final = 0x2F
ABSTRACT_ORIGIN: Final = 0x31
COUNT: Final = 0x37
MEMBER_LOCATION: Final = 0x38
DECLARATION: Final = 0x3C
DECLARED_IN: Final = 0x3A
ENCODING: Final = 0x3E
EXTERNAL: Final = 0x3F
SPECIFICATION: Final = 0x47
TYPE: Final = 0x49
DATA_BIT_OFFSET: Final = 0x6B
LINKAGE_NAME: Final = 0x6E
_LINES: Final = 0x10
_STRING_OFFSETS_BASE: Final = 0x72
_READ = frozenset({NAME, BYTE_SIZE, BIT_OFFSET, BIT_SIZE, CONST_VALUE, UPPER_BOUND, ABSTRACT_ORIGIN, COUNT}) | {
    *(MEMBER_LOCATION, DECLARATION, ENCODING, EXTERNAL, SPECIFICATION, TYPE, DATA_BIT_OFFSET, LINKAGE_NAME),
    *(DECLARED_IN, _LINES, _STRING_OFFSETS_BASE),
}

_LONGEST_NAME_BYTES = 8192
_DEEPEST = 256
"""Entries within each other: real ones have a few."""

Value = int | str | None
"""A number, a name, or the place of another entry; None for what is none of these: a block, an address."""


class Entry(NamedTuple):
    """`offset` is its place in the section, by which others refer to it; its children begin at `end`."""

    offset: int
    end: int
    tag: int
    has_children: bool
    attributes: Mapping[int, Value]

    def number(self, attribute: int) -> int | None:
        value = self.attributes.get(attribute)
        return value if isinstance(value, int) else None

    def text(self, attribute: int) -> str | None:
        value = self.attributes.get(attribute)
        return value if isinstance(value, str) else None


_Step = tuple[int, int, int]
"""(attribute, form, constant) of what is read or has no fixed size; (-1, 0, bytes) of what is skipped together."""


class _Abbreviation(NamedTuple):
    tag: int
    has_children: bool
    steps: tuple[_Step, ...]


class _Unit(Struct):
    start: int
    entries: int
    end: int
    is_wide: bool
    version: int
    address_bytes: int
    abbreviations: Mapping[int, _Abbreviation]
    string_offsets_base: int = 0
    lines: int | None = None
    """Where its line table is, which names the files."""


class DebugInfo:
    """The sections of one module, by name. Raises MalformedModule where they break the format."""

    def __init__(self, sections: Mapping[str, bytes]) -> None:
        self._sections = sections
        self._data = sections.get(INFO, b"")
        self._tables: dict[tuple[int, bool, int, int], Mapping[int, _Abbreviation]] = {}
        self._table_bytes = 0
        self._ends: dict[int, int] = {}
        self._files: dict[int, FileNames] = {}
        self._units = list(self._read_units())
        self._starts = [unit.start for unit in self._units]

    def walk(self) -> Iterator[tuple[int, Entry]]:
        """Every entry with its depth, in one pass, after which `children` can be asked for."""
        for unit in self._units:
            cursor = Cursor(self._data, unit.entries, unit.end, INFO, "a unit")
            opened: list[int] = []
            while cursor.pos < cursor.end:
                entry = self._entry(cursor, unit)
                if entry is None:
                    if opened:
                        self._ends[opened.pop()] = cursor.pos
                    continue
                yield len(opened), entry
                if entry.has_children:
                    if len(opened) >= _DEEPEST:
                        cursor.fail(f"more than {_DEEPEST} entries within each other")
                    opened.append(entry.offset)

    def entry(self, offset: int) -> Entry:
        unit = self._unit(offset)
        cursor = Cursor(self._data, offset, unit.end, INFO, "a unit")
        entry = self._entry(cursor, unit)
        if entry is None:
            cursor.fail("no entry where one is referred to", offset)
        return entry

    def children(self, of: Entry) -> Iterator[Entry]:
        """Those directly below an entry."""
        if not of.has_children or of.offset not in self._ends:
            return
        unit = self._unit(of.offset)
        cursor = Cursor(self._data, of.end, self._ends[of.offset], INFO, "the children of an entry")
        while cursor.pos < cursor.end:
            entry = self._entry(cursor, unit)
            if entry is None:
                return
            yield entry
            cursor.pos = self._ends.get(entry.offset, cursor.pos) if entry.has_children else cursor.pos

    def file(self, entry: Entry) -> str | None:
        """The file of the source in which it is declared."""
        number, table = entry.number(DECLARED_IN), self._unit(entry.offset).lines
        if number is None or table is None:
            return None
        if table not in self._files:
            self._files[table] = file_names(self._sections, table)
        return self._files[table](number)

    def _unit(self, offset: int) -> _Unit:
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or not self._units[index].entries <= offset < self._units[index].end:
            raise MalformedModule(INFO, offset, "a reference that leads to no entry")
        return self._units[index]

    def _read_units(self) -> Iterator[_Unit]:
        rest = Cursor(self._data, 0, len(self._data), INFO, "the section")
        while rest.pos < rest.end:
            start, length = rest.pos, _fixed(rest, 4)
            is_wide = length == 0xFFFFFFFF
            unit = rest.part(_fixed(rest, 8) if is_wide else length, "a unit")
            version = _fixed(unit, 2)
            if not 4 <= version <= 5:
                unit.fail(f"a unit of version {version}")
            kind = unit.u8() if version == 5 else 1
            address_bytes = unit.u8() if version == 5 else 0
            table = _fixed(unit, 8 if is_wide else 4)
            if version == 4:
                address_bytes = unit.u8()
            if kind not in (1, 3):  # DW_UT_compile, DW_UT_partial: others describe nothing that is in the module
                continue
            abbreviations = self._table(table, is_wide, version, address_bytes)
            made = _Unit(start, unit.pos, unit.end, is_wide, version, address_bytes, abbreviations)
            first = self._entry(Cursor(self._data, unit.pos, unit.end, INFO, "a unit"), made, names=False)
            # Without an attribute the offsets begin behind the header of their section.
            base = first.number(_STRING_OFFSETS_BASE) if first else None
            made.string_offsets_base = (16 if is_wide else 8) if base is None else base
            made.lines = first.number(_LINES) if first else None
            yield made

    def _table(self, offset: int, is_wide: bool, version: int, address_bytes: int) -> Mapping[int, _Abbreviation]:
        key = offset, is_wide, version, address_bytes
        if key not in self._tables:
            data = self._sections.get(ABBREVIATIONS, b"")
            cursor = Cursor(data, min(offset, len(data)), len(data), ABBREVIATIONS, "the section")
            self._tables[key] = dict(_abbreviations(cursor, _sizes(is_wide, version, address_bytes)))
            self._table_bytes += cursor.pos - offset
            if self._table_bytes > 8 * len(data):
                cursor.fail("tables that overlap", offset)
        return self._tables[key]

    def _entry(self, cursor: Cursor, unit: _Unit, names: bool = True) -> Entry | None:
        """The next entry; None for the end of a list of children."""
        offset = cursor.pos
        code = cursor.u32()
        if code == 0:
            return None
        abbreviation = unit.abbreviations.get(code)
        if abbreviation is None:
            cursor.fail(f"an entry of kind {code}, which its table does not have", offset)
        attributes: dict[int, Value] = {}
        for attribute, form, constant in abbreviation.steps:
            if attribute < 0:
                cursor.skip(constant)
                continue
            value = self._value(cursor, unit, form, constant, names and attribute in _READ)
            if attribute in _READ:
                attributes.setdefault(attribute, value)
        return Entry(offset, cursor.pos, abbreviation.tag, abbreviation.has_children, attributes)

    def _value(self, c: Cursor, unit: _Unit, form: int, constant: int, names: bool) -> Value:
        word = 8 if unit.is_wide else 4
        match form:
            case 0x0B | 0x05 | 0x06 | 0x07:  # DW_FORM_data1, 2, 4, 8
                return _fixed(c, _DATA[form])
            case 0x0D:  # sdata
                return c.signed(64)
            case 0x0F:  # udata
                return c.unsigned(64)
            case 0x21:  # implicit_const
                return constant
            case 0x19:  # flag_present
                return 1
            case 0x0C:  # flag
                return c.u8()
            case 0x11 | 0x12 | 0x13 | 0x14:  # ref1, 2, 4, 8: from the start of the unit
                return unit.start + _fixed(c, _REFERENCES[form])
            case 0x15:  # ref_udata
                return unit.start + c.unsigned(64)
            case 0x10 | 0x17:  # ref_addr, sec_offset
                return _fixed(c, word)
            case 0x08:  # string
                return self._string(c)
            case 0x0E | 0x1F:  # strp, line_strp
                offset = _fixed(c, word)
                return self._text(STRINGS if form == 0x0E else LINE_STRINGS, offset) if names else None
            case 0x1A:  # strx
                index = c.unsigned(64)
                return self._indexed(unit, index) if names else None
            case 0x25 | 0x26 | 0x27 | 0x28:  # strx1 to strx4
                index = _fixed(c, form - 0x24)
                return self._indexed(unit, index) if names else None
            case 0x09 | 0x18:  # block, exprloc
                return self._block(c, c.unsigned(64))
            case 0x0A | 0x03 | 0x04:  # block1, 2, 4
                return self._block(c, _fixed(c, {0x0A: 1, 0x03: 2, 0x04: 4}[form]))
            case 0x1B | 0x22 | 0x23:  # addrx, loclistx, rnglistx
                c.unsigned(64)
                return None
            case 0x16:  # indirect
                form = c.u32()
                if form in (0x16, 0x21):
                    c.fail("a form that is told in circles")
                return self._value(c, unit, form, 0, names)
        size_bytes = _sizes(unit.is_wide, unit.version, unit.address_bytes).get(form)
        if size_bytes is None:
            c.fail(f"a form {form:#x}")
        c.skip(size_bytes)
        return None

    def _block(self, c: Cursor, size_bytes: int) -> Value:
        """Of expressions one is read: a plain number, as DWARF 2's members have it (DW_OP_plus_uconst)."""
        block = c.part(size_bytes, "a block")
        return block.unsigned(64) if size_bytes > 1 and block.u8() == 0x23 else None

    def _string(self, c: Cursor) -> str:
        end = c.data.find(0, c.pos, c.end)
        if end < 0:
            c.fail("a string without an end")
        text = str(c.data[c.pos : min(end, c.pos + _LONGEST_NAME_BYTES)], "utf-8", "replace")
        c.pos = end + 1
        return text

    def _text(self, section: str, offset: int) -> str | None:
        data = self._sections.get(section, b"")
        end = data.find(0, offset, offset + _LONGEST_NAME_BYTES)
        return str(data[offset:end], "utf-8", "replace") if end >= 0 else None

    def _indexed(self, unit: _Unit, index: int) -> str | None:
        width = 8 if unit.is_wide else 4
        start = unit.string_offsets_base + index * width
        word = self._sections.get(STRING_OFFSETS, b"")[start : start + width]
        return self._text(STRINGS, int.from_bytes(word, "little")) if len(word) == width else None


_DATA: Final[Mapping[int, int]] = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8}
_REFERENCES: Final[Mapping[int, int]] = {0x11: 1, 0x12: 2, 0x13: 4, 0x14: 8}


@cache
def _sizes(is_wide: bool, version: int, address_bytes: int) -> Mapping[int, int]:
    """The bytes of each form that has always the same number of them; 0 of what stands in the table."""
    word = 8 if is_wide else 4
    words = dict.fromkeys((0x0E, 0x1F, 0x17, 0x1D, 0x10), word)
    indexes = {0x25: 1, 0x26: 2, 0x27: 3, 0x28: 4, 0x29: 1, 0x2A: 2, 0x2B: 3, 0x2C: 4}
    others = {0x01: address_bytes, 0x0C: 1, 0x1E: 16, 0x20: 8, 0x1C: 4, 0x24: 8, 0x19: 0, 0x21: 0}
    return {**_DATA, **_REFERENCES, **words, **indexes, **others}


def _abbreviations(c: Cursor, sizes: Mapping[int, int]) -> Iterator[tuple[int, _Abbreviation]]:
    while c.pos < c.end and (code := c.u32()) != 0:
        tag, has_children = c.u32(), c.u8() != 0
        steps: list[_Step] = []
        seen: set[int] = set()
        while True:
            attribute, form = c.u32(), c.u32()
            constant = c.signed(64) if form == 0x21 else 0
            if attribute == form == 0:
                break
            is_read = attribute in _READ and attribute not in seen
            seen.add(attribute)
            if is_read or form not in sizes:
                steps.append((attribute, form, constant))
            elif steps and steps[-1][0] < 0:
                steps[-1] = (-1, 0, steps[-1][2] + sizes[form])
            elif sizes[form]:
                steps.append((-1, 0, sizes[form]))
        yield code, _Abbreviation(tag, has_children, tuple(steps))


def _fixed(cursor: Cursor, size_bytes: int) -> int:
    """Little-endian."""
    start = cursor.pos
    cursor.skip(size_bytes)
    return int.from_bytes(cursor.data[start : cursor.pos], "little")
