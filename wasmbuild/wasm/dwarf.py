"""From a place in the code to the line of the source: `.debug_line` of DWARF 4 and 5 (dwarfstd.org, chapter 6.2).

In wasm an address is an offset from the start of the code section's contents. Line tables name their files themselves,
so nothing else of DWARF is read but the sections of strings; a name that is relative is so to the directory that the
compiler ran in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from wasmbuild.wasm.reader import Cursor, MalformedModule

LINE = ".debug_line"
LINE_STRINGS = ".debug_line_str"
STRINGS = ".debug_str"
SECTIONS = (LINE, LINE_STRINGS, STRINGS)
"""What `find_places` reads."""


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def find_places(sections: Mapping[str, bytes], offsets: Collection[int]) -> dict[int, Place]:
    """The places in the source of offsets into the code, in one pass over the line tables.

    An offset that no table knows, or of which only a malformed one does, is not in the result. Never raises.
    """
    data = sections.get(LINE, b"")
    places: dict[int, Place] = {}
    rest = Cursor(data, 0, len(data), LINE, "the section")
    while rest.pos < rest.end and len(places) < len(set(offsets)):
        try:
            unit, wide = _unit(rest)
        except MalformedModule:
            break  # without its length there is no way to the next
        try:
            table = _header(unit, wide, sections)
            for offset, file, line in _run(unit, table, offsets):
                name = table.file_name(file)
                if name is not None:
                    places.setdefault(offset, Place(name, line))
        except MalformedModule:
            continue
    return places


def _unit(rest: Cursor) -> tuple[Cursor, bool]:
    """The next unit, and whether it is written in 64-bit DWARF."""
    length = _fixed(rest, 4)
    wide = length == 0xFFFFFFFF
    return rest.part(_fixed(rest, 8) if wide else length, "a line table"), wide


@dataclass(frozen=True, slots=True)
class _Table:
    """The header of a line table."""

    version: int
    min_instruction_length: int
    line_base: int
    line_range: int
    opcode_base: int
    argument_counts: tuple[int, ...]
    directories: list[str] = field(default_factory=list)
    files: list[tuple[str, int]] = field(default_factory=list)
    """Names, each with the index of its directory"""

    def file_name(self, number: int) -> str | None:
        """Up to DWARF 4 files count from 1, and directory 0 is the one that the compiler ran in."""
        index = number if self.version >= 5 else number - 1
        if not 0 <= index < len(self.files):
            return None
        name, directory = self.files[index]
        parts = [name]
        if 0 <= directory < len(self.directories):
            parts = [self.directories[0], self.directories[directory], name]
        return posixpath.normpath(posixpath.join(*parts))


def _header(unit: Cursor, wide: bool, sections: Mapping[str, bytes]) -> _Table:
    version = _fixed(unit, 2)
    if not 2 <= version <= 5:
        unit.fail(f"line table of version {version}")
    if version >= 5:
        unit.skip(2)  # sizes of an address and of a segment selector
    program_offset = _fixed(unit, 8 if wide else 4)
    program = unit.pos + program_offset
    if program > unit.end:
        unit.fail("the header is longer than the table")
    min_instruction_length = unit.u8()
    if version >= 4:
        unit.skip(1)  # operations in an instruction: that is for VLIW machines
    unit.skip(1)  # whether a row is a statement to begin with
    line_base = int.from_bytes(bytes((unit.u8(),)), "little", signed=True)
    line_range, opcode_base = unit.u8(), unit.u8()
    if line_range == 0 or opcode_base == 0:
        unit.fail("the header divides by zero")
    counts = tuple(unit.u8() for _ in range(opcode_base - 1))
    table = _Table(version, min_instruction_length, line_base, line_range, opcode_base, counts)
    if version >= 5:
        for entry in _entries(unit, wide, sections):
            table.directories.append(str(entry.get(_PATH, "")))
        for entry in _entries(unit, wide, sections):
            directory = entry.get(_DIRECTORY_INDEX, 0)
            table.files.append((str(entry.get(_PATH, "")), directory if isinstance(directory, int) else 0))
    else:
        table.directories.append("")
        while name := _string(unit):
            table.directories.append(name)
        while name := _string(unit):
            table.files.append((name, unit.unsigned(64)))
            unit.unsigned(64), unit.unsigned(64)  # its time and size
    unit.pos = program
    return table


_PATH, _DIRECTORY_INDEX = 1, 2


def _entries(unit: Cursor, wide: bool, sections: Mapping[str, bytes]) -> list[dict[int, int | str]]:
    """Directories or files of DWARF 5: first what there is of each, and in which form, then the entries."""
    formats = [(unit.unsigned(64), unit.unsigned(64)) for _ in range(unit.u8())]
    count = unit.unsigned(64)
    # An entry without contents takes no bytes, so their number would be without a limit.
    if count > unit.end - unit.pos or (count and not formats):
        unit.fail(f"{count} entries in {unit.end - unit.pos} bytes")
    return [{what: _value(unit, form, wide, sections) for what, form in formats} for _ in range(count)]


_FIXED = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}
"""DW_FORM_data1, 2, 4, 8 and 16, in bytes."""


def _value(unit: Cursor, form: int, wide: bool, sections: Mapping[str, bytes]) -> int | str:
    match form:
        case 0x08:  # DW_FORM_string
            return _string(unit)
        case 0x0E | 0x1F:  # DW_FORM_strp, DW_FORM_line_strp
            name = STRINGS if form == 0x0E else LINE_STRINGS
            data = sections.get(name, b"")
            offset = _fixed(unit, 8 if wide else 4)
            if offset > len(data):
                unit.fail(f"a string at {offset:#x} of {name}, which ends at {len(data):#x}")
            return _string(Cursor(data, offset, len(data), name, "the section"))
        case 0x0F:  # DW_FORM_udata
            return unit.unsigned(64)
        case 0x09:  # DW_FORM_block
            unit.skip(unit.unsigned(64))
            return 0
        case _ if form in _FIXED:
            return _fixed(unit, _FIXED[form])
        case _:
            raise MalformedModule(unit.name, unit.pos, f"a form {form:#x} in a line table")


_Row = tuple[int, int, int]
"""(address, file, line)"""


def _run(unit: Cursor, table: _Table, offsets: Collection[int]) -> list[_Row]:
    """Run a line program; a row (offset, file, line) for each of the offsets that is in one of its sequences."""
    found: list[_Row] = []
    rows: list[_Row] = []
    address, file, line = 0, 1, 1
    while unit.pos < unit.end:
        opcode = unit.u8()
        if opcode >= table.opcode_base:
            steps = opcode - table.opcode_base
            address += steps // table.line_range * table.min_instruction_length
            line += table.line_base + steps % table.line_range
            rows.append((address, file, line))
            continue
        match opcode:
            case 0:
                extended = unit.part(unit.unsigned(64), "an instruction")
                match extended.u8() if extended.pos < extended.end else None:
                    case 1:  # DW_LNE_end_sequence
                        found += _look_up(rows, address, offsets)
                        rows, address, file, line = [], 0, 1, 1
                    case 2:  # DW_LNE_set_address
                        address = _fixed(extended, extended.end - extended.pos)
            case 1:  # DW_LNS_copy
                rows.append((address, file, line))
            case 2:  # DW_LNS_advance_pc
                address += unit.unsigned(64) * table.min_instruction_length
            case 3:  # DW_LNS_advance_line
                line += unit.signed(64)
            case 4:  # DW_LNS_set_file
                file = unit.unsigned(64)
            case 8:  # DW_LNS_const_add_pc
                address += (255 - table.opcode_base) // table.line_range * table.min_instruction_length
            case 9:  # DW_LNS_fixed_advance_pc
                address += _fixed(unit, 2)
            case _:
                for _ in range(table.argument_counts[opcode - 1]):
                    unit.unsigned(64)
    return found


def _look_up(rows: list[_Row], end: int, offsets: Collection[int]) -> list[_Row]:
    """The row of each offset in a sequence. Code that the linker left out has a sequence too, which starts where no
    code can: at 0, where the number of functions is, or at the end of the address space."""
    if not rows or not 0 < rows[0][0] < end:
        return []
    found = []
    for offset in offsets:
        if rows[0][0] <= offset < end:
            # Line 0 is code that the compiler made up: then the line before is the nearest.
            before = [row for row in rows if row[0] <= offset and row[2] > 0]
            if before:
                found.append((offset, before[-1][1], before[-1][2]))
    return found


def _fixed(cursor: Cursor, size_bytes: int) -> int:
    start = cursor.pos
    cursor.skip(size_bytes)
    return int.from_bytes(cursor.data[start : cursor.pos], "little")


def _string(cursor: Cursor) -> str:
    end = cursor.data.find(0, cursor.pos, cursor.end)
    if end < 0:
        cursor.fail("a string without an end")
    text = cursor.data[cursor.pos : end].decode("utf-8", "replace")
    cursor.pos = end + 1
    return text
