"""What we read out of real modules is what an engine reads out of them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from wasmbuild.wasm.decode import decode, decode_names
from wasmbuild.wasm.encode import Function, ModuleSpec, body, encode
from wasmbuild.wasm.module import (
    Export,
    ExternType,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    Module,
    TableType,
    TagType,
)
from wasmbuild.wasm.objects import Feature, decode_features

wasmtime = pytest.importorskip("wasmtime")


def val_type(engine_type: Any) -> str:
    # The engine's C API is older than the type and calls it by its name of then.
    return str(engine_type).replace("anyref", "externref")


def from_engine(extern: Any) -> ExternType | None:
    """The engine's type as ours; None for tags, whose contents its Python API does not show."""
    match extern:
        case wasmtime.FuncType():
            return FuncType(tuple(map(val_type, extern.params)), tuple(map(val_type, extern.results)))
        case wasmtime.GlobalType():
            return GlobalType(val_type(extern.content), extern.mutable)
        case wasmtime.TableType():
            return TableType(val_type(extern.element), Limits(extern.limits.min, extern.limits.max))
        case wasmtime.MemoryType():
            limits = Limits(extern.limits.min, extern.limits.max)
            return MemoryType(limits, extern.is_shared, extern.is_64)
    assert type(extern).__name__ == "TagType"
    return None


# No v128 below: asking the engine's Python API for the text of that type ends the process.
def engine_view(data: bytes) -> Any:
    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.wasm_multi_memory = True
    config.wasm_memory64 = True
    return wasmtime.Module(wasmtime.Engine(config), data)


def check_against_engine(data: bytes) -> Module:
    ours, theirs = decode(data), engine_view(data)
    assert [(i.module, i.name) for i in ours.imports] == [(i.module, i.name) for i in theirs.imports]
    assert [x.name for x in ours.exports] == [x.name for x in theirs.exports]
    pairs = [
        *((i.type, from_engine(t.type)) for i, t in zip(ours.imports, theirs.imports, strict=True)),
        *((ours.export_type(x), from_engine(t.type)) for x, t in zip(ours.exports, theirs.exports, strict=True)),
    ]
    for mine, engine in pairs:
        assert mine == engine or (engine is None and isinstance(mine, TagType))
    return ours


def test_a_module_of_everything_has_the_types_that_the_engine_sees(wat_module: bytes) -> None:
    assert len(check_against_engine(wat_module).exports) == 7


def test_a_linked_library_has_the_types_that_the_engine_sees(compiled: Mapping[str, Path]) -> None:
    m = check_against_engine(compiled["linked.so"].read_bytes())
    assert m.export_type(m.exports_by_name["reads"]) == FuncType((), ("i32",))
    assert {"GOT.mem", "GOT.func", "env"} == {i.module for i in m.imports}


def test_the_dylink_section_of_a_linked_library_is_read(compiled: Mapping[str, Path]) -> None:
    m = decode(compiled["linked.so"].read_bytes())
    assert m.dylink is not None
    assert m.dylink_is_first
    assert not m.is_object
    assert m.dylink.mem_info.table_size == 1  # `helper`, whose address is in `pointer`
    assert m.dylink.mem_info.memory_size >= 12
    assert m.dylink.import_flags[("env", "perhaps")] & 0x11 == 0x11  # weak and undefined


def test_names_and_features_survive_the_link(compiled: Mapping[str, Path]) -> None:
    data = compiled["linked.so"].read_bytes()
    m = decode(data)
    assert decode_names(data, m)[m.exports_by_name["calls"].index] == "calls"
    assert Feature("+", "mutable-globals") in decode_features(data, m)


@pytest.mark.parametrize(
    "text",
    [
        '(module (memory (export "m") i64 1 2))',
        '(module (import "a" "m" (memory 1 2 shared)))',
        '(module (memory 1) (memory (export "n") 2))',
        '(module (table (export "t") 1 externref) (func (export "f") (param externref funcref f64)))',
        '(module (import "a" "b" (func (param f32 f64) (result i32 i64))))',
    ],
)
def test_other_forms_have_the_types_that_the_engine_sees(text: str) -> None:
    m = check_against_engine(bytes(wasmtime.wat2wasm(text)))
    assert m.imports or m.exports


def test_thousands_of_functions_are_decoded_in_milliseconds() -> None:
    type_ = FuncType(("i32", "i32"), ("i32",))
    count = 2000
    spec = ModuleSpec(
        functions=tuple(Function(type_, body(bytes([1]) * 400)) for _ in range(count)),
        exports=tuple(Export(f"a_function_of_some_length_{i}", "func", i) for i in range(count)),
    )
    data = encode(spec)
    best_s = 1.0
    for _ in range(5):
        start = time.perf_counter()
        assert len(decode(data).exports) == count
        best_s = min(best_s, time.perf_counter() - start)
    assert best_s < 0.1  # 4 ms where it was measured; the margin is for busy machines
