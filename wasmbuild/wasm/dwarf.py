"""From a place in the code to the line of the source: `.debug_line` of DWARF 4 and 5 (dwarfstd.org, chapter 6.2).

In wasm an address is an offset from the start of the code section's contents. Line tables name their files themselves,
so nothing else of DWARF is read but the sections of strings; a name that is relative is so to the directory that the
compiler ran in.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec import Struct, field

from wasmbuild.wasm.reader import Cursor, MalformedModule

LINE = ".debug_line"
LINE_STRINGS = ".debug_line_str"
STRINGS = ".debug_str"
SECTIONS = (LINE, LINE_STRINGS, STRINGS)
"""What `find_places` reads."""


class Place(Struct, frozen=True):
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def find_places(sections: Mapping[str, bytes], offsets: Collection[int]) -> dict[int, Place]:
    """The places in the source of offsets into the code, in one pass over the line tables.

    An offset that no table knows, or of which only a malformed one does, is not in the result. Never raises.
    """
    places: dict[int, Place] = {}
    wanted = sorted(set(offsets))
    for start, end, place in _pieces(sections, wanted):
        for offset in wanted[bisect_left(wanted, start) : bisect_left(wanted, end)]:
            places.setdefault(offset, place)
        if len(places) == len(wanted):
            break
    return places


Piece = tuple[int, int, Place]
"""Code from an offset to another, which one line of the source was compiled to."""


def all_pieces(sections: Mapping[str, bytes]) -> Iterator[Piece]:
    """All that the line tables know, in their order. Never raises: of a malformed table there is nothing."""
    return _pieces(sections, None)


def _pieces(sections: Mapping[str, bytes], wanted: Sequence[int] | None) -> Iterator[Piece]:
    data = sections.get(LINE, b"")
    rest = Cursor(data, 0, len(data), LINE, "the section")
    while rest.pos < rest.end:
        try:
            unit, wide = _unit(rest)
        except MalformedModule:
            break  # without its length there is no way to the next
        try:
            table = _header(unit, wide)
            rows = _run(unit, table, wanted)
        except MalformedModule:
            continue
        names = {file: table.file_name(file, sections) for file in {file for _, _, file, _ in rows}}
        for start, end, file, line in rows:
            name = names[file]
            if name is not None:
                yield start, end, Place(name, line)


FileNames = Callable[[int], str | None]


def file_names(sections: Mapping[str, bytes], offset: int) -> FileNames:
    """The files of the line table at an offset, by the numbers that other sections call them by. Never raises."""
    data = sections.get(LINE, b"")
    try:
        unit, wide = _unit(Cursor(data, min(offset, len(data)), len(data), LINE, "the section"))
        table = _header(unit, wide)
    except MalformedModule:
        return lambda _: None
    return lambda number: table.file_name(number, sections)


def _unit(rest: Cursor) -> tuple[Cursor, bool]:
    """The next unit, and whether it is written in 64-bit DWARF."""
    length = _fixed(rest, 4)
    wide = length == 0xFFFFFFFF
    return rest.part(_fixed(rest, 8) if wide else length, "a line table"), wide


class _Table(Struct, frozen=True):
    """The header of a line table."""

    version: int
    min_instruction_length: int
    line_base: int
    line_range: int
    opcode_base: int
    argument_counts: tuple[int, ...]
    directories: list[_Text] = field(default_factory=list)
    files: list[tuple[_Text, int]] = field(default_factory=list)
    """Names, each with the index of its directory"""

    def file_name(self, number: int, sections: Mapping[str, bytes]) -> str | None:
        """Up to DWARF 4 files count from 1, and directory 0 is the one that the compiler ran in."""
        index = number if self.version >= 5 else number - 1
        if not 0 <= index < len(self.files):
            return None
        name, directory = self.files[index]
        parts = [name]
        if 0 <= directory < len(self.directories):
            parts = [self.directories[0], self.directories[directory], name]
        texts = [_string(sections, each) for each in parts]
        return posixpath.normpath(posixpath.join(*texts)) if None not in texts else None  # type: ignore[arg-type]


def _header(unit: Cursor, wide: bool) -> _Table:
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
        table.directories.extend(path for path, _ in _entries(unit, wide))
        table.files.extend(_entries(unit, wide))
    else:
        table.directories.append(_NO_TEXT)
        while unit.data[(name := _text(unit)).offset]:
            table.directories.append(name)
        while unit.data[(name := _text(unit)).offset]:
            table.files.append((name, unit.unsigned(64)))
            unit.unsigned(64), unit.unsigned(64)  # its time and size
    unit.pos = program
    return table


_PATH, _DIRECTORY_INDEX = 1, 2


def _entries(unit: Cursor, wide: bool) -> Iterator[tuple[_Text, int]]:
    """Directories or files of DWARF 5, each with the index of a directory: first what there is of each, and in which
    form, then the entries."""
    formats = [(unit.unsigned(64), unit.unsigned(64)) for _ in range(unit.u8())]
    count = unit.unsigned(64)
    # An entry without contents takes no bytes, so their number would be without a limit.
    if count > unit.end - unit.pos or (count and not formats):
        unit.fail(f"{count} entries in {unit.end - unit.pos} bytes")
    for _ in range(count):
        path, directory = _NO_TEXT, 0
        for what, form in formats:
            value = _value(unit, form, wide)
            if what == _PATH and isinstance(value, _Text):
                path = value
            elif what == _DIRECTORY_INDEX and isinstance(value, int):
                directory = value
        yield path, directory


_FIXED = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}
"""DW_FORM_data1, 2, 4, 8 and 16, in bytes."""


def _value(unit: Cursor, form: int, wide: bool) -> int | _Text:
    match form:
        case 0x08:  # DW_FORM_string
            return _text(unit)
        case 0x0E | 0x1F:  # DW_FORM_strp, DW_FORM_line_strp
            return _Text(STRINGS if form == 0x0E else LINE_STRINGS, _fixed(unit, 8 if wide else 4))
        case 0x0F:  # DW_FORM_udata
            return unit.unsigned(64)
        case 0x09:  # DW_FORM_block
            unit.skip(unit.unsigned(64))
            return 0
        case _ if form in _FIXED:
            return _fixed(unit, _FIXED[form])
        case _:
            raise MalformedModule(unit.name, unit.pos, f"a form {form:#x} in a line table")


_Row = tuple[int, int, int, int]
"""(first address, the one behind the last, file, line)"""


def _run(unit: Cursor, table: _Table, wanted: Sequence[int] | None) -> list[_Row]:
    """Run a line program: its rows, or those that have one of the offsets, which are sorted. There may be as many rows
    as it has bytes, so this is written for speed."""
    kept: list[_Row] = []
    data, end, pos = unit.data, unit.end, unit.pos
    opcode_base, instruction_length, counts = table.opcode_base, table.min_instruction_length, table.argument_counts
    specials = [divmod(steps, table.line_range) for steps in range(256 - opcode_base)]
    special = [(0, 0)] * opcode_base + [(n * instruction_length, table.line_base + line) for n, line in specials]

    def number() -> int:
        nonlocal pos
        unit.pos = pos
        value = unit.unsigned(64)
        pos = unit.pos
        return value

    # Of a sequence, whose addresses only grow: a row stands for the bytes up to the next.
    rows: list[_Row] = []
    first: int | None = None
    reached = address = 0
    file = line = 1
    shown: tuple[int, int] | None = None
    while pos < end:
        opcode = data[pos]
        pos += 1
        if opcode >= opcode_base:
            advance, delta = special[opcode]
            address += advance
            line += delta
        elif opcode == 0:
            unit.pos = pos
            extended = unit.part(unit.unsigned(64), "an instruction")
            pos = unit.pos
            match extended.u8() if extended.pos < extended.end else None:
                case 1:  # DW_LNE_end_sequence
                    if shown is not None and address > reached and _has(wanted, reached, address):
                        rows.append((reached, address, *shown))
                    # Code that the linker left out has a sequence too, which starts where no code can: at 0, where the
                    # number of functions is, or at the end of the address space.
                    if first is not None and 0 < first < address:
                        kept += rows
                    rows, first, reached, address, file, line, shown = [], None, 0, 0, 1, 1, None
                case 2:  # DW_LNE_set_address
                    address = _fixed(extended, min(extended.end - extended.pos, 8))
            continue
        elif opcode != 1:  # DW_LNS_copy has nothing to it
            match opcode:
                case 2:  # DW_LNS_advance_pc
                    address += number() * instruction_length
                case 3:  # DW_LNS_advance_line
                    unit.pos = pos
                    line += unit.signed(64)
                    pos = unit.pos
                case 4:  # DW_LNS_set_file
                    file = number()
                case 8:  # DW_LNS_const_add_pc
                    address += special[255][0]
                case 9:  # DW_LNS_fixed_advance_pc
                    unit.pos = pos
                    address += _fixed(unit, 2)
                    pos = unit.pos
                case _:
                    for _ in range(counts[opcode - 1]):
                        if pos < end and data[pos] < 0x80:
                            pos += 1
                        else:
                            number()
            continue
        if first is None:
            first = reached = address
        elif address > reached:
            if shown is not None and (wanted is None or _has(wanted, reached, address)):
                rows.append((reached, address, *shown))
            reached = address
        # Line 0 is code that the compiler made up: then the line before is the nearest.
        if line > 0:
            shown = file, line
    return kept


def _has(wanted: Sequence[int] | None, start: int, end: int) -> bool:
    """Whether one of these, which are sorted, is in a range."""
    if wanted is None:
        return True
    place = bisect_left(wanted, start)
    return place < len(wanted) and wanted[place] < end


def _fixed(cursor: Cursor, size_bytes: int) -> int:
    start = cursor.pos
    cursor.skip(size_bytes)
    return int.from_bytes(cursor.data[start : cursor.pos], "little")


class _Text(Struct, frozen=True):
    """Where a string is. Thousands of entries may name one long string, so it is read when it is asked for."""

    section: str
    offset: int


_NO_TEXT = _Text("", 0)
_LONGEST_TEXT_BYTES = 4096


def _text(unit: Cursor) -> _Text:
    """A string that stands in the table itself; skips it."""
    end = unit.data.find(0, unit.pos, unit.end)
    if end < 0:
        unit.fail("a string without an end")
    text, unit.pos = _Text(LINE, unit.pos), end + 1
    return text


def _string(sections: Mapping[str, bytes], text: _Text) -> str | None:
    """None for what is no string, or longer than a path can be."""
    if text is _NO_TEXT:
        return ""
    data = sections.get(text.section, b"")
    end = data.find(0, text.offset, text.offset + _LONGEST_TEXT_BYTES)
    return data[text.offset : end].decode("utf-8", "replace") if end >= 0 else None
