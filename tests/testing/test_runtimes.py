"""Runtimes: how Node and Chromium are found, and that tests in them are judged as in wasmtime."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from guests import ECHOES, FOREVER, creates, exits, floods, guest, links, prints

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing import chromium, runtimes
from wasmbuild.testing.calls import Call
from wasmbuild.testing.cases import Case, Expected, Step
from wasmbuild.testing.runner import run_case, run_cases
from wasmbuild.testing.runtimes import WASMTIME, Runtime, open_runtimes

PROG = Step(("prog",))
LONG_S = 60.0


@pytest.fixture(scope="module", params=["node", pytest.param("chromium", marks=pytest.mark.slow)])
def other(request: pytest.FixtureRequest) -> Iterator[Runtime]:
    """A runtime with the loader for JavaScript."""
    with ExitStack() as stack:
        try:
            (runtime,) = stack.enter_context(open_runtimes(request.param))
        except WasmbuildError as error:
            pytest.skip(str(error))
        yield runtime


def case(module: Path, *steps: Step, timeout_s: float = LONG_S, call: Call | None = None) -> Case:
    return Case(module.stem, None, module, steps, call, timeout_s=timeout_s)


def test_a_runtime_that_is_not_known_is_told_with_those_that_are() -> None:
    with (
        pytest.raises(WasmbuildError, match="no runtime `nod`\nhelp: did you mean `node`"),
        open_runtimes("wasmtime,nod"),
    ):
        pass
    with open_runtimes("wasmtime,wasmtime") as opened:
        assert opened == (WASMTIME,)


@pytest.mark.parametrize(
    ("version", "told"), [("v20.20.2", "Node is too old"), ("", "Node is too old"), (None, "no Node")]
)
def test_a_node_that_is_too_old_or_none_is_told_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str | None, told: str
) -> None:
    monkeypatch.setattr(runtimes, "_node_of_wheel", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    if version is not None:
        (tmp_path / "node").write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / "node").chmod(0o755)
    with pytest.raises(WasmbuildError) as raised, open_runtimes("node"):
        pass
    assert told in str(raised.value)
    assert "Node 24.15 or later" in str(raised.value)
    assert "pip install 'wasmbuild[node]'" in str(raised.value)


def test_a_node_on_the_path_that_is_new_enough_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "_node_of_wheel", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "node").write_text("#!/bin/sh\necho v24.15.0\n")
    (tmp_path / "node").chmod(0o755)
    assert runtimes.find_node() == str(tmp_path / "node")


def test_no_chromium_is_told_with_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    told = f"no Chromium on this machine\n  searched: PATH, for chromium, .*\nhelp: .*{chromium.VARIABLE}"
    with pytest.raises(WasmbuildError, match=told), open_runtimes("chromium"):
        pass
    monkeypatch.setenv(chromium.VARIABLE, "/none/chrome")
    with pytest.raises(WasmbuildError, match="searched: /none/chrome"), open_runtimes("chromium"):
        pass


def test_what_starts_and_is_no_chromium_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chrome"
    program.write_text("#!/bin/sh\necho no display >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv(chromium.VARIABLE, str(program))
    told = "Chromium does not start\n  found: .*chrome\n  it said: no display"
    with pytest.raises(WasmbuildError, match=told), open_runtimes("chromium"):
        pass


def test_what_is_printed_without_an_end_is_stopped(tmp_path: Path, other: Runtime) -> None:
    outcome = run_case(case(guest(tmp_path / "prog.wasm", floods(1)), PROG), other)
    assert outcome.message == "printed more than 16 MiB, and was stopped"


def test_links_and_directories_of_a_program_are_there_afterwards(tmp_path: Path, other: Runtime) -> None:
    """What was there before, and is the same, stays; a link leads where it did."""
    body, text = links("link", "old.txt")
    module, old = guest(tmp_path / "prog.wasm", body, text), tmp_path / "old.txt"
    old.write_text("old")
    given = replace(case(module, PROG), files=(("old.txt", old), ("sub/other.txt", old)))
    wanted = (("link", Expected(None, old)), ("sub/other.txt", Expected(None, old)))
    assert run_case(replace(given, produces=wanted), other).status == "passed"


def test_each_case_runs_in_each_runtime(tmp_path: Path, other: Runtime) -> None:
    module = guest(tmp_path / "prog.wasm", ECHOES + exits(3))
    echo = case(module, Step(("prog",), stdin=b"\x00\xff a", exit=3))
    outcomes = run_cases((echo, replace(echo, name="other")), 1, lambda _: None, runtimes=(WASMTIME, other))
    assert [(outcome.name, outcome.runtime, outcome.status) for outcome in outcomes] == [
        ("prog", "wasmtime", "passed"),
        ("prog", other.name, "passed"),
        ("other", "wasmtime", "passed"),
        ("other", other.name, "passed"),
    ]


def test_the_files_that_a_program_left_are_judged(tmp_path: Path, other: Runtime) -> None:
    body, text = creates("out.txt", "written")
    module, wanted = guest(tmp_path / "prog.wasm", body, text), tmp_path / "wanted"
    wanted.write_text("written")
    produces = (("out.txt", Expected(None, wanted)),)
    assert run_case(replace(case(module, PROG), produces=produces), other).status == "passed"
    outcome = run_case(replace(case(module, PROG), produces=(("none.txt", Expected(None, None)),)), other)
    assert (outcome.message, outcome.details) == ("did not produce `none.txt`", "in its directory: out.txt")


def test_a_failure_is_told_as_in_wasmtime(tmp_path: Path, other: Runtime) -> None:
    body, text = prints("said\n")
    module = guest(tmp_path / "prog.wasm", body + "unreachable", text)
    in_other, in_wasmtime = (run_case(case(module, PROG), runtime) for runtime in (other, WASMTIME))
    assert in_other.message == in_wasmtime.message
    assert "standard output:\n  said" in in_other.details
    assert "_start" in in_other.details or "function " in in_other.details


def test_a_program_that_loops_without_an_end_is_stopped(tmp_path: Path, other: Runtime) -> None:
    outcome = run_case(case(guest(tmp_path / "prog.wasm", FOREVER), PROG, timeout_s=2.0), other)
    assert outcome.message == "ran longer than its limit of 2 s, and was stopped"


def test_calls_have_the_types_of_their_functions(tmp_path: Path, other: Runtime) -> None:
    twice = '(func (export "twice") (param i64) (result i64) (i64.add (local.get 0) (local.get 0)))'
    half = '(func (export "half") (param f64) (result f64) (f64.mul (local.get 0) (f64.const 0.5)))'
    module = guest(tmp_path / "lib.so", more=twice + half, program=False)
    assert run_case(case(module, call=Call("twice", (1 << 53 | 1,), (1 << 54) | 2)), other).status == "passed"
    assert run_case(case(module, call=Call("half", (float("nan"),), float("nan"))), other).status == "passed"
    assert run_case(case(module, call=Call("half", (3,), 2)), other).message == "`half` returned 1.5, expected 2"
    for runtime in (other, WASMTIME):
        assert run_case(case(module, call=Call("twise", (), None)), runtime).message.startswith(
            "`lib.so` exports no function `twise`"
        )
        assert run_case(case(module, call=Call("twice", (), None)), runtime).message == (
            "`twice` is called with 0 arguments, and takes 1"
        )
