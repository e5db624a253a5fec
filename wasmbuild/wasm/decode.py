"""Bytes to `Module` (WebAssembly core specification 3.0, chapter 5, with threads and custom page sizes).

Every input that is not a module ends in MalformedModule with the byte offset. Function bodies are measured,
not read: whether the code in them is valid is the engine's question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from wasmbuild.wasm import abi
from wasmbuild.wasm.constexpr import FunctionRef, Spaces, integer, read_const_expr
from wasmbuild.wasm.dylink import read_dylink
from wasmbuild.wasm.module import (
    ConstExpr,
    Data,
    Dylink,
    Element,
    Export,
    ExternKind,
    ExternType,
    FuncType,
    Global,
    GlobalType,
    Import,
    MemoryType,
    Module,
    Section,
    TableType,
    TagType,
)
from wasmbuild.wasm.reader import Cursor, MalformedModule
from wasmbuild.wasm.valtypes import TypeReader

MAGIC = b"\0asm"
VERSION = b"\x01\0\0\0"

_MOST_SECTIONS = 10_000
"""Each takes three bytes, and a hundred as a value."""

_KINDS: tuple[ExternKind, ...] = ("func", "table", "memory", "global", "tag")


def decode(data: bytes | memoryview, name: str = "<bytes>") -> Module:
    """Decode a whole module; `name` is what messages call it. Raises MalformedModule, and nothing else."""
    data = bytes(data)
    m = _Partial()
    sections: list[Section] = []
    rank = -1
    for section, c in _sections(data, name):
        sections.append(section)
        if len(sections) > _MOST_SECTIONS:
            c.fail(f"more than {_MOST_SECTIONS} sections")
        if section.id == 0:
            if section.name == abi.DYLINK_SECTION:
                if m.dylink is not None:
                    c.fail(f"section `{abi.DYLINK_SECTION}` comes twice")
                m.dylink = read_dylink(c)
            continue
        _, section_rank, read = _SECTIONS[section.id]
        if section_rank <= rank:
            last = next(s.name for s in reversed(sections[:-1]) if s.id)
            problem = "comes twice" if section_rank == rank else f"comes after section `{last}`"
            c.fail(f"{c.what} {problem}", section.offset)
        rank = section_rank
        read(c, m)
        c.finish()
    m.check_counts(name, len(data))
    return Module(
        size_bytes=len(data),
        sections=tuple(sections),
        types=tuple(m.types.types),
        imports=tuple(m.imports),
        functions=tuple(m.functions[m.imported_functions :]),
        tables=tuple(m.tables[sum(isinstance(i.type, TableType) for i in m.imports) :]),
        memories=tuple(m.memories[sum(isinstance(i.type, MemoryType) for i in m.imports) :]),
        tags=tuple(m.tags[sum(isinstance(i.type, TagType) for i in m.imports) :]),
        globals=tuple(m.globals),
        exports=tuple(m.exports),
        start=m.start,
        elements=tuple(m.elements),
        data=tuple(m.data),
        code_size_bytes=m.code_size_bytes,
        dylink=m.dylink,
    )


def decode_names(data: bytes | memoryview, module: Module) -> Mapping[int, str]:
    """Function names of the `name` section (core specification, appendix 7.7.1) by function index; `data` is
    what `module` was decoded from. The section is advice: what cannot be read ends the list silently."""
    data = bytes(data)
    names: dict[int, str] = {}
    section = next((s for s in module.sections if s.id == 0 and s.name == abi.NAME_SECTION), None)
    if section is None or section.offset + section.size_bytes > len(data):
        return names
    c = Cursor(data, section.offset, section.offset + section.size_bytes, "", abi.NAME_SECTION)
    try:
        while c.pos < c.end:
            kind = c.u8()
            part = c.part(c.u32(), "subsection")
            if kind == 1:
                for _ in range(part.count("names", 2)):
                    index = part.u32()
                    names[index] = part.text()
    except MalformedModule:
        pass
    return names


class _Partial:
    """What has been read so far, while sections are read in order. Spaces hold imports first."""

    def __init__(self) -> None:
        self.types = TypeReader()
        self.imports: list[Import] = []
        self.functions: list[FuncType] = []
        self.tables: list[TableType] = []
        self.memories: list[MemoryType] = []
        self.tags: list[TagType] = []
        self.globals: list[Global] = []
        self.imported_functions = 0
        self.imported_globals = 0
        self.exports: list[Export] = []
        self.start: int | None = None
        self.elements: list[Element] = []
        self.data: list[Data] = []
        self.data_count: int | None = None
        self.body_count = 0
        self.code_size_bytes = 0
        self.dylink: Dylink | None = None

    def spaces(self) -> Spaces:
        return Spaces(len(self.functions), self.imported_globals + len(self.globals))

    def size_of(self, kind: ExternKind) -> int:
        match kind:
            case "func":
                return len(self.functions)
            case "table":
                return len(self.tables)
            case "memory":
                return len(self.memories)
            case "global":
                return self.imported_globals + len(self.globals)
            case "tag":
                return len(self.tags)

    def check_counts(self, name: str, end: int) -> None:
        """A whole section may be missing, so these can only be compared at the end."""
        declared = len(self.functions) - self.imported_functions
        if declared != self.body_count:
            raise MalformedModule(name, end, f"{declared} functions are declared but {self.body_count} have code")
        if self.data_count is not None and self.data_count != len(self.data):
            problem = f"{self.data_count} data segments are declared but {len(self.data)} are present"
            raise MalformedModule(name, end, problem)


def _sections(data: bytes, name: str) -> Iterator[tuple[Section, Cursor]]:
    _check_preamble(data, name)
    file = Cursor(data, 8, len(data), name, "the file")
    while file.pos < file.end:
        offset = file.pos
        id_ = file.u8()
        if id_ not in _SECTIONS and id_ != 0:
            file.fail(f"unknown section id {id_}", offset)
        size_bytes = file.u32()
        what = f"section `{_SECTIONS[id_][0]}`" if id_ else "a custom section"
        if file.pos + size_bytes > file.end:
            left = file.end - file.pos
            file.fail(f"{what} claims {size_bytes} bytes but the file ends after {left} of them", offset)
        c = file.part(size_bytes, what)
        section_name = _SECTIONS[id_][0] if id_ else c.text()
        if not id_:
            c.what = f"section `{section_name}`"
        yield Section(id_, section_name, c.pos, c.end - c.pos), c


_OTHER_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"!<arch>\n", "an ar archive"),
    (b"!<thin>\n", "a thin ar archive"),
    (b"\x7fELF", "an ELF file, compiled for a machine instead of for WebAssembly"),
    (b"BC\xc0\xde", "LLVM bitcode (compiled with -flto?)"),
    (b"\xde\xc0\x17\x0b", "wrapped LLVM bitcode"),
    (b"\xfe\xed\xfa\xce", "a Mach-O file"),
    (b"\xfe\xed\xfa\xcf", "a Mach-O file"),
    (b"\xce\xfa\xed\xfe", "a Mach-O file"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O file"),
    (b"\xca\xfe\xba\xbe", "a Mach-O universal file"),
    (b"MZ", "a Windows executable"),
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a zip file"),
)


def _check_preamble(data: bytes, name: str) -> None:
    if data[:4] != MAGIC:
        raise MalformedModule(name, 0, f"not WebAssembly: {describe_magic(data)}")
    if len(data) < 8:
        raise MalformedModule(name, len(data), f"the file ends after {len(data)} bytes, inside its header")
    if data[4:8] != VERSION:
        if data[6:8] == b"\x01\0":
            raise MalformedModule(name, 4, "a component, not a core module")
        raise MalformedModule(name, 4, f"unknown version {int.from_bytes(data[4:8], 'little'):#x}")


def describe_magic(data: bytes) -> str:
    """What a file that does not start with the magic number of WebAssembly is, in words."""
    if not data:
        return "the file is empty"
    for magic, description in _OTHER_FORMATS:
        if data.startswith(magic):
            return description
    head = data[:64]
    if all(byte >= 0x20 or byte in b"\t\r\n\f" for byte in head) and 0x7F not in head:
        line = head.split(b"\n")[0].strip().decode("utf-8", "replace")
        return f"a text file, it starts with `{line[:32]}`"
    return f"it starts with {data[:4].hex(' ')}, not with {MAGIC.hex(' ')}"


def _types(c: Cursor, m: _Partial) -> None:
    m.types.type_section(c)


def _imports(c: Cursor, m: _Partial) -> None:
    for _ in range(c.count("imports", 4)):
        module, name = c.text(), c.text()
        offset = c.pos
        extern: ExternType
        match c.u8():
            case 0:
                extern = m.types.func_type(c)
                m.functions.append(extern)
            case 1:
                extern = m.types.table_type(c)
                m.tables.append(extern)
            case 2:
                extern = m.types.memory_type(c)
                m.memories.append(extern)
            case 3:
                extern = m.types.global_type(c)
                m.imported_globals += 1
            case 4:
                extern = m.types.tag_type(c)
                m.tags.append(extern)
            case kind:
                c.fail(f"unknown kind {kind:#04x} of an import", offset)
        m.imports.append(Import(module, name, extern))
    m.imported_functions = len(m.functions)


def _functions(c: Cursor, m: _Partial) -> None:
    func_type = m.types.func_type
    m.functions.extend([func_type(c) for _ in range(c.count("functions"))])


def _tables(c: Cursor, m: _Partial) -> None:
    for _ in range(c.count("tables", 3)):
        if c.data[c.pos : c.pos + 2] == b"\x40\0":  # with an initial value
            c.skip(2)
            table = m.types.table_type(c)
            read_const_expr(c, m.types, m.spaces())
        else:
            table = m.types.table_type(c)
        m.tables.append(table)


def _memories(c: Cursor, m: _Partial) -> None:
    m.memories.extend([m.types.memory_type(c) for _ in range(c.count("memories", 2))])


def _tags(c: Cursor, m: _Partial) -> None:
    m.tags.extend([m.types.tag_type(c) for _ in range(c.count("tags", 2))])


def _globals(c: Cursor, m: _Partial) -> None:
    for _ in range(c.count("globals", 4)):
        type_: GlobalType = m.types.global_type(c)
        m.globals.append(Global(type_, integer(read_const_expr(c, m.types, m.spaces()))))


def _exports(c: Cursor, m: _Partial) -> None:
    sizes = [m.size_of(kind) for kind in _KINDS]
    names: set[str] = set()
    text, u8, u32, add = c.text, c.u8, c.u32, m.exports.append  # a C library has thousands
    for _ in range(c.count("exports", 3)):
        start = c.pos
        name = text()
        if name in names:
            c.fail(f"two exports are named `{name}`", start)
        names.add(name)
        offset = c.pos
        kind = u8()
        if kind >= len(_KINDS):
            c.fail(f"unknown kind {kind:#04x} of export `{name}`", offset)
        index = u32()
        if index >= sizes[kind]:
            c.fail(f"export `{name}` names {_KINDS[kind]} {index} of {sizes[kind]}", offset + 1)
        add(Export(name, _KINDS[kind], index))


def _start(c: Cursor, m: _Partial) -> None:
    offset = c.pos
    index = c.u32()
    if index >= len(m.functions):
        c.fail(f"the start function is {index} of {len(m.functions)}", offset)
    if m.functions[index] != FuncType():
        c.fail(f"the start function has the type {m.functions[index]}", offset)
    m.start = index


def _elements(c: Cursor, m: _Partial) -> None:
    spaces = m.spaces()
    for _ in range(c.count("element segments", 3)):
        offset = c.pos
        flags = c.u32()
        if flags > 7:
            c.fail(f"unknown flags {flags:#x} of an element segment", offset)
        table, start = 0, None
        if not flags & 1:
            table = _index(c, "table", len(m.tables), explicit=bool(flags & 2))
            start = integer(read_const_expr(c, m.types, spaces))
        if flags & 3:
            offset = c.pos
            if flags & 4:
                m.types.ref_type(c)
            elif c.u8() != 0:
                c.fail("unknown kind of elements", offset)
        functions: tuple[int | None, ...]
        if flags & 4:
            operands = [read_const_expr(c, m.types, spaces) for _ in range(c.count("elements", 2))]
            functions = tuple([o.function if isinstance(o, FunctionRef) else None for o in operands])
        else:
            functions = tuple([_index(c, "function", spaces.functions) for _ in range(c.count("elements"))])
        match flags & 3:
            case 1:
                m.elements.append(Element(0, None, functions, "passive"))
            case 3:
                m.elements.append(Element(0, None, functions, "declared"))
            case _:
                m.elements.append(Element(table, start, functions))


def _index(c: Cursor, what: str, size: int, *, explicit: bool = True) -> int:
    """An index below `size`; not `explicit` is index 0, written nowhere."""
    offset = c.pos
    index = c.u32() if explicit else 0
    if index >= size:
        c.fail(f"there is no {what} {index}, only {size}", offset)
    return index


def _data_count(c: Cursor, m: _Partial) -> None:
    m.data_count = c.u32()


def _code(c: Cursor, m: _Partial) -> None:
    m.code_size_bytes = c.end - c.pos
    m.body_count = c.count("function bodies", 2)
    u32, skip = c.u32, c.skip
    for _ in range(m.body_count):
        skip(u32())


def _data(c: Cursor, m: _Partial) -> None:
    spaces = m.spaces()
    for _ in range(c.count("data segments", 2)):
        offset = c.pos
        flags = c.u32()
        if flags > 2:
            c.fail(f"unknown flags {flags:#x} of a data segment", offset)
        memory, start = 0, None
        if flags != 1:
            memory = _index(c, "memory", len(m.memories), explicit=flags == 2)
            start = _offset(c, m, spaces)
        size_bytes = c.u32()
        m.data.append(Data(memory, start, c.pos, size_bytes, "passive" if flags == 1 else "active"))
        c.skip(size_bytes)


def _offset(c: Cursor, m: _Partial, spaces: Spaces) -> ConstExpr | None:
    return integer(read_const_expr(c, m.types, spaces))


# Section id → its name, its place in the order (tags and the data count stand out of turn), its reader.
_SECTIONS: Mapping[int, tuple[str, int, Callable[[Cursor, _Partial], None]]] = {
    1: ("type", 1, _types),
    2: ("import", 2, _imports),
    3: ("function", 3, _functions),
    4: ("table", 4, _tables),
    5: ("memory", 5, _memories),
    13: ("tag", 6, _tags),
    6: ("global", 7, _globals),
    7: ("export", 8, _exports),
    8: ("start", 9, _start),
    9: ("element", 10, _elements),
    12: ("data count", 11, _data_count),
    10: ("code", 12, _code),
    11: ("data", 13, _data),
}
