"""Modules as machine code in the cache: used when they are whole, made again when they are not."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import wasmtime

from wasmbuild.loader import engine as engine_module
from wasmbuild.loader.engine import image_of, make_engine
from wasmbuild.sources.store import UNUSED_AFTER_S, Store

ANSWER = wasmtime.wat2wasm('(module (func (export "f") (result i32) (i32.const 42)))')
OTHER = wasmtime.wat2wasm('(module (func (export "f") (result i32) (i32.const 43)))')


def compile_all(engine: wasmtime.Engine, images: list[bytes], cache: Store | None) -> list[wasmtime.Module]:
    return engine_module.compile_all(engine, [image_of(image) for image in images], cache)


@pytest.fixture
def own_cache(tmp_path: Path) -> Store:
    return Store(tmp_path / "own cache")


def entries(cache: Store) -> list[Path]:
    return sorted(cache.entry("compiled").glob("*.cwasm"))


def flipped(data: bytes, place: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 4
    return bytes(changed)


def answer(engine: wasmtime.Engine, module: wasmtime.Module) -> int:
    store = wasmtime.Store(engine)
    function = wasmtime.Instance(store, module, []).exports(store)["f"]
    assert isinstance(function, wasmtime.Func)
    return int(function(store))


def test_modules_come_back_in_their_order_and_each_has_an_entry(own_cache: Store) -> None:
    engine = make_engine()
    for _ in range(2):
        modules = compile_all(engine, [ANSWER, OTHER], own_cache)
        assert [answer(engine, module) for module in modules] == [42, 43]
        assert len(entries(own_cache)) == 2


def test_some_cached_and_some_new_come_back_in_their_order(own_cache: Store) -> None:
    engine = make_engine()
    compile_all(engine, [OTHER], own_cache)
    assert [answer(engine, m) for m in compile_all(engine, [ANSWER, OTHER, ANSWER], own_cache)] == [42, 43, 42]


def test_a_cached_module_is_not_compiled_again(own_cache: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = make_engine()
    compile_all(engine, [ANSWER], own_cache)

    def refuse(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(engine_module, "_compile", refuse)
    (module,) = compile_all(engine, [ANSWER], own_cache)
    assert answer(engine, module) == 42
    with pytest.raises(AssertionError, match="compiled again"):
        compile_all(engine, [OTHER], own_cache)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut"),
        pytest.param(lambda data: b"not machine code", id="text"),
        pytest.param(lambda data: ANSWER, id="the module itself"),
        pytest.param(lambda data: data[:-1], id="one byte less"),
        pytest.param(lambda data: data + b"x", id="one byte more"),
        pytest.param(lambda data: flipped(data, 100), id="a bit of its head flipped"),
        pytest.param(lambda data: flipped(data, len(data) // 2), id="a bit of its middle flipped"),
        pytest.param(lambda data: flipped(data, len(data) - 3), id="a bit of its checksum flipped"),
    ],
)
def test_a_damaged_entry_is_compiled_again_and_replaced(own_cache: Store, damage: Callable[[bytes], bytes]) -> None:
    engine = make_engine()
    compile_all(engine, [ANSWER], own_cache)
    (entry,) = entries(own_cache)
    damaged = damage(entry.read_bytes())
    entry.write_bytes(damaged)
    (module,) = compile_all(engine, [ANSWER], own_cache)
    assert answer(engine, module) == 42
    assert entry.read_bytes() != damaged
    assert answer(engine, wasmtime.Module.deserialize_file(engine, str(entry))) == 42


def test_without_a_cache_nothing_is_kept(own_cache: Store) -> None:
    engine = make_engine()
    (module,) = compile_all(engine, [ANSWER], None)
    assert answer(engine, module) == 42
    assert entries(own_cache) == []


def test_a_cache_that_cannot_be_written_to_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    engine = make_engine()
    (module,) = compile_all(engine, [ANSWER], Store(tmp_path / "file"))
    assert answer(engine, module) == 42


def test_a_module_that_the_engine_refuses_is_its_error_and_leaves_no_entry(own_cache: Store) -> None:
    bad = b"\0asm\1\0\0\0\xff"
    with pytest.raises(wasmtime.WasmtimeError):
        compile_all(make_engine(), [bad], own_cache)
    assert entries(own_cache) == []


def test_every_bit_that_is_flipped_is_found(own_cache: Store) -> None:
    engine = make_engine()
    compile_all(engine, [ANSWER], own_cache)
    (entry,) = entries(own_cache)
    whole = entry.read_bytes()
    for place in range(0, len(whole), 97):
        entry.write_bytes(flipped(whole, place))
        assert engine_module._cached(engine, entry) is None
    entry.write_bytes(whole)
    assert engine_module._cached(engine, entry) is not None


def test_another_modules_machine_code_is_not_run(own_cache: Store) -> None:
    engine = make_engine()
    compile_all(engine, [ANSWER], own_cache)
    (entry,) = entries(own_cache)
    compile_all(engine, [OTHER], own_cache)
    (other,) = [path for path in entries(own_cache) if path != entry]
    entry.write_bytes(other.read_bytes())
    (module,) = compile_all(engine, [ANSWER], own_cache)
    assert answer(engine, module) == 42


def test_what_nobody_used_for_a_month_is_removed_when_something_is_compiled(own_cache: Store) -> None:
    engine = make_engine()
    compile_all(engine, [ANSWER], own_cache)
    (entry,) = entries(own_cache)
    unused = entry.with_name("0" * 40 + ".cwasm")
    unused.write_bytes(b"old")
    long_ago = time.time() - UNUSED_AFTER_S - 60
    for path in (entry, unused, own_cache.entry(".tidied")):
        os.utime(path, (long_ago, long_ago))
    compile_all(engine, [ANSWER], own_cache)  # used: it stays
    compile_all(engine, [OTHER], own_cache)
    assert entry.exists()
    assert not unused.exists()
    assert len(entries(own_cache)) == 2
