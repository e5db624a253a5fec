"""The runner: what each kind of failure is called, the limits it keeps, and that one test cannot hurt another."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import wasmtime
from guests import (
    ECHOES,
    FOREVER,
    SHOWS_ARGUMENTS,
    SHOWS_ENVIRONMENT,
    SLEEPS,
    TEXT,
    WASI,
    creates,
    exits,
    floods,
    guest,
    links,
    prints,
)

from wasmbuild.builder.stepclient import SOCKET
from wasmbuild.diagnostics import Position
from wasmbuild.testing import runner
from wasmbuild.testing import scratch as testing_scratch
from wasmbuild.testing.calls import Call
from wasmbuild.testing.cases import Case, Expected, Step
from wasmbuild.testing.outcome import Outcome
from wasmbuild.testing.runner import run_case, run_cases
from wasmbuild.testing.runtimes import Runtime, of_module, start_forking

LONG_S = 60.0
"""For what ends by itself: no test waits for it, however busy the machine is."""
SHORT_S = 0.5
"""For what never ends: whatever it is doing by then, it is stopped."""


@pytest.fixture(scope="module", autouse=True)
def cache_of_the_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The children compile into a cache of their own, once for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WASMBUILD_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module", autouse=True)
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The children are forked, as those of `wasmbuild test` are."""
    directory = tmp_path_factory.mktemp("modules")
    (directory / "crashing.py").write_text("import os\nos.kill(os.getpid(), 11)\n")
    with mock.patch.dict(os.environ):
        os.environ["PYTHONPATH"] = f"{directory}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        start_forking.__wrapped__()
        yield


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where private directories are made; after every test, whatever became of it, they are gone."""
    directory = tmp_path / "private directories"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    yield directory
    assert list(directory.iterdir()) == []


PROG = Step(("prog",))


def case(module: Path, *steps: Step, **more: Any) -> Case:
    more.setdefault("timeout_s", LONG_S)
    return Case(name=module.stem, at=None, module=module, steps=steps, **more)


def run_program(tmp_path: Path, body: str, text: str = "", step: Step = PROG, **more: Any) -> Outcome:
    return run_case(case(guest(tmp_path / "prog.wasm", body, text), step, **more))


def passed(outcome: Outcome) -> bool:
    assert (outcome.status, outcome.message, outcome.details) == ("passed", "", "")
    return True


# What a program does


@pytest.mark.parametrize("status", [0, 1, 125])
def test_the_exit_status_must_be_the_expected_one(tmp_path: Path, status: int) -> None:
    module = guest(tmp_path / "prog.wasm", exits(status))
    assert passed(run_case(case(module, Step(("prog",), exit=status))))
    outcome = run_case(case(module, Step(("prog",), exit=status + 1)))
    assert (outcome.status, outcome.message) == ("failed", f"exit status {status}, expected {status + 1}")


def test_a_failure_shows_what_was_printed(tmp_path: Path) -> None:
    body, text = prints("what it said\n", fd=2)
    outcome = run_program(tmp_path, body + exits(1), text)
    assert outcome.details == "standard error:\n  what it said"


def test_standard_output_must_be_exactly_the_expected_text(tmp_path: Path) -> None:
    body, text = prints("a\nbä\n")
    assert passed(run_program(tmp_path, body, text, Step(("prog",), stdout="a\nbä\n")))
    outcome = run_program(tmp_path, body, text, Step(("prog",), stdout="a\nc\n"))
    assert (outcome.status, outcome.message) == ("failed", "standard output differs")
    assert outcome.details == "--- expected\n+++ actual\n@@ -1,2 +1,2 @@\n a\n-c\n+bä"


def test_standard_output_must_be_exactly_what_is_in_the_file(tmp_path: Path) -> None:
    body, text = prints("a\nbä\n")
    expected = tmp_path / "expected.txt"
    expected.write_text("a\nbä\n", encoding="utf-8")
    assert passed(run_program(tmp_path, body, text, Step(("prog",), stdout=expected)))
    expected.write_bytes(b"a\nb\xe4\n")
    outcome = run_program(tmp_path, body, text, Step(("prog",), stdout=expected))
    assert (outcome.status, outcome.message) == ("failed", "standard output differs from `expected.txt`")
    assert outcome.details == "--- expected\n+++ actual\n@@ -1,2 +1,2 @@\n a\n-b\\xe4\n+bä"


def test_an_expected_file_that_is_gone_is_no_failure_of_the_program(tmp_path: Path) -> None:
    outcome = run_program(tmp_path, *prints("a"), Step(("prog",), stdout=tmp_path / "gone.txt"))
    assert (outcome.status, outcome.message) == ("error", "cannot run it: No such file or directory")


@pytest.mark.parametrize(
    ("printed", "expected", "details"),
    [
        ("a", "a\n", "expected: 'a\\n'\nactual:   'a'"),
        ("", "a\n", "expected: 'a\\n'\nactual:   ''"),
        ("a\n", "", "expected: ''\nactual:   'a\\n'"),
    ],
)
def test_a_difference_in_white_space_alone_is_seen(tmp_path: Path, printed: str, expected: str, details: str) -> None:
    outcome = run_program(tmp_path, *prints(printed), Step(("prog",), stdout=expected))
    assert (outcome.status, outcome.details) == ("failed", details)


def test_standard_output_may_match_a_pattern_anywhere(tmp_path: Path) -> None:
    body, text = prints("first\ncount: 12\n")
    assert passed(run_program(tmp_path, body, text, Step(("prog",), stdout_matches=r"^count: \d+$")))
    outcome = run_program(tmp_path, body, text, Step(("prog",), stdout_matches=r"^count: [a-z]+$"))
    assert (outcome.status, outcome.message) == ("failed", "standard output does not match")
    assert outcome.details == "pattern:\n  ^count: [a-z]+$\nstandard output:\n  first\n  count: 12"


def test_output_that_is_no_text_is_shown_and_fails(tmp_path: Path) -> None:
    module = guest(
        tmp_path / "prog.wasm",
        prints("x")[0],
        more='(data (offset (i32.add (global.get $base) (i32.const 64))) "\\ff")',
    )
    outcome = run_case(case(module, Step(("prog",), stdout="x")))
    assert outcome.details == "expected: 'x'\nactual:   '\\\\xff'"


def test_standard_input_arrives(tmp_path: Path) -> None:
    assert passed(run_program(tmp_path, ECHOES, "", Step(("prog",), stdin=b"hello\n", stdout="hello\n")))
    given = tmp_path / "given.txt"
    given.write_bytes(b"from a file\n")
    assert passed(run_program(tmp_path, ECHOES, "", Step(("prog",), stdin=given, stdout="from a file\n")))
    assert passed(run_program(tmp_path, ECHOES, "", Step(("prog",), stdout="")))


def test_arguments_arrive(tmp_path: Path) -> None:
    step = Step(("prog", "one", "two words"), stdout="prog\0one\0two words\0")
    assert passed(run_program(tmp_path, SHOWS_ARGUMENTS, "", step))


def test_the_environment_is_what_the_test_says_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_MACHINE", "secret")
    step = Step(("prog",), stdout="A=1\0B=x=y\0")
    assert passed(run_program(tmp_path, SHOWS_ENVIRONMENT, "", step, environment=(("A", "1"), ("B", "x=y"))))


def test_a_trap_names_what_happened_and_the_functions_it_was_in(tmp_path: Path) -> None:
    outcome = run_program(tmp_path, prints("before\n")[0] + "(call $at (i32.const 0)) drop unreachable", "before\n")
    assert outcome.status == "failed"
    assert outcome.message.startswith("trapped: unreachable code reached")
    assert outcome.details.startswith("in:\n  ")
    assert outcome.details.endswith("\nstandard output:\n  before")


@pytest.mark.parametrize(
    ("contents", "message"),
    [(b"text", "malformed module: `"), (b"\0asm\1\0\0\0", "`a.wasm` is no program: it has no `_start`")],
)
def test_what_cannot_be_loaded_fails_with_the_message_of_the_loader(
    tmp_path: Path, contents: bytes, message: str
) -> None:
    (tmp_path / "a.wasm").write_bytes(contents)
    outcome = run_case(case(tmp_path / "a.wasm", Step(("a",))))
    assert outcome.status == "failed"
    assert outcome.message.startswith(message)


def test_a_module_that_is_not_there_is_said(tmp_path: Path) -> None:
    outcome = run_case(case(tmp_path / "gone.wasm", Step(("gone",))))
    assert outcome.status == "failed"
    assert outcome.message.startswith("cannot read `")


# Limits


def test_a_program_that_loops_without_an_end_is_stopped_at_its_limit(tmp_path: Path) -> None:
    outcome = run_program(tmp_path, FOREVER + exits(0), timeout_s=SHORT_S)
    assert (outcome.status, outcome.message) == ("failed", "ran longer than its limit of 0.5 s, and was stopped")


def test_a_program_that_sleeps_is_stopped_at_its_limit(tmp_path: Path) -> None:
    """It waits in the host, where no code of the guest runs. What it printed shows that it came so far."""
    body, text = prints("asleep")
    outcome = run_program(tmp_path, body + SLEEPS + exits(1), text, timeout_s=3.0)
    assert outcome.message == "ran longer than its limit of 3 s, and was stopped"
    assert outcome.details == "standard output:\n  asleep"


def test_a_constructor_and_a_call_are_stopped_too(tmp_path: Path) -> None:
    ctor = guest(tmp_path / "ctor.so", more=f'(func (export "__wasm_call_ctors") {FOREVER})', program=False)
    called = guest(tmp_path / "called.so", more=f'(func (export "f") {FOREVER})', program=False)
    cases = (
        case(ctor, timeout_s=SHORT_S),
        case(called, Step(("called",)), call=Call("f", (), None), timeout_s=SHORT_S),
    )
    outcomes = run_cases(cases, 2, lambda _: None)
    assert {each.message for each in outcomes} == {"ran longer than its limit of 0.5 s, and was stopped"}


@pytest.mark.parametrize("fd", [1, 2])
def test_a_flood_of_output_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fd: int) -> None:
    monkeypatch.setattr(runner, "OUTPUT_LIMIT_BYTES", 1 << 20)
    outcome = run_program(tmp_path, floods(fd))
    assert (outcome.status, outcome.message) == ("failed", "printed more than 1 MiB, and was stopped")
    assert "(the last 4096 of " in outcome.details


def test_much_output_below_the_limit_is_kept(tmp_path: Path) -> None:
    once = "(call $write (i32.const 1) (i32.const 100) (i32.const 65536))"
    expected = "\0" * (65536 * 20)
    assert passed(run_program(tmp_path, once * 20, "", Step(("prog",), stdout=expected)))


def test_a_program_cannot_have_more_memory_than_the_test_gives(tmp_path: Path) -> None:
    grow = "(call $exit (i32.eq (memory.grow (i32.const 100)) (i32.const -1)))"
    assert passed(run_program(tmp_path, grow, "", Step(("prog",), exit=1), memory_limit_bytes=4 << 20))
    assert passed(run_program(tmp_path, grow, "", Step(("prog",), exit=0), memory_limit_bytes=16 << 20))


def test_a_program_that_starts_larger_than_its_limit_does_not_start(tmp_path: Path) -> None:
    outcome = run_program(tmp_path, "", memory_limit_bytes=65536)
    assert outcome.status == "failed"
    assert "memory" in outcome.message


# Children that die


@pytest.fixture
def kill_crashing_children(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Kills the child of the case called `crashes` as soon as it is started, from outside: as the machine does when
    memory is short, and as a fault in the engine's machine code would end it."""
    popen = subprocess.Popen

    class Killing(popen):  # type: ignore[type-arg,valid-type,misc]
        def __init__(self, command: list[str], **more: Any) -> None:
            super().__init__(command, **more)
            order = next(word for word in command if "order-" in word)
            if "crashes.wasm" in Path(order).read_text():
                self.kill()

    def start() -> None:
        monkeypatch.setattr(runner.subprocess, "Popen", Killing)

    return start


def test_a_child_that_crashes_takes_no_other_test_with_it(
    tmp_path: Path, kill_crashing_children: Callable[[], None]
) -> None:
    crashes = case(guest(tmp_path / "crashes.wasm", FOREVER), Step(("crashes",)))
    fine = case(guest(tmp_path / "fine.wasm", exits(0)), Step(("fine",)))
    kill_crashing_children()
    outcomes = run_cases((fine, crashes, fine, crashes, fine), 2, lambda _: None)
    assert [each.status for each in outcomes] == ["passed", "failed", "passed", "failed", "passed"]
    assert outcomes[1].message == "the process crashed: SIGKILL"


@pytest.mark.parametrize("is_forked", [True, False])
def test_what_ended_a_child_is_said_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_forked: bool
) -> None:
    """Of one that was forked, whoever stands for it says it."""
    if not is_forked:
        monkeypatch.delenv(SOCKET)
    crashing = Runtime("crashing", (*of_module("child")[:-1], "crashing"))
    outcome = run_case(case(guest(tmp_path / "fine.wasm", exits(0)), PROG), crashing)
    assert outcome.message == "the process crashed: SIGSEGV"


# Files


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        pytest.param((None, None), "", id="is there"),
        pytest.param((sha(b"made\n"), None), "", id="same hash"),
        pytest.param((sha(b"other"), None), "`out.txt` is not what was expected", id="other hash"),
        pytest.param((None, b"made\n"), "", id="same file"),
        pytest.param((None, b"other\n"), "`out.txt` differs from `wanted`", id="other file"),
        pytest.param((sha(b"made\n"), b"other\n"), "`out.txt` differs from `wanted`", id="same hash, other file"),
    ],
)
def test_a_file_that_a_program_leaves_must_be_the_expected_one(
    tmp_path: Path, expected: tuple[str | None, bytes | None], message: str
) -> None:
    wanted = tmp_path / "wanted"
    wanted.write_bytes(expected[1] or b"")
    entry = Expected(expected[0], wanted if expected[1] is not None else None)
    outcome = run_program(tmp_path, *creates("out.txt", "made\n"), produces=(("out.txt", entry),))
    assert (outcome.status, outcome.message) == ("failed" if message else "passed", message)


def test_a_file_that_is_not_left_is_said_with_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("")
    outcome = run_program(
        tmp_path,
        *creates("out.txt"),
        files=(("data/in.txt", tmp_path / "in"),),
        produces=(("out.text", Expected(None, None)),),
    )
    assert outcome.message == "did not produce `out.text`"
    assert outcome.details == "in its directory: out.txt, data/in.txt"


def test_a_files_difference_and_its_hashes_are_shown(tmp_path: Path) -> None:
    wanted = tmp_path / "wanted"
    wanted.write_text("a\nb\n")
    by_file, by_hash = (("out", Expected(None, wanted)),), (("out", Expected("0" * 64, None)),)
    outcome = run_program(tmp_path, *creates("out", "a\nc\n"), produces=by_file)
    assert outcome.details.endswith(" a\n-b\n+c")
    outcome = run_program(tmp_path, *creates("out", "a\nc\n"), produces=by_hash)
    computed = sha(b"a\nc\n")
    assert outcome.details == f"expected: sha256 {'0' * 64}\ncomputed: sha256 {computed}, 4 bytes"


EXCLUSIVELY = 5
EXISTS = 20


def test_runs_of_one_test_share_a_private_directory_and_tests_do_not(tmp_path: Path) -> None:
    module = guest(tmp_path / "prog.wasm", *creates("once", flags=EXCLUSIVELY))
    twice = case(module, Step(("prog",)), Step(("prog",), exit=EXISTS))
    outcomes = run_cases((twice, twice), 1, lambda _: None)
    assert all(passed(outcome) for outcome in outcomes)


def test_no_further_run_starts_after_one_that_failed(tmp_path: Path) -> None:
    module = guest(tmp_path / "prog.wasm", *creates("once", flags=EXCLUSIVELY))
    outcome = run_case(case(module, Step(("prog",), exit=9), Step(("prog",), exit=8)))
    assert outcome.message == "exit status 0, expected 9"


def test_the_programs_files_are_copies(tmp_path: Path) -> None:
    original = tmp_path / "original"
    original.write_text("kept")
    outcome = run_program(tmp_path, *creates("data", "GONE"), files=(("data", original),))
    assert passed(outcome)
    assert original.read_text() == "kept"


def test_a_file_that_cannot_be_copied_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    outcome = run_program(tmp_path, "", files=(("data", tmp_path / "gone"),))
    assert (outcome.status, outcome.message) == ("error", "cannot run it: No such file or directory")


NOT_PERMITTED = 63
NOT_CAPABLE = 76


@pytest.mark.parametrize("path", ["../escaped", "../../escaped", "a/../../escaped", "/../escaped", "/tmp/escaped"])
def test_no_path_leads_out_of_the_private_directory(tmp_path: Path, path: str) -> None:
    outcome = run_program(tmp_path, *creates(path, "x"))
    assert outcome.status == "failed"
    assert outcome.message.startswith("exit status ")
    assert [each.name for each in tmp_path.rglob("escaped")] == []


def test_a_link_that_leads_out_is_not_followed_by_the_guest(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    # The private directory is `private directories/NAME/root`: this leads to `secret` beside the first of them.
    make_link, text = links("link", "../../../secret")
    assert passed(run_program(tmp_path, make_link, text))
    write_through_it, _ = creates("link", "overwritten")
    outcome = run_program(tmp_path, make_link + write_through_it, text)
    assert outcome.message in (f"exit status {NOT_PERMITTED}, expected 0", f"exit status {NOT_CAPABLE}, expected 0")
    assert secret.read_text() == "secret"


def test_a_link_that_leads_out_is_no_file_that_the_program_produced(tmp_path: Path) -> None:
    """Who judges the directory must not follow it either: it would read, and show, a file of the machine."""
    secret = tmp_path / "secret"
    secret.write_text("secret of the machine\n")
    wanted = tmp_path / "wanted"
    wanted.write_text("anything\n")
    outcome = run_program(tmp_path, *links("out", "../../../secret"), produces=(("out", Expected(None, wanted)),))
    assert outcome.status == "failed"
    assert "secret of the machine" not in outcome.details
    outcome = run_program(tmp_path, *links("out", "../../../secret"), produces=(("out", Expected(None, None)),))
    assert outcome.message == "did not produce `out`"


# What a guest may take of the machine


def test_a_program_that_fills_the_disk_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing_scratch, "DIRECTORY_LIMIT_BYTES", 4 << 20)
    make, text = creates("out")
    write = f"(call $write (i32.load (call $at (i32.const 12))) (i32.const {TEXT}) (i32.const 65536))"
    # As much at first as nobody may have, then nothing for ever: whenever somebody looks, it is there.
    body = f"{make} (loop $again {write} (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))"
    outcome = run_program(tmp_path, f"{body} (i32.const 100)))) {FOREVER}", text)
    assert outcome.message == "wrote more than 4 MiB, and was stopped"


@pytest.mark.parametrize("alone", [False, True], ids=["with libraries", "alone"])
def test_a_program_cannot_take_all_descriptors(tmp_path: Path, alone: bool) -> None:
    """It opens its directory until it is told that there are too many open files: below what processes have."""
    opens = """(loop $again
      (local.set $i (call $path_open (i32.const 3) (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 2)
        (i64.const 2) (i64.const 2) (i32.const 0) (i32.const 16)))
      (br_if $again (i32.eqz (local.get $i))))
      (if (i32.ge_u (i32.load (i32.const 16)) (i32.const 600)) (then unreachable))
      (call $exit (local.get $i))"""
    imports = """
      (import "wasi_snapshot_preview1" "path_open"
        (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"""
    start = f'(func (export "_start") (local $i i32) (i32.store8 (i32.const 8) (i32.const 0x2e)) {opens})'
    memory = '(memory (export "memory") 1)' if alone else ""
    shared = "" if alone else '(import "env" "memory" (memory 0))'
    dylink = "" if alone else "(@dylink.0 (mem-info (memory 0 0)))"
    path = tmp_path / "prog.wasm"
    path.write_bytes(wasmtime.wat2wasm(f"(module {dylink} {imports} {shared} {memory} {start})"))
    assert passed(run_case(case(path, Step(("prog",), exit=INPUT_OUTPUT if alone else TOO_MANY_OPEN_FILES))))


TOO_MANY_OPEN_FILES = 33
INPUT_OUTPUT = 29
"""What the engine makes of it where it is the process that has too many."""


def test_a_file_of_any_size_is_judged(tmp_path: Path) -> None:
    """Its size is free: it takes no room on the disk, and would take all of ours."""
    wanted = tmp_path / "wanted"
    wanted.write_bytes(b"x")
    make, text = creates("out")
    size = "(call $resize (i32.load (call $at (i32.const 12))) (i64.const {}))"
    imports = f'(import "{WASI}" "fd_filestat_set_size" (func $resize (param i32 i64) (result i32)))'
    grow = f"(call $exit {size.format(1 << 29)})"
    module = guest(tmp_path / "large.wasm", make.replace("0x42", "0x400042") + grow, text, imports=imports)
    outcome = run_case(case(module, PROG, produces=(("out", Expected(None, wanted)),)))
    assert outcome.message == "`out` differs from `wanted`"
    assert len(outcome.details) < 2000
    grow = f"(call $exit {size.format(3 << 30)})"
    module = guest(tmp_path / "larger.wasm", make.replace("0x42", "0x400042") + grow, text, imports=imports)
    assert run_case(case(module, PROG)).message == f"exit status {FILE_TOO_LARGE}, expected 0"


FILE_TOO_LARGE = 22


def test_what_goes_wrong_with_one_test_is_said_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr(runner, "_judge_files", fail)
    outcomes = run_cases((case(guest(tmp_path / "prog.wasm", exits(0)), PROG),) * 2, 1, lambda _: None)
    assert [(each.status, each.message) for each in outcomes] == [("error", "cannot run it: MemoryError: no more")] * 2


# Calls


def run_call(
    tmp_path: Path, export: str, arguments: tuple[int | float, ...], returns: float | None, **more: Any
) -> Outcome:
    imports = more.pop("imports_text", "")
    module = guest(tmp_path / "lib.so", more=f'(func (export "f") {export})', imports=imports, program=False)
    return run_case(case(module, more.pop("step", Step(("lib",))), call=Call("f", arguments, returns), **more))


SAME = "(param {0}) (result {0}) (local.get 0)"


RESULTS: tuple[tuple[str, float, float, bool], ...] = (
    ("i32", 5, 5, True),
    ("i32", 5, 6, False),
    ("i32", -1, -1, True),
    ("i32", -1, 0xFFFFFFFF, True),
    ("i32", 0xFFFFFFFF, -1, True),
    ("i32", 0x80000000, 0x80000000, True),
    ("i64", -1, 0xFFFFFFFFFFFFFFFF, True),
    ("i64", 0xFFFFFFFFFFFFFFFF, -1, True),
    ("i64", 1 << 40, 1 << 40, True),
    ("i64", (1 << 32) + 5, 5, False),
    ("i64", -1, 0xFFFFFFFF, False),
    ("f64", 0.1, 0.1, True),
    ("f64", 0.1, 0.2, False),
    ("f64", 3, 3, True),
    ("f64", float("nan"), float("nan"), True),
    ("f64", 1.0, float("nan"), False),
    ("f64", float("inf"), float("inf"), True),
    ("f32", 0.5, 0.5, True),
    ("f32", 0.1, 0.1, True),
    ("f32", 0.1, 0.2, False),
)
"""(type, what is returned, what is expected, whether that is the same)"""


def test_what_a_function_returns_is_compared_as_its_type(tmp_path: Path) -> None:
    types = ("i32", "i64", "f32", "f64")
    more = "".join(f'(func (export "{type_}") {SAME.format(type_)})' for type_ in types)
    module = guest(tmp_path / "lib.so", more=more, program=False)
    cases = [
        case(module, Step(("lib",)), call=Call(type_, (argument,), returns)) for type_, argument, returns, _ in RESULTS
    ]
    outcomes = run_cases(tuple(cases), 4, lambda _: None)
    assert {outcome.status for outcome in outcomes} <= {"passed", "failed"}
    found = [(*row[:3], outcome.status == "passed") for row, outcome in zip(RESULTS, outcomes, strict=True)]
    assert list(map(str, found)) == list(map(str, RESULTS))  # as text: NaN is not equal to itself
    failed = [outcome.message for outcome in outcomes if outcome.status == "failed"]
    assert all(re.match(r"`[if]\d\d` returned ", message) for message in failed)


def test_a_call_without_an_expected_result_only_has_to_return(tmp_path: Path) -> None:
    assert passed(run_call(tmp_path, SAME.format("i32"), (5,), None))
    assert passed(run_call(tmp_path, "", (), None))


def test_a_function_that_returns_nothing_returns_no_number(tmp_path: Path) -> None:
    assert run_call(tmp_path, "", (), 0).message == "`f` returns nothing, and the test expects 0"


@pytest.mark.parametrize(
    ("result", "values"),
    [("funcref", "ref.func $f"), ("i32 funcref", "i32.const 1 ref.func $f"), ("externref", "ref.null extern")],
)
def test_a_function_may_return_what_is_no_number(tmp_path: Path, result: str, values: str) -> None:
    more = f'(func $f (export "f") (result {result}) {values}) (elem declare func $f)'
    library = guest(tmp_path / "lib.so", more=more, program=False)
    assert passed(run_case(case(library, call=Call("f", (), None))))


@pytest.mark.parametrize("arguments", [(), (1, 2, 3)])
def test_a_call_with_another_number_of_arguments_says_both(tmp_path: Path, arguments: tuple[int, ...]) -> None:
    outcome = run_call(tmp_path, "(param i32 f64) (result i32) (local.get 0)", arguments, 1)
    assert (outcome.status, outcome.details) == ("error", "type: (i32, f64) -> i32")
    assert outcome.message == f"`f` is called with {len(arguments)} arguments, and takes 2"


def test_numbers_that_are_no_values_of_the_type_are_not_passed(tmp_path: Path) -> None:
    module = guest(tmp_path / "lib.so", more=f'(func (export "f") {SAME.format("i32")})', program=False)
    test, argument, result = (Position("wasmbuild.yaml", line, 5) for line in (1, 2, 3))
    call = Call("f", (2.9,), 1 << 32, test, (argument,), result)
    outcome = run_case(Case("t", test, module, (Step(("lib",)),), call, timeout_s=LONG_S))
    assert (outcome.status, outcome.at) == ("error", argument)
    assert outcome.message == "argument 1 of `f` is of type i32: 2.9 is not a whole number"
    assert outcome.details == (
        "type: (i32) -> i32\n\nerror: `f` returns a value of type i32: 4294967296 is out of range: "
        "from -2147483648 to 4294967295\n  at:   wasmbuild.yaml:3:5\n  type: (i32) -> i32"
    )


def test_a_call_of_what_is_not_exported_suggests_what_is(tmp_path: Path) -> None:
    module = guest(tmp_path / "lib.so", more='(func (export "compress"))', program=False)
    outcome = run_case(case(module, Step(("lib",)), call=Call("compres", (), None)))
    assert (outcome.message, outcome.details) == (
        "`lib.so` exports no function `compres`",
        "help: did you mean `compress`?",
    )


def test_a_call_that_exits_did_not_return_what_was_expected(tmp_path: Path) -> None:
    outcome = run_call(tmp_path, "(result i32) (call $exit (i32.const 0)) unreachable", (), 5)
    assert outcome.status == "failed"
    assert "exit" in outcome.message


def test_a_library_that_exits_while_it_is_loaded_did_not_load(tmp_path: Path) -> None:
    ctor = '(func (export "__wasm_call_ctors") (call $exit (i32.const 0)))'
    outcome = run_case(case(guest(tmp_path / "lib.so", more=ctor, program=False)))
    assert outcome.status == "failed"
    assert "exit" in outcome.message


# The host


HOST_IMPORTS = """
(import "env" "tell" (func $tell (param i32 i64 f64)))
(import "env" "ask" (func $ask (param i32) (result i32)))
"""


def test_a_hosts_functions_print_their_arguments_and_return_what_the_test_says(tmp_path: Path) -> None:
    body = """(result i32)
      (call $tell (i32.const -1) (i64.const 5000000000) (f64.const 0.1))
      (call $ask (i32.const 7))"""
    host = (("tell", "(i32, i64, f64) -> ()", None), ("ask", "(i32) -> i32", 0xFFFFFFFF))
    step = Step(("lib",), stdout="-1 5000000000 0.10000000000000001\n7\n")
    outcome = run_call(tmp_path, body, (), -1, imports_text=HOST_IMPORTS, host=host, step=step)
    assert passed(outcome)


def test_a_host_function_that_the_test_does_not_supply_traps_only_when_it_is_called(tmp_path: Path) -> None:
    more = '(func (export "f") (drop (call $ask (i32.const 1)))) (func (export "g"))'
    module = guest(tmp_path / "lib.so", more=more, imports=HOST_IMPORTS, program=False)
    f, g = (case(module, Step(("lib",)), call=Call(name, (), None), imports=("ask", "tell")) for name in "fg")
    assert passed(run_case(g))
    assert run_case(f).message == "trapped: undefined function called: `ask`"


def test_a_host_function_of_which_only_the_address_is_taken_does_not_stop_the_loading(tmp_path: Path) -> None:
    imports = '(import "GOT.func" "ask" (global $ask (mut i32)))'
    module = guest(tmp_path / "lib.so", imports=imports, program=False)
    assert passed(run_case(case(module, imports=("ask",))))


# Many cases


def test_outcomes_come_in_the_order_of_the_cases_and_are_heard_of_as_they_end(tmp_path: Path) -> None:
    slow, quick = (guest(tmp_path / f"{name}.wasm", exits(0)) for name in ("slow", "quick"))
    cases = (case(slow, *[Step(("slow",))] * 3), case(quick, Step(("quick",))))
    heard: list[str] = []
    threads: set[str] = set()

    def finished(outcome: Outcome) -> None:
        heard.append(outcome.name)
        threads.add(threading.current_thread().name)

    outcomes = run_cases(cases, 2, finished)
    assert [each.name for each in outcomes] == ["slow", "quick"]
    assert sorted(heard) == ["quick", "slow"]
    assert threads == {threading.current_thread().name}


@pytest.mark.parametrize(("stop", "statuses"), [(False, 4), (True, 2)])
def test_no_case_starts_after_the_first_failure_when_that_is_wanted(tmp_path: Path, stop: bool, statuses: int) -> None:
    module = guest(tmp_path / "prog.wasm", exits(0))
    fine, fails = case(module, Step(("prog",))), case(module, Step(("prog",), exit=1))
    heard: list[Outcome] = []
    outcomes = run_cases((fine, fails, fine, fine), 1, heard.append, stop_at_failure=stop)
    assert [each.status for each in outcomes] == ["passed", "failed", "passed", "passed"][:statuses]
    assert heard == outcomes


def test_no_cases_have_no_outcomes() -> None:
    assert run_cases((), 2, lambda _: pytest.fail("of what?")) == []


def test_every_outcome_knows_its_name_and_how_long_it_took(tmp_path: Path) -> None:
    outcome = run_program(tmp_path, exits(0))
    assert outcome.name == "prog"
    assert outcome.duration_s > 0
