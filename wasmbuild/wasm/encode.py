"""Values to bytes: the inverse of `decode`, for the small modules that we generate ourselves.

The encoding is the shortest and does not depend on anything but the values, so equal modules are equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import MAGIC, VERSION
from wasmbuild.wasm.module import (
    ConstExpr,
    Dylink,
    Export,
    ExternKind,
    ExternType,
    FuncType,
    Global,
    GlobalType,
    Import,
    Limits,
    MemoryType,
    TableType,
    TagType,
    ValType,
    extern_kind,
)
from wasmbuild.wasm.valtypes import HEAP_TYPES, NUMBER_TYPES, REF, REF_NULL

IMPORT_SECTION, EXPORT_SECTION, TAG_SECTION = 2, 7, 13

# Instructions, as many as adapters need.
UNREACHABLE = b"\x00"
BLOCK_EMPTY = b"\x02\x40"
LOOP_EMPTY = b"\x03\x40"
IF_EMPTY = b"\x04\x40"
ELSE = b"\x05"
END = b"\x0b"
RETURN = b"\x0f"
DROP = b"\x1a"
# Of i32:
EQUALS_ZERO = b"\x45"
DIFFER = b"\x47"
AT_LEAST = b"\x4e"  # signed
ADD = b"\x6a"


def call(function: int) -> bytes:
    return b"\x10" + unsigned(function)


def call_indirect(type_: int, table: int = 0) -> bytes:
    return b"\x11" + unsigned(type_) + unsigned(table)


def local_get(index: int) -> bytes:
    return b"\x20" + unsigned(index)


def local_set(index: int) -> bytes:
    return b"\x21" + unsigned(index)


def global_get(index: int) -> bytes:
    return b"\x23" + unsigned(index)


def global_set(index: int) -> bytes:
    return b"\x24" + unsigned(index)


def i32_const(value: int) -> bytes:
    return b"\x41" + signed(value)


def i64_const(value: int) -> bytes:
    return b"\x42" + signed(value)


def ref_func(function: int) -> bytes:
    return b"\xd2" + unsigned(function)


def body(instructions: bytes, locals_: Sequence[tuple[int, ValType]] = ()) -> bytes:
    """A function body from its instructions (without the last `end`) and its locals as (count, type)."""
    return vector([unsigned(count) + val_type(type_) for count, type_ in locals_]) + instructions + END


class Function(Struct, frozen=True):
    """A defined function; `body` as the function of that name makes it."""

    type: FuncType
    body: bytes


class ElementSpec(Struct, frozen=True):
    """An active segment of functions in a table at `offset`; passive where that is None, and then `declared`
    says that it only names functions for `ref.func`."""

    functions: tuple[int, ...]
    offset: ConstExpr | None = None
    table: int = 0
    declared: bool = False


class DataSpec(Struct, frozen=True):
    """A data segment, passive where `offset` is None."""

    contents: bytes
    offset: ConstExpr | None = None
    memory: int = 0


class ModuleSpec(Struct, frozen=True):
    """A module to encode. The type section is `types`, then whatever else the rest needs, in order of need.
    `dylink` becomes the first section, `customs` the last ones."""

    types: tuple[FuncType, ...] = ()
    imports: tuple[Import, ...] = ()
    functions: tuple[Function, ...] = ()
    tables: tuple[TableType, ...] = ()
    memories: tuple[MemoryType, ...] = ()
    tags: tuple[TagType, ...] = ()
    globals: tuple[Global, ...] = ()
    exports: tuple[Export, ...] = ()
    start: int | None = None
    elements: tuple[ElementSpec, ...] = ()
    data: tuple[DataSpec, ...] = ()
    dylink: Dylink | None = None
    customs: tuple[tuple[str, bytes], ...] = ()


def encode(spec: ModuleSpec) -> bytes:
    """The module's bytes. Indexes are taken as they are; whether they exist is for `decode` to say. A global
    without an integer `init` starts as zero or null. Raises ValueError for a type that is not known."""
    types = _types(spec)
    index = {type_: i for i, type_ in reversed(list(enumerate(types)))}
    parts = [MAGIC, VERSION]
    if spec.dylink is not None:
        parts.append(custom_section(abi.DYLINK_SECTION, dylink_section(spec.dylink)))
    for id_, items in (
        (1, [_func_type(type_) for type_ in types]),
        (IMPORT_SECTION, [encoded_import(import_, index) for import_ in spec.imports]),
        (3, [unsigned(index[function.type]) for function in spec.functions]),
        (4, [_table_type(table) for table in spec.tables]),
        (5, [_memory_type(memory) for memory in spec.memories]),
        (TAG_SECTION, [tag_type(tag, index) for tag in spec.tags]),
        (6, [_global_type(g.type) + _initial(g) for g in spec.globals]),
        (EXPORT_SECTION, [encoded_export(export) for export in spec.exports]),
    ):
        if items:
            parts.append(section(id_, vector(items)))
    if spec.start is not None:
        parts.append(section(8, unsigned(spec.start)))
    if spec.elements:
        parts.append(section(9, vector([_element(e) for e in spec.elements])))
    if any(segment.offset is None for segment in spec.data):  # code may name passive segments
        parts.append(section(12, unsigned(len(spec.data))))
    if spec.functions:
        parts.append(section(10, vector([_sized(function.body) for function in spec.functions])))
    if spec.data:
        parts.append(section(11, vector([_data(segment) for segment in spec.data])))
    parts.extend(custom_section(title, contents) for title, contents in spec.customs)
    return b"".join(parts)


def unsigned(value: int) -> bytes:
    """Unsigned LEB128."""
    if value < 0:
        raise ValueError(f"{value} is negative")
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    """Signed LEB128."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def vector(items: Sequence[bytes]) -> bytes:
    return unsigned(len(items)) + b"".join(items)


def name(text: str) -> bytes:
    return _sized(text.encode())


def section(id_: int, contents: bytes) -> bytes:
    return bytes([id_]) + _sized(contents)


def custom_section(title: str, contents: bytes) -> bytes:
    return section(0, name(title) + contents)


def dylink_section(dylink: Dylink) -> bytes:
    """The contents of dylink.0 (DynamicLinking.md); empty subsections are left out."""
    info = dylink.mem_info
    sizes = (info.memory_size, info.memory_p2align, info.table_size, info.table_p2align)
    subsections = [(abi.DYLINK_MEM_INFO, b"".join(map(unsigned, sizes)))]
    if dylink.needed:
        subsections.append((abi.DYLINK_NEEDED, vector([name(n) for n in dylink.needed])))
    if dylink.export_flags:
        items = [name(n) + unsigned(flags) for n, flags in dylink.export_flags.items()]
        subsections.append((abi.DYLINK_EXPORT_INFO, vector(items)))
    if dylink.import_flags:
        items = [name(m) + name(n) + unsigned(flags) for (m, n), flags in dylink.import_flags.items()]
        subsections.append((abi.DYLINK_IMPORT_INFO, vector(items)))
    if dylink.runtime_paths:
        subsections.append((abi.DYLINK_RUNTIME_PATH, vector([name(p) for p in dylink.runtime_paths])))
    return b"".join(section(kind, contents) for kind, contents in subsections)


def val_type(type_: ValType) -> bytes:
    """Raises ValueError for a type that is not one of module.py's words."""
    if type_ in _VAL_TYPE_BYTES:
        return _VAL_TYPE_BYTES[type_]
    words = type_.removeprefix("(").removesuffix(")").split()
    if type_.startswith("(ref ") and len(words) in (2, 3):
        byte = REF_NULL if words[1] == "null" else REF
        heap = words[-1]
        if heap.isdigit():
            return bytes([byte]) + signed(int(heap))
        if heap in _HEAP_TYPE_BYTES:
            return bytes([byte, _HEAP_TYPE_BYTES[heap]])
    raise ValueError(f"unknown value type: {type_}")


_KIND_BYTES: dict[ExternKind, bytes] = {
    "func": b"\0",
    "table": b"\1",
    "memory": b"\2",
    "global": b"\3",
    "tag": b"\4",
}
_HEAP_TYPE_BYTES = {heap: byte for byte, (heap, _) in HEAP_TYPES.items()}
_VAL_TYPE_BYTES = {
    **{number: bytes([byte]) for byte, number in NUMBER_TYPES.items()},
    **{ref: bytes([byte]) for byte, (_, ref) in HEAP_TYPES.items()},
}


def encoded_import(import_: Import, index: Mapping[FuncType, int]) -> bytes:
    return name(import_.module) + name(import_.name) + _extern_type(import_.type, index)


def encoded_export(export: Export) -> bytes:
    return name(export.name) + _KIND_BYTES[export.kind] + unsigned(export.index)


def _types(spec: ModuleSpec) -> list[FuncType]:
    types = list(spec.types)
    known = set(types)
    wanted: list[ExternType] = [i.type for i in spec.imports]
    wanted += [*spec.tags, *(function.type for function in spec.functions)]
    for extern in wanted:
        type_ = extern.type if isinstance(extern, TagType) else extern
        if isinstance(type_, FuncType) and type_ not in known:
            known.add(type_)
            types.append(type_)
    return types


def _func_type(type_: FuncType) -> bytes:
    return b"\x60" + _val_types(type_.params) + _val_types(type_.results)


def _val_types(types: Iterable[ValType]) -> bytes:
    return vector([val_type(type_) for type_ in types])


def _extern_type(extern: ExternType, index: Mapping[FuncType, int]) -> bytes:
    match extern:
        case FuncType():
            contents = unsigned(index[extern])
        case TableType():
            contents = _table_type(extern)
        case MemoryType():
            contents = _memory_type(extern)
        case GlobalType():
            contents = _global_type(extern)
        case TagType():
            contents = tag_type(extern, index)
    return _KIND_BYTES[extern_kind(extern)] + contents


def _limits(limits: Limits, flags: int) -> bytes:
    maximum = b"" if limits.maximum is None else unsigned(limits.maximum)
    return bytes([flags | (limits.maximum is not None)]) + unsigned(limits.minimum) + maximum


def _table_type(table: TableType) -> bytes:
    return val_type(table.element) + _limits(table.limits, 4 * table.is64)


def _memory_type(memory: MemoryType) -> bytes:
    custom_pages = memory.page_size_p2 != 16
    limits = _limits(memory.limits, 2 * memory.shared | 4 * memory.is64 | 8 * custom_pages)
    return limits + (unsigned(memory.page_size_p2) if custom_pages else b"")


def _global_type(type_: GlobalType) -> bytes:
    return val_type(type_.value) + bytes([type_.mutable])


def tag_type(tag: TagType, index: Mapping[FuncType, int]) -> bytes:
    return b"\0" + unsigned(index[tag.type])


def _initial(global_: Global) -> bytes:
    match global_.type.value:
        case ("i32" | "i64") as width:
            return const_expr(global_.init or ConstExpr(None, 0), wide=width == "i64")
        case "f32":
            return b"\x43" + bytes(4) + END
        case "f64":
            return b"\x44" + bytes(8) + END
        case "v128":
            return b"\xfd\x0c" + bytes(16) + END
        case reference:
            if global_.init is not None and global_.init.base_global is not None:
                return const_expr(global_.init)
            encoded = val_type(reference)
            return b"\xd0" + (encoded[1:] or encoded) + END


def const_expr(expr: ConstExpr, *, wide: bool = False) -> bytes:
    """A constant expression with its `end`; `wide` makes it 64 bits."""
    constant = i64_const(expr.value) if wide else i32_const(expr.value)
    if expr.base_global is None:
        return constant + END
    base = global_get(expr.base_global)
    return base + END if expr.value == 0 else base + constant + (b"\x7c" if wide else b"\x6a") + END


def _element(element: ElementSpec) -> bytes:
    functions = vector([unsigned(function) for function in element.functions])
    if element.offset is None:
        return (b"\x03\0" if element.declared else b"\x01\0") + functions
    if element.table == 0:
        return b"\0" + const_expr(element.offset) + functions
    return b"\x02" + unsigned(element.table) + const_expr(element.offset) + b"\0" + functions


def _data(segment: DataSpec) -> bytes:
    if segment.offset is None:
        return b"\x01" + _sized(segment.contents)
    if segment.memory == 0:
        return b"\0" + const_expr(segment.offset) + _sized(segment.contents)
    return b"\x02" + unsigned(segment.memory) + const_expr(segment.offset) + _sized(segment.contents)


def _sized(contents: bytes) -> bytes:
    return unsigned(len(contents)) + contents
