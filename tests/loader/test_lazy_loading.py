"""Lazy libraries come into a live process at the first call, and cost nothing before."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime
from loading import IMPORTS, Load, Wat, call

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.loader import program
from wasmbuild.loader.ending import Trapped, ending_of
from wasmbuild.loader.hosttrap import HostTrap, NotOpened
from wasmbuild.loader.options import HostImport
from wasmbuild.loader.program import Loaded
from wasmbuild.wasm.module import FuncType

COUNT = 111


@pytest.fixture
def root(tmp_path: Path, wat: Wat) -> Path:
    """A library over many, of which all wait."""
    for n in range(COUNT):
        wat(f"lib{n}.so", contents=f'(func (export "f{n}") (result i32) (i32.const {n}))')
    return over_all(tmp_path / "root.so")


def over_all(path: Path) -> Path:
    every = range(COUNT)
    needed = " ".join(f'"lib{n}.so"' for n in every)
    lazy = ", ".join(f"\\22lib{n}.so\\22" for n in every)
    imports = " ".join(f'(import "env" "f{n}" (func $f{n} (result i32)))' for n in every)
    calls = " ".join(f'(func (export "g{n}") (result i32) (call $f{n}))' for n in every)
    own = f'(@custom "wasmbuild" "{{\\22lazy\\22: [{lazy}]}}")'
    path.write_bytes(
        wasmtime.wat2wasm(
            f"(module (@dylink.0 (mem-info (memory 0 0)) (needed {needed})) {own} {IMPORTS} {imports} {calls})"
        )
    )
    return path


def test_of_many_libraries_only_those_that_are_called_are_read_and_made(
    root: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(root)  # from now on its plan is known
    read: list[str] = []
    was = program.read_verified

    def read_verified(path: str, *more: object) -> bytes:
        read.append(Path(path).name)
        return was(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(program, "read_verified", read_verified)
    loaded = load(root)
    assert read == ["root.so"]
    assert [call(loaded, f"g{n}") for n in (7, 70, 7, 0)] == [7, 70, 7, 0]
    assert read == ["root.so", "lib7.so", "lib70.so", "lib0.so"]
    assert names(loaded) == ["lib7.so", "lib70.so", "lib0.so"]
    assert len(loaded.process.instances) == 4


def names(loaded: Loaded) -> list[str]:
    return [loaded.process.plan.modules[each.module].name for each in loaded.came]


def test_who_asks_for_what_a_lazy_library_exports_brings_it_in(root: Path, load: Load) -> None:
    loaded = load(root)
    assert loaded.process.export(3, "f2")(loaded.store) == 2
    assert names(loaded) == ["lib2.so"]


@pytest.mark.parametrize("change", ["gone", "changed", "damaged"])
def test_a_library_that_is_not_what_it_was_cannot_be_opened_and_the_message_says_who_called(
    root: Path, load: Load, tmp_path: Path, change: str
) -> None:
    loaded = load(root)
    library = tmp_path / "lib5.so"
    match change:
        case "gone":
            library.unlink()
        case "changed":
            library.write_bytes((tmp_path / "lib6.so").read_bytes())
        case "damaged":
            library.write_bytes(b"\0asm")
    with pytest.raises(NotOpened, match=r"(?s)`lib5\.so` cannot be opened, at the call of `f5`: ") as raised:
        call(loaded, "g5")
    ending = ending_of(raised.value)
    assert isinstance(ending, Trapped)
    assert ending.kind == "not-opened"
    assert ("cannot read" if change == "gone" else "changed since its link was checked") in ending.message
    assert call(loaded, "g6") == 6


def test_a_lazy_library_that_is_gone_is_said_when_its_program_is_loaded(root: Path, load: Load, tmp_path: Path) -> None:
    load(root)
    (tmp_path / "lib5.so").unlink()
    with pytest.raises(WasmbuildError, match=r"needed library not found: `lib5\.so`"):
        load(root)


def test_a_constructor_that_traps_ends_the_call_with_what_led_there(wat: Wat, load: Load) -> None:
    wat(
        "b.so",
        "",
        '(func $fails (export "__wasm_call_ctors") unreachable) (func (export "f") (result i32) (i32.const 1))',
    )
    own = '(@custom "wasmbuild" "{\\22lazy\\22: [\\22b.so\\22]}")'
    contents = '(func $calls (export "g") (result i32) (call $f))'
    info = '(mem-info (memory 0 0)) (needed "b.so")'
    loaded = load(wat("a.so", f'(import "env" "f" (func $f (result i32))) {own}', contents, info))
    with pytest.raises(wasmtime.Trap) as raised:
        call(loaded, "g")
    ending = ending_of(raised.value, loaded.modules)
    assert isinstance(ending, Trapped)
    assert ending.kind == "unreachable"


def test_a_start_function_may_not_call_what_is_not_there_yet(wat: Wat, load: Load) -> None:
    """As with stubs of circles: what it may need is not there."""
    wat("b.so", "", '(func (export "f"))')
    own = '(@custom "wasmbuild" "{\\22lazy\\22: [\\22b.so\\22]}")'
    root = wat(
        "a.so",
        f'(import "env" "f" (func $f)) {own}',
        "(func $s (call $f)) (start $s)",
        '(mem-info (memory 0 0)) (needed "b.so")',
    )
    with pytest.raises(HostTrap) as raised:
        load(root)
    assert raised.value.kind == "null-function"


def test_constructors_run_once_and_before_the_call(wat: Wat, load: Load) -> None:
    said: list[int] = []
    host = {"say": HostImport(FuncType(("i32",)), said.append)}
    say = '(import "env" "say" (func $say (param i32)))'
    contents = (
        '(func (export "__wasm_call_ctors") (call $say (i32.const 1))) (func (export "f") (call $say (i32.const 2)))'
    )
    wat("b.so", say, contents)
    own = '(@custom "wasmbuild" "{\\22lazy\\22: [\\22b.so\\22]}")'
    info = '(mem-info (memory 0 0)) (needed "b.so")'
    root = wat("a.so", f'(import "env" "f" (func $f)) {own}', '(func (export "g") (call $f))', info)
    loaded = load(root, host=host)
    assert said == []
    call(loaded, "g")
    call(loaded, "g")
    assert said == [1, 2, 2]
