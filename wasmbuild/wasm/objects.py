"""Relocatable objects, what `clang -c` writes (Linking.md of WebAssembly/tool-conventions, version 2).

Two questions are answered before the linker is asked: which symbols could be exported, and does the object
have relocations that position-independent output cannot express?
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, NoReturn, TypeAlias

from msgspec import Struct

from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import ExternType, Import, Module, Section, extern_kind
from wasmbuild.wasm.reader import Cursor

SymbolKind: TypeAlias = Literal["function", "data", "global", "section", "tag", "table"]

LINKING_VERSION = 2
_SYMBOL_KINDS: tuple[SymbolKind, ...] = ("function", "data", "global", "section", "tag", "table")
_CODE_SECTION, _DATA_SECTION = 10, 11

# In the order of their numbers (llvm/BinaryFormat/WasmRelocs.def).
RELOCATION_TYPES: tuple[str, ...] = (
    "R_WASM_FUNCTION_INDEX_LEB",
    "R_WASM_TABLE_INDEX_SLEB",
    "R_WASM_TABLE_INDEX_I32",
    "R_WASM_MEMORY_ADDR_LEB",
    "R_WASM_MEMORY_ADDR_SLEB",
    "R_WASM_MEMORY_ADDR_I32",
    "R_WASM_TYPE_INDEX_LEB",
    "R_WASM_GLOBAL_INDEX_LEB",
    "R_WASM_FUNCTION_OFFSET_I32",
    "R_WASM_SECTION_OFFSET_I32",
    "R_WASM_TAG_INDEX_LEB",
    "R_WASM_MEMORY_ADDR_REL_SLEB",
    "R_WASM_TABLE_INDEX_REL_SLEB",
    "R_WASM_GLOBAL_INDEX_I32",
    "R_WASM_MEMORY_ADDR_LEB64",
    "R_WASM_MEMORY_ADDR_SLEB64",
    "R_WASM_MEMORY_ADDR_I64",
    "R_WASM_MEMORY_ADDR_REL_SLEB64",
    "R_WASM_TABLE_INDEX_SLEB64",
    "R_WASM_TABLE_INDEX_I64",
    "R_WASM_TABLE_NUMBER_LEB",
    "R_WASM_MEMORY_ADDR_TLS_SLEB",
    "R_WASM_FUNCTION_OFFSET_I64",
    "R_WASM_MEMORY_ADDR_LOCREL_I32",
    "R_WASM_TABLE_INDEX_REL_SLEB64",
    "R_WASM_MEMORY_ADDR_TLS_SLEB64",
    "R_WASM_FUNCTION_INDEX_I32",
    "R_WASM_MEMORY_ADDR_LOCREL_I64",
)

# An absolute address or table index written into code: in `-shared` and `-pie` output nobody knows it before
# the module is loaded. lld refuses these against every symbol (wasm/Relocations.cpp, scanRelocations), also
# hidden, local and weak ones. The same values in data (`…_I32`, `…_I64`) become `__wasm_apply_data_relocs`.
NON_PIC_RELOCATIONS = frozenset(
    {
        "R_WASM_TABLE_INDEX_SLEB",
        "R_WASM_TABLE_INDEX_SLEB64",
        "R_WASM_MEMORY_ADDR_SLEB",
        "R_WASM_MEMORY_ADDR_SLEB64",
        "R_WASM_MEMORY_ADDR_LEB",
        "R_WASM_MEMORY_ADDR_LEB64",
    }
)

_TYPE_INDEX = RELOCATION_TYPES.index("R_WASM_TYPE_INDEX_LEB")
# The width of the addend where a relocation has one.
_ADDEND_BITS: tuple[int, ...] = tuple(
    [
        0 if not ("_MEMORY_ADDR_" in name or "_OFFSET_" in name) else 64 if name.endswith("64") else 32
        for name in RELOCATION_TYPES
    ]
)


class Symbol(Struct, frozen=True):
    """`index` is in the space of its kind (for data: of the segment, for a section: of the file's sections);
    None for undefined data. `offset` and `size_bytes` are for defined data alone: within its segment."""

    name: str
    kind: SymbolKind
    flags: int
    index: int | None
    offset: int = 0
    size_bytes: int = 0
    flags_at: int = 0
    """Where in the file the flags are; the ones that matter here are all in that byte."""

    @property
    def defined(self) -> bool:
        return not self.flags & abi.UNDEFINED

    @property
    def weak(self) -> bool:
        return bool(self.flags & abi.WEAK)

    @property
    def local(self) -> bool:
        """`static` in C: no other object can name it."""
        return bool(self.flags & abi.LOCAL)

    @property
    def hidden(self) -> bool:
        return bool(self.flags & abi.HIDDEN)


class Relocation(NamedTuple):
    """`section` indexes the object's sections, `offset` is in bytes from the start of its contents, `target`
    is the index of a symbol, for R_WASM_TYPE_INDEX_LEB of a type. A tuple, because objects have very many."""

    section: int
    type: str
    offset: int
    target: int
    addend: int


class Feature(NamedTuple):
    """An entry of `target_features`: "+" used, "-" disallowed in the whole link, "=" required."""

    prefix: str
    name: str


class Segment(Struct, frozen=True):
    """What the linking section says about one data segment."""

    name: str
    p2align: int
    flags: int


class ObjectFile(Struct, frozen=True):
    """`relocations` are those of code and data; the ones of debug sections, which are most of all, describe
    the file instead of the program and are not read. `init_functions` are (priority, symbol index)."""

    module: Module
    symbols: tuple[Symbol, ...]
    relocations: tuple[Relocation, ...]
    features: tuple[Feature, ...]
    segments: tuple[Segment, ...]
    init_functions: tuple[tuple[int, int], ...]


def decode_object(data: bytes | memoryview, name: str = "<bytes>") -> ObjectFile:
    """Decode a relocatable object. Raises MalformedModule, also where `data` is a linked module."""
    data = bytes(data)
    module = decode(data, name)
    symbols: tuple[Symbol, ...] | None = None
    segments: tuple[Segment, ...] = ()
    init_functions: tuple[tuple[int, int], ...] = ()
    relocations: list[Relocation] = []
    for section in module.sections:
        if section.id != 0:
            continue
        c = _cursor(data, section, name)
        if section.name == abi.LINKING_SECTION:
            if symbols is not None:
                c.fail("section `linking` comes twice")
            symbols, segments, init_functions = _linking(c, module)
        elif section.name.startswith(abi.RELOC_SECTION_PREFIX):
            if symbols is None:
                c.fail(f"section `{section.name}` comes before section `linking`")
            _relocations(c, module, len(symbols), relocations)
    if symbols is None:
        Cursor(data, len(data), len(data), name, "").fail(
            "a linked module, not a relocatable object: it has no section `linking`"
        )
    features = decode_features(data, module, name)
    return ObjectFile(module, symbols, tuple(relocations), features, segments, init_functions)


def decode_features(data: bytes | memoryview, module: Module, name: str = "<bytes>") -> tuple[Feature, ...]:
    """The section `target_features` of an object or a linked module, empty where there is none; `data` is
    what `module` was decoded from. Raises MalformedModule."""
    section = next((s for s in module.sections if s.id == 0 and s.name == abi.TARGET_FEATURES_SECTION), None)
    if section is None:
        return ()
    c = _cursor(bytes(data), section, name)
    features = []
    for _ in range(c.count("features", 2)):
        prefix = chr(c.u8())
        if prefix not in "+-=":
            c.fail(f"unknown prefix {prefix!r} of a feature", c.pos - 1)
        features.append(Feature(prefix, c.text()))
    c.finish()
    return tuple(features)


def non_pic_relocations(obj: ObjectFile) -> tuple[tuple[str, str], ...]:
    """Relocations that `-shared` and `-pie` output cannot have, as (type, symbol name), each pair once, in
    the order of the file. The linker looks only at what it keeps: it may accept what this finds."""
    found = {(r.type, obj.symbols[r.target].name): None for r in obj.relocations if r.type in NON_PIC_RELOCATIONS}
    return tuple(found)


def defined_symbols(obj: ObjectFile) -> tuple[Symbol, ...]:
    return tuple([s for s in obj.symbols if s.defined and s.kind != "section"])


def undefined_symbols(obj: ObjectFile) -> tuple[Symbol, ...]:
    return tuple([s for s in obj.symbols if not s.defined])


def exportable(obj: ObjectFile) -> tuple[Symbol, ...]:
    """Defined functions, data and tags that are not static. A tag that is weak is another module's: older LLVMs define
    that of exceptions in each object."""
    # Hidden symbols count: everything here is compiled with hidden visibility, so that calls inside a library
    # are direct, and then exported by an explicit list. Visibility says how a symbol is reached, not whether.
    return tuple(
        [
            s
            for s in defined_symbols(obj)
            if not s.local and (s.kind in ("function", "data") or (s.kind == "tag" and not s.weak))
        ]
    )


def exception_symbols(obj: ObjectFile) -> frozenset[str]:
    """Which parts of the exception and setjmp runtime the object refers to or defines."""
    names = {s.name for s in obj.symbols if s.kind in ("function", "tag")}
    return frozenset(
        names
        & {
            abi.WASM_SETJMP,
            abi.WASM_SETJMP_TEST,
            abi.WASM_LONGJMP,
            abi.C_LONGJMP_TAG,
            abi.CPP_EXCEPTION_TAG,
        }
    )


def symbol_type(obj: ObjectFile, symbol: Symbol) -> ExternType | None:
    """The type of a function, global, table or tag; None for data and sections."""
    if symbol.index is None:
        return None
    match symbol.kind:
        case "function":
            return obj.module.function_space[symbol.index]
        case "global":
            return obj.module.global_space[symbol.index]
        case "table":
            return obj.module.table_space[symbol.index]
        case "tag":
            return obj.module.tag_space[symbol.index]
    return None


def _cursor(data: bytes, section: Section, name: str) -> Cursor:
    return Cursor(data, section.offset, section.offset + section.size_bytes, name, f"section `{section.name}`")


def _linking(c: Cursor, module: Module) -> tuple[tuple[Symbol, ...], tuple[Segment, ...], tuple[tuple[int, int], ...]]:
    offset = c.pos
    version = c.u32()
    if version != LINKING_VERSION:
        c.fail(f"version {version} of section `linking`, not {LINKING_VERSION}", offset)
    symbols: tuple[Symbol, ...] = ()
    segments: tuple[Segment, ...] = ()
    init_functions: tuple[tuple[int, int], ...] = ()
    init_offset = offset
    while c.pos < c.end:
        kind = c.u8()
        part = c.part(c.u32(), f"subsection {kind} of section `linking`")
        match kind:
            case 5:  # WASM_SEGMENT_INFO
                count = part.count("segments", 3)
                segments = tuple([Segment(part.text(), part.u32(), part.u32()) for _ in range(count)])
            case 6:  # WASM_INIT_FUNCS
                init_offset = part.pos
                count = part.count("init functions", 2)
                init_functions = tuple([(part.u32(), part.u32()) for _ in range(count)])
            case 8:  # WASM_SYMBOL_TABLE
                symbols = tuple(_symbols(part, module))
            case _:  # comdats, and what may come
                continue
        part.finish()
    if any(index >= len(symbols) for _, index in init_functions):
        c.fail("an init function names no symbol", init_offset)
    return symbols, segments, init_functions


def _symbols(c: Cursor, module: Module) -> Iterator[Symbol]:
    imports: dict[str, list[Import]] = {"func": [], "global": [], "tag": [], "table": [], "memory": []}
    for import_ in module.imports:
        imports[extern_kind(import_.type)].append(import_)
    spaces = {
        "function": (len(module.function_space), imports["func"]),
        "global": (len(module.global_space), imports["global"]),
        "tag": (len(module.tag_space), imports["tag"]),
        "table": (len(module.table_space), imports["table"]),
    }
    borrowed, most_borrowed = 0, 4 * len(c.data) + (1 << 20)
    for _ in range(c.count("symbols", 3)):
        start = c.pos
        if borrowed > most_borrowed:
            c.fail("its symbols have the names of imports and sections again and again")
        number = c.u8()
        if number >= len(_SYMBOL_KINDS):
            c.fail(f"unknown kind {number:#04x} of a symbol", start)
        kind = _SYMBOL_KINDS[number]
        flags_at = c.pos
        flags = c.u32()
        if kind == "data":
            yield _data_symbol(c, module, flags, flags_at, start)
            continue
        index = c.u32()
        if kind == "section":
            if index >= len(module.sections):
                _no_such(c, kind, index, len(module.sections), start)
            borrowed += len(module.sections[index].name)
            yield Symbol(module.sections[index].name, kind, flags, index, flags_at=flags_at)
            continue
        size, imported = spaces[kind]
        if index >= size:
            _no_such(c, kind, index, size, start)
        if bool(flags & abi.UNDEFINED) != (index < len(imported)):
            c.fail(f"a symbol's flags and its {kind} {index} disagree on whether it is imported", start)
        if flags & abi.UNDEFINED and not flags & abi.EXPLICIT_NAME:
            borrowed += len(imported[index].name)
            yield Symbol(imported[index].name, kind, flags, index, flags_at=flags_at)
        else:
            yield Symbol(c.text(), kind, flags, index, flags_at=flags_at)


def _data_symbol(c: Cursor, module: Module, flags: int, flags_at: int, start: int) -> Symbol:
    name = c.text()
    if flags & abi.UNDEFINED:
        return Symbol(name, "data", flags, None, flags_at=flags_at)
    index, offset, size_bytes = c.u32(), c.unsigned(64), c.unsigned(64)
    if flags & abi.ABSOLUTE:  # the offset is the address, there is no segment
        return Symbol(name, "data", flags, None, offset, size_bytes, flags_at)
    if index >= len(module.data):
        _no_such(c, "data segment", index, len(module.data), start)
    if offset > module.data[index].size_bytes:
        c.fail(f"symbol `{name}` lies outside its data segment {index}", start)
    return Symbol(name, "data", flags, index, offset, size_bytes, flags_at)


def _no_such(c: Cursor, what: str, index: int, size: int, offset: int) -> NoReturn:
    c.fail(f"a symbol names {what} {index} of {size}", offset)


def _relocations(c: Cursor, module: Module, symbol_count: int, found: list[Relocation]) -> None:
    offset = c.pos
    section = c.u32()
    if section >= len(module.sections):
        c.fail(f"relocations of section {section} of {len(module.sections)}", offset)
    target = module.sections[section]
    if target.id not in (_CODE_SECTION, _DATA_SECTION):
        return
    count, data, pos = c.count("relocations", 3), c.data, c.pos
    # Objects have very many: what is one or two bytes long, which nearly all is, is read here and not by the cursor.
    for _ in range(count):
        c.pos = start = pos
        if pos + 3 > c.end:
            c.skip(3)
        number, offset = data[pos], data[pos + 1]
        if number >= len(RELOCATION_TYPES):
            c.fail(f"unknown relocation type {number}", start)
        pos += 2
        if offset >= 0x80:
            if data[pos] < 0x80:
                offset = offset & 0x7F | data[pos] << 7
                pos += 1
            else:
                c.pos = pos - 1
                offset, pos = c.u32(), c.pos
        if pos < c.end and data[pos] < 0x80:
            index = data[pos]
            pos += 1
        else:
            c.pos = pos
            index, pos = c.u32(), c.pos
        addend = 0
        if bits := _ADDEND_BITS[number]:
            if pos < c.end and data[pos] < 0x40:
                addend = data[pos]
                pos += 1
            else:
                c.pos = pos
                addend, pos = c.signed(bits), c.pos
        if offset >= target.size_bytes:
            c.fail(f"a relocation at {offset:#x} of {target.size_bytes:#x} bytes of `{target.name}`", start)
        if index >= (len(module.types) if number == _TYPE_INDEX else symbol_count):
            c.fail(f"a relocation names symbol or type {index}, which does not exist", start)
        found.append(Relocation(section, RELOCATION_TYPES[number], offset, index, addend))
    c.pos = pos
    c.finish()
