"""The decoded values: how types read, and how a module is asked."""

from __future__ import annotations

import pytest

from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import (
    ConstExpr,
    Data,
    Dylink,
    Element,
    Export,
    ExternType,
    FuncType,
    Global,
    GlobalType,
    Import,
    Limits,
    MemInfo,
    MemoryType,
    Module,
    TableType,
    TagType,
)


@pytest.mark.parametrize(
    ("extern", "text"),
    [
        (FuncType(), "() -> ()"),
        (FuncType(("i32", "i32"), ("i64",)), "(i32, i32) -> i64"),
        (FuncType((), ("i32", "i32")), "() -> (i32, i32)"),
        (Limits(1), "1.."),
        (Limits(1, 2), "1..2"),
        (TableType("funcref", Limits(3)), "table 3.. of funcref"),
        (TableType("externref", Limits(0, 9), is64=True), "table i64 0..9 of externref"),
        (MemoryType(Limits(2)), "memory 2.. pages"),
        (MemoryType(Limits(2, 3), shared=True, is64=True), "shared memory i64 2..3 pages"),
        (MemoryType(Limits(2), page_size_p2=0), "memory 2.. pages of 1 bytes"),
        (GlobalType("i32"), "global i32"),
        (GlobalType("i64", mutable=True), "global mutable i64"),
        (TagType(FuncType(("i32",))), "tag (i32)"),
    ],
)
def test_a_type_reads_as_people_write_it(extern: ExternType | Limits, text: str) -> None:
    assert str(extern) == text


def test_every_part_of_a_module_is_decoded(wat_module: bytes) -> None:
    m = decode(wat_module)
    assert m.size_bytes == len(wat_module)
    assert m.dylink == Dylink(
        MemInfo(100, 4, 2, 0),
        ("libc.so", "libm.so"),
        {"t": 0x100},
        {("env", "f"): 0x11},
        ("$ORIGIN", "/lib"),
    )
    assert m.imports == (
        Import("env", "f", FuncType(("i32", "i32"), ("i64",))),
        Import("env", "memory", MemoryType(Limits(1))),
        Import("env", "__indirect_function_table", TableType("funcref", Limits(3))),
        Import("env", "__memory_base", GlobalType("i32")),
        Import("GOT.mem", "errno", GlobalType("i32", mutable=True)),
        Import("env", "__c_longjmp", TagType(FuncType(("i32",)))),
    )
    assert m.functions == (FuncType(("i32", "i64"), ("f32", "f64")), FuncType())
    assert m.tables == (TableType("externref", Limits(1, 5)),)
    assert m.memories == (MemoryType(Limits(2, 3)),)
    assert m.tags == (TagType(FuncType(("i64", "f32"))),)
    assert m.globals == (
        Global(GlobalType("i32"), ConstExpr(None, -8)),
        Global(GlobalType("i64", mutable=True), ConstExpr(None, 5_000_000_000)),
    )
    assert m.exports[:2] == (Export("g", "func", 1), Export("f again", "func", 0))
    assert m.start == 2
    assert m.elements == (
        Element(0, ConstExpr(0, 0), (1, 0)),
        Element(0, None, (2,), "declared"),
    )
    active, passive = m.data
    assert (active.offset, passive.mode, m.data_size_bytes) == (ConstExpr(0, 0), "passive", 10)
    assert contents(wat_module, active) == b"abc"
    assert contents(wat_module, passive) == b"passive"


def contents(data: bytes, segment: Data) -> bytes:
    return data[segment.payload_offset : segment.payload_offset + segment.size_bytes]


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("g", FuncType(("i32", "i64"), ("f32", "f64"))),
        ("f again", FuncType(("i32", "i32"), ("i64",))),
        ("t", GlobalType("i32")),
        ("errno", GlobalType("i32", mutable=True)),
        ("memory", MemoryType(Limits(2, 3))),
        ("table", TableType("externref", Limits(1, 5))),
        ("own", TagType(FuncType(("i64", "f32")))),
    ],
)
def test_the_type_of_an_export_is_found_behind_the_imports(wat_module: bytes, name: str, type_: ExternType) -> None:
    m = decode(wat_module)
    assert m.export_type(m.exports_by_name[name]) == type_


def test_an_index_tells_imported_from_defined(wat_module: bytes) -> None:
    m = decode(wat_module)
    assert m.imported_function(0) == m.imports[0]
    assert m.imported_function(1) is None
    assert m.defined_global(1) is None
    assert m.defined_global(2) == m.globals[0]


def test_the_place_of_the_dylink_section_is_known(wat_module: bytes) -> None:
    first = decode(wat_module)
    assert first.dylink_is_first
    section = first.sections[0]
    end = section.offset + section.size_bytes
    moved = decode(wat_module[:8] + wat_module[end:] + wat_module[8:end])
    assert not moved.dylink_is_first
    assert moved.dylink == first.dylink


def test_a_module_is_not_an_object_and_has_no_old_dylink(wat_module: bytes) -> None:
    m = decode(wat_module)
    assert not m.is_object
    assert not m.has_old_dylink
    assert decode(b"\0asm\1\0\0\0\0\7\6dylink").has_old_dylink


def test_an_empty_module_is_a_module() -> None:
    assert decode(b"\0asm\1\0\0\0") == Module()
