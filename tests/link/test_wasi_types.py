"""The types of the WASI functions are what the engine has, and what the C library imports."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime

from wasmbuild.link.wasi import WASI_FUNCTIONS
from wasmbuild.wasm.abi import WASI_SNAPSHOT_PREVIEW1
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import ModuleSpec, encode
from wasmbuild.wasm.module import FuncType, Import


def instantiate(functions: dict[str, FuncType]) -> None:
    imports = tuple(Import(WASI_SNAPSHOT_PREVIEW1, name, type_) for name, type_ in functions.items())
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    store.set_wasi(wasmtime.WasiConfig())
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    linker.instantiate(store, wasmtime.Module(engine, encode(ModuleSpec(imports=imports))))


def test_a_module_that_imports_all_of_them_instantiates() -> None:
    assert len(WASI_FUNCTIONS) == 46
    instantiate(dict(WASI_FUNCTIONS))


def test_the_engine_compares_types() -> None:
    """Without this, the test above would prove nothing."""
    with pytest.raises(wasmtime.WasmtimeError, match="incompatible import type"):
        instantiate({"fd_close": FuncType(("i64",), ("i32",))})


def test_the_c_librarys_imports_have_these_types(libc: Path) -> None:
    wasi = [i for i in decode(libc.read_bytes()).imports if i.module == WASI_SNAPSHOT_PREVIEW1]
    assert len(wasi) > 20
    assert {i.name: i.type for i in wasi} == {i.name: WASI_FUNCTIONS[i.name] for i in wasi}
