"""What a program sees of the machine, and modules that stand alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime
from loading import Load, Wat, call

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.loader.engine import ProcessLimits
from wasmbuild.loader.options import HostImport
from wasmbuild.loader.wasi import World
from wasmbuild.wasm.module import FuncType

WASI = "wasi_snapshot_preview1"

ARGUMENTS = f"""
(import "{WASI}" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
(import "{WASI}" "args_get" (func $args (param i32 i32) (result i32)))
(import "{WASI}" "environ_sizes_get" (func $env_sizes (param i32 i32) (result i32)))
(import "{WASI}" "environ_get" (func $env (param i32 i32) (result i32)))
"""
READ_ARGUMENTS = """
(func (export "arguments")
  (drop (call $args_sizes (global.get $memory_base) (i32.add (global.get $memory_base) (i32.const 4))))
  (drop (call $args (i32.add (global.get $memory_base) (i32.const 8))
                    (i32.add (global.get $memory_base) (i32.const 108)))))
(func (export "environment")
  (drop (call $env_sizes (global.get $memory_base) (i32.add (global.get $memory_base) (i32.const 4))))
  (drop (call $env (i32.add (global.get $memory_base) (i32.const 8))
                   (i32.add (global.get $memory_base) (i32.const 108)))))
"""


@pytest.mark.parametrize(
    ("function", "texts"),
    [("arguments", [b"prog", b"one two", b"\xc3\xa4"]), ("environment", [b"A=1", b"B=x=y"])],
)
def test_arguments_and_environment_arrive_and_nothing_of_the_machines_does(
    wat: Wat, load: Load, monkeypatch: pytest.MonkeyPatch, function: str, texts: list[bytes]
) -> None:
    monkeypatch.setenv("OF_THE_MACHINE", "secret")
    world = World(("prog", "one two", "ä"), (("A", "1"), ("B", "x=y")), stdio=False)
    loaded = load(wat("a.so", ARGUMENTS, READ_ARGUMENTS, "(mem-info (memory 4096 2))"), world)
    call(loaded, function)
    base = loaded.process.plan.modules[0].memory_base
    read = bytes(loaded.process.memory.read(loaded.store, base, base + 4096))
    assert int.from_bytes(read[:4], "little") == len(texts)
    contents = read[108 : 108 + int.from_bytes(read[4:8], "little")]
    assert contents.split(b"\0") == [*texts, b""]


OPEN = f"""
(import "{WASI}" "path_open"
  (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
(import "{WASI}" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
(import "{WASI}" "fd_fdstat_get" (func $fdstat (param i32 i32) (result i32)))
"""
TRY_OPEN = """
(func (export "open") (param $fd i32) (param $length i32) (result i32)
  (call $open (local.get $fd) (i32.const 1) (global.get $memory_base) (local.get $length)
    (i32.const 0) (i64.const 2) (i64.const 2) (i32.const 0)
    (i32.add (global.get $memory_base) (i32.const 1000))))
(func (export "prestat") (param $fd i32) (result i32) (call $prestat (local.get $fd) (global.get $memory_base)))
(func (export "fdstat") (param $fd i32) (result i32) (call $fdstat (local.get $fd) (global.get $memory_base)))
"""
BAD_DESCRIPTOR = 8
INFO = "(mem-info (memory 1024 3))"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A directory that is given to the guest, with a file and links that lead out, beside a secret that is not."""
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "file").write_text("for the guest")
    (tmp_path / "secret").write_text("not for the guest")
    (tmp_path / "given" / "up").symlink_to("../secret")
    (tmp_path / "given" / "absolute").symlink_to(tmp_path / "secret")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "opens"),
    [
        ("file", True),
        ("./file", True),
        ("sub/../file", False),  # there is no `sub`
        ("../given/file", False),
        ("../secret", False),
        ("up", False),
        ("absolute", False),
        ("/etc/passwd", False),
    ],
)
def test_only_what_is_in_the_given_directory_can_be_opened(
    wat: Wat, load: Load, house: Path, path: str, opens: bool
) -> None:
    loaded = load(wat("a.so", OPEN, TRY_OPEN, INFO), World(directories=((house / "given", "/"),), stdio=False))
    data = path.encode()
    loaded.process.memory.write(loaded.store, data, loaded.process.plan.modules[0].memory_base)
    status = call(loaded, "open", 3, len(data))
    assert (status == 0) is opens
    assert status != BAD_DESCRIPTOR


def test_without_directories_there_is_none(wat: Wat, load: Load) -> None:
    loaded = load(wat("a.so", OPEN, TRY_OPEN, INFO))
    assert [call(loaded, "prestat", fd) for fd in range(3, 6)] == [BAD_DESCRIPTOR] * 3


def test_two_directories_are_two_descriptors(wat: Wat, load: Load, house: Path) -> None:
    world = World(directories=((house / "given", "/one"), (house, "/two")), stdio=False)
    loaded = load(wat("a.so", OPEN, TRY_OPEN, INFO), world)
    assert [call(loaded, "prestat", fd) for fd in (3, 4, 5)] == [0, 0, BAD_DESCRIPTOR]


# Modules that stand alone


def alone(path: Path, contents: str) -> Path:
    path.write_bytes(wasmtime.wat2wasm(f"(module {contents})"))
    return path


def test_a_library_that_stands_alone_is_loaded_and_initialised(tmp_path: Path, load: Load) -> None:
    contents = """(memory (export "memory") 1) (global $x (mut i32) (i32.const 0))
      (func (export "_initialize") (global.set $x (i32.const 5)))
      (func (export "x") (result i32) (global.get $x))"""
    loaded = load(alone(tmp_path / "a.wasm", contents))
    assert loaded.process.plan.memory is None
    assert call(loaded, "x") == 5


def test_a_program_that_stands_alone_runs_to_its_exit_status(tmp_path: Path, load: Load) -> None:
    contents = f"""(import "{WASI}" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
      (func (export "_start") (call $exit (i32.const 6)))"""
    assert load(alone(tmp_path / "a.wasm", contents)).run() == 6


def test_a_module_that_stands_alone_gets_its_host_functions(tmp_path: Path, load: Load) -> None:
    contents = """(import "env" "log" (func $log (param i32))) (memory 1)
      (func (export "run") (call $log (i32.const 4)))"""
    said: list[int] = []
    host = {"log": HostImport(FuncType(("i32",)), said.append)}
    call(load(alone(tmp_path / "a.wasm", contents), host=host), "run")
    assert said == [4]


def test_the_memory_limit_holds_for_a_module_that_stands_alone(tmp_path: Path, load: Load) -> None:
    contents = '(memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))'
    loaded = load(alone(tmp_path / "a.wasm", contents), limits=ProcessLimits(memory_bytes=3 << 16))
    assert (call(loaded, "grow", 3), call(loaded, "grow", 2)) == (-1, 1)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        pytest.param('(import "env" "gone" (func)) (memory 1)', "undefined symbol: `gone`", id="undefined"),
        pytest.param('(import "env" "memory" (memory 1))', "not a shared library", id="wants a memory"),
        pytest.param('(@custom "linking" "\\02")', "an object file, not yet linked", id="an object"),
        pytest.param('(@custom "dylink" "\\00")', "made for an older convention", id="old dylink"),
    ],
)
def test_what_neither_stands_alone_nor_is_a_library_is_refused(
    tmp_path: Path, load: Load, contents: str, message: str
) -> None:
    with pytest.raises(WasmbuildError, match=message):
        load(alone(tmp_path / "a.wasm", contents))
