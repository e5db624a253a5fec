"""Values to bytes and back again; and what the encoder makes is what an engine takes."""

from __future__ import annotations

from typing import Literal, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmbuild.wasm import encode as e
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import DataSpec, ElementSpec, Function, ModuleSpec, encode
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
    Limits,
    MemInfo,
    MemoryType,
    Module,
    TableType,
    TagType,
)
from wasmbuild.wasm.reader import Cursor

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
u32 = st.integers(0, 2**32 - 1)
i32 = st.integers(-(2**31), 2**31 - 1)
flags = st.sampled_from([0, 1, 0x11, 0x100, 0x200])
ref_types = st.sampled_from(["funcref", "externref", "exnref", "anyref", "(ref null 0)"])
numbers = st.sampled_from(["i32", "i64", "f32", "f64", "v128"])
val_types = numbers | ref_types
func_types = st.builds(
    FuncType,
    st.lists(val_types, max_size=3).map(tuple),
    st.lists(val_types, max_size=2).map(tuple),
)
mem_infos = st.builds(MemInfo, u32, st.integers(0, 31), u32, st.integers(0, 31))
dylinks = st.builds(
    Dylink,
    mem_infos,
    st.lists(names, max_size=2).map(tuple),
    st.dictionaries(names, flags, max_size=2),
    st.dictionaries(st.tuples(names, names), flags, max_size=2),
    st.lists(names, max_size=2).map(tuple),
)


@st.composite
def limits(draw: st.DrawFn, *, bounded: bool = False, most: int = 2**32 - 1) -> Limits:
    minimum = draw(st.integers(0, 1000))
    maximum = st.integers(minimum, most)
    return Limits(minimum, draw(maximum if bounded else st.none() | maximum))


table_types = st.builds(TableType, ref_types, limits(), st.booleans())
memory_types = (
    st.builds(MemoryType, limits(), st.just(False), st.booleans(), st.just(0))
    | st.builds(MemoryType, limits(most=65_536), st.just(False), st.booleans(), st.just(16))
    | st.builds(MemoryType, limits(bounded=True, most=65_536), st.just(True))
)
global_types = st.builds(GlobalType, val_types, st.booleans())
tag_types = st.builds(TagType, func_types)
extern_types = func_types | table_types | memory_types | global_types | tag_types
bodies = st.binary(max_size=9).map(e.body)


T = TypeVar("T")


def some(strategy: st.SearchStrategy[T], most: int = 3) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


@st.composite
def specs(draw: st.DrawFn) -> ModuleSpec:
    """Well-formed modules: every index names something. Whether the code is valid does not matter here."""
    types = (FuncType(), *draw(some(func_types)))  # "(ref null 0)" needs a type 0
    imports = tuple(Import(*draw(st.tuples(names, names, extern_types))) for _ in range(draw(st.integers(0, 4))))
    functions = draw(some(st.builds(Function, func_types, bodies)))
    tables, memories = draw(some(table_types, 2)), draw(some(memory_types, 2))
    tags = draw(some(tag_types, 2))
    imported_globals = sum(isinstance(i.type, GlobalType) for i in imports)
    globals_: list[Global] = []
    for type_ in draw(st.lists(global_types, max_size=3)):
        init = None
        known = imported_globals + len(globals_)
        if type_.value in ("i32", "i64"):
            base = draw(st.none() | st.integers(0, known - 1)) if known else None
            init = ConstExpr(base, draw(i32))
        globals_.append(Global(type_, init))
    sizes: dict[ExternKind, int] = {
        "func": sum(isinstance(i.type, FuncType) for i in imports) + len(functions),
        "table": sum(isinstance(i.type, TableType) for i in imports) + len(tables),
        "memory": sum(isinstance(i.type, MemoryType) for i in imports) + len(memories),
        "global": imported_globals + len(globals_),
        "tag": sum(isinstance(i.type, TagType) for i in imports) + len(tags),
    }
    exports: list[Export] = []
    for export_name in draw(st.sets(names, max_size=4)):
        kind = draw(st.sampled_from(list(sizes)))
        if sizes[kind]:
            exports.append(Export(export_name, kind, draw(st.integers(0, sizes[kind] - 1))))
    offsets = st.builds(ConstExpr, st.none(), i32)
    if sizes["global"]:
        offsets |= st.builds(ConstExpr, st.integers(0, sizes["global"] - 1), i32)
    elements: list[ElementSpec] = []
    for _ in range(draw(st.integers(0, 2))):
        listed = draw(some(st.integers(0, sizes["func"] - 1))) if sizes["func"] else ()
        if sizes["table"] and draw(st.booleans()):
            elements.append(ElementSpec(listed, draw(offsets), draw(st.integers(0, sizes["table"] - 1))))
        else:
            elements.append(ElementSpec(listed, declared=draw(st.booleans())))
    data: list[DataSpec] = []
    for _ in range(draw(st.integers(0, 2))):
        if sizes["memory"] and draw(st.booleans()):
            memory = draw(st.integers(0, sizes["memory"] - 1))
            data.append(DataSpec(draw(st.binary(max_size=9)), draw(offsets), memory))
        else:
            data.append(DataSpec(draw(st.binary(max_size=9))))
    return ModuleSpec(
        types=types,
        imports=imports,
        functions=functions,
        tables=tables,
        memories=memories,
        tags=tags,
        globals=tuple(globals_),
        exports=tuple(exports),
        elements=tuple(elements),
        data=tuple(data),
        dylink=draw(st.none() | dylinks),
        customs=draw(some(st.tuples(st.sampled_from(["", "x", "name2"]), st.binary(max_size=5)))),
    )


@given(specs())
def test_decode_gives_back_what_encode_was_given(spec: ModuleSpec) -> None:
    data = encode(spec)
    m = decode(data)
    assert m.size_bytes == len(data)
    assert m.types[: len(spec.types)] == spec.types
    assert m.imports == spec.imports
    assert m.functions == tuple(f.type for f in spec.functions)
    assert (m.tables, m.memories, m.tags) == (spec.tables, spec.memories, spec.tags)
    assert m.globals == spec.globals
    assert m.exports == spec.exports
    assert m.elements == tuple(decoded_element(element) for element in spec.elements)
    assert [contents(data, s) for s in m.data] == [s.contents for s in spec.data]
    assert [(s.memory, s.offset) for s in m.data] == [(s.memory, s.offset) for s in spec.data]
    assert m.dylink == spec.dylink
    assert m.dylink_is_first == (spec.dylink is not None)
    assert encode(spec_of(data, m, spec)) == data


def decoded_element(element: ElementSpec) -> Element:
    mode: Literal["active", "passive", "declared"] = "declared" if element.declared else "passive"
    if element.offset is not None:
        mode = "active"
    return Element(element.table, element.offset, element.functions, mode)


def contents(data: bytes, segment: Data) -> bytes:
    return data[segment.payload_offset : segment.payload_offset + segment.size_bytes]


def spec_of(data: bytes, m: Module, spec: ModuleSpec) -> ModuleSpec:
    """The specification of a decoded module; code and custom sections, which decode skips, are `spec`'s."""
    return ModuleSpec(
        types=tuple(t for t in m.types if isinstance(t, FuncType)),
        imports=m.imports,
        functions=tuple(Function(t, f.body) for t, f in zip(m.functions, spec.functions, strict=True)),
        tables=m.tables,
        memories=m.memories,
        tags=m.tags,
        globals=m.globals,
        exports=m.exports,
        start=m.start,
        elements=tuple(
            ElementSpec(tuple(f for f in s.functions if f is not None), s.offset, s.table, s.mode == "declared")
            for s in m.elements
        ),
        data=tuple(DataSpec(contents(data, s), s.offset, s.memory) for s in m.data),
        dylink=m.dylink,
        customs=spec.customs,
    )


@given(st.integers(0, 2**64 - 1))
def test_unsigned_numbers_survive_the_round_trip(value: int) -> None:
    encoded = e.unsigned(value)
    assert Cursor(encoded, 0, len(encoded), "", "").unsigned(64) == value


@given(st.integers(-(2**63), 2**63 - 1))
def test_signed_numbers_survive_the_round_trip(value: int) -> None:
    encoded = e.signed(value)
    assert Cursor(encoded, 0, len(encoded), "", "").signed(64) == value


@pytest.mark.parametrize(
    ("value", "encoded"),
    [(0, "00"), (127, "7f"), (128, "8001"), (624485, "e58e26"), (2**32 - 1, "ffffffff0f")],
)
def test_unsigned_numbers_are_as_short_as_can_be(value: int, encoded: str) -> None:
    assert e.unsigned(value).hex() == encoded


@pytest.mark.parametrize(
    ("value", "encoded"), [(0, "00"), (-1, "7f"), (63, "3f"), (64, "c000"), (-64, "40"), (-123456, "c0bb78")]
)
def test_signed_numbers_are_as_short_as_can_be(value: int, encoded: str) -> None:
    assert e.signed(value).hex() == encoded


def test_a_negative_number_has_no_unsigned_form() -> None:
    with pytest.raises(ValueError, match="-1 is negative"):
        e.unsigned(-1)


@pytest.mark.parametrize("type_", ["i8", "(ref)", "(ref null nothing)", "ref func", ""])
def test_an_unknown_type_is_refused(type_: str) -> None:
    with pytest.raises(ValueError, match="unknown value type"):
        e.val_type(type_)


def test_an_adapter_runs_in_the_engine() -> None:
    wasmtime = pytest.importorskip("wasmtime")
    binary = FuncType(("i32", "i32"), ("i32",))
    spec = ModuleSpec(
        types=(binary,),
        imports=(
            Import("host", "f", binary),
            Import("env", "memory", MemoryType(Limits(1))),
            Import("env", "table", TableType("funcref", Limits(2))),
            Import("env", "base", GlobalType("i32")),
        ),
        functions=(
            Function(binary, e.body(e.local_get(0) + e.local_get(1) + e.i32_const(1) + e.call_indirect(0))),
            Function(FuncType(), e.body(e.global_get(1) + e.i32_const(41) + b"\x6a" + e.global_set(1))),
        ),
        globals=(Global(GlobalType("i32", mutable=True), ConstExpr(0, 1)),),
        exports=(Export("through", "func", 1), Export("memory", "memory", 0), Export("g", "global", 1)),
        start=2,
        elements=(ElementSpec((0,), ConstExpr(None, 1)),),
        data=(DataSpec(b"hello", ConstExpr(0, 0)),),
    )
    store = wasmtime.Store()
    host_type = wasmtime.FuncType([wasmtime.ValType.i32()] * 2, [wasmtime.ValType.i32()])
    memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(1, None)))
    table_type = wasmtime.TableType(wasmtime.ValType.funcref(), wasmtime.Limits(2, None))
    base_type = wasmtime.GlobalType(wasmtime.ValType.i32(), mutable=False)
    instance = wasmtime.Instance(
        store,
        wasmtime.Module(store.engine, encode(spec)),
        [
            wasmtime.Func(store, host_type, lambda a, b: a * 100 + b),
            memory,
            wasmtime.Table(store, table_type, None),
            wasmtime.Global(store, base_type, wasmtime.Val.i32(16)),
        ],
    )
    exports = instance.exports(store)
    assert exports["through"](store, 3, 4) == 304
    assert exports["g"].value(store) == 16 + 1 + 41
    assert memory.read(store, 16, 21) == b"hello"


@given(extern_types)
def test_every_type_of_an_import_survives(extern: ExternType) -> None:
    spec = ModuleSpec(types=(FuncType(),), imports=(Import("m", "n", extern),))
    assert decode(encode(spec)).imports == spec.imports
