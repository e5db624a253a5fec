"""Runtimes: how Node is found, and that tests in it are judged as in wasmtime."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from guests import ECHOES, FOREVER, creates, exits, guest, prints

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing import runtimes
from wasmbuild.testing.calls import Call
from wasmbuild.testing.cases import Case, Expected, Step
from wasmbuild.testing.runner import run_case, run_cases
from wasmbuild.testing.runtimes import WASMTIME, Runtime, find_runtimes, node_runtime

PROG = Step(("prog",))
LONG_S = 60.0


@pytest.fixture(scope="module")
def node() -> Runtime:
    try:
        return node_runtime()
    except WasmbuildError as error:
        pytest.skip(str(error))


def case(module: Path, *steps: Step, timeout_s: float = LONG_S, call: Call | None = None) -> Case:
    return Case(module.stem, None, module, steps, call, timeout_s=timeout_s)


def test_a_runtime_that_is_not_known_is_told_with_those_that_are() -> None:
    with pytest.raises(WasmbuildError, match="no runtime `nod`\nhelp: did you mean `node`"):
        find_runtimes("wasmtime,nod")
    assert find_runtimes("wasmtime,wasmtime") == (WASMTIME,)


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
    with pytest.raises(WasmbuildError) as raised:
        find_runtimes("node")
    assert told in str(raised.value)
    assert "Node 24.15 or later" in str(raised.value)
    assert "pip install 'wasmbuild[node]'" in str(raised.value)


def test_a_node_on_the_path_that_is_new_enough_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "_node_of_wheel", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "node").write_text("#!/bin/sh\necho v24.15.0\n")
    (tmp_path / "node").chmod(0o755)
    assert runtimes.find_node() == str(tmp_path / "node")


def test_each_case_runs_in_each_runtime(tmp_path: Path, node: Runtime) -> None:
    module = guest(tmp_path / "prog.wasm", ECHOES + exits(3))
    echo = case(module, Step(("prog",), stdin=b"\x00\xff a", exit=3))
    outcomes = run_cases((echo, replace(echo, name="other")), 1, lambda _: None, runtimes=(WASMTIME, node))
    assert [(outcome.name, outcome.runtime, outcome.status) for outcome in outcomes] == [
        ("prog", "wasmtime", "passed"),
        ("prog", "node", "passed"),
        ("other", "wasmtime", "passed"),
        ("other", "node", "passed"),
    ]


def test_the_files_that_a_program_left_in_node_are_judged(tmp_path: Path, node: Runtime) -> None:
    body, text = creates("out.txt", "written")
    module, wanted = guest(tmp_path / "prog.wasm", body, text), tmp_path / "wanted"
    wanted.write_text("written")
    produces = (("out.txt", Expected(None, wanted)),)
    assert run_case(replace(case(module, PROG), produces=produces), node).status == "passed"
    outcome = run_case(replace(case(module, PROG), produces=(("none.txt", Expected(None, None)),)), node)
    assert (outcome.message, outcome.details) == ("did not produce `none.txt`", "in its directory: out.txt")


def test_a_failure_in_node_is_told_as_in_wasmtime(tmp_path: Path, node: Runtime) -> None:
    body, text = prints("said\n")
    module = guest(tmp_path / "prog.wasm", body + "unreachable", text)
    in_node, in_wasmtime = (run_case(case(module, PROG), runtime) for runtime in (node, WASMTIME))
    assert in_node.message == in_wasmtime.message
    assert "standard output:\n  said" in in_node.details
    assert "_start" in in_node.details or "function " in in_node.details


def test_a_program_that_loops_without_an_end_is_stopped_in_node(tmp_path: Path, node: Runtime) -> None:
    outcome = run_case(case(guest(tmp_path / "prog.wasm", FOREVER), PROG, timeout_s=2.0), node)
    assert outcome.message == "ran longer than its limit of 2 s, and was stopped"


def test_calls_have_the_types_of_their_functions(tmp_path: Path, node: Runtime) -> None:
    twice = '(func (export "twice") (param i64) (result i64) (i64.add (local.get 0) (local.get 0)))'
    half = '(func (export "half") (param f64) (result f64) (f64.mul (local.get 0) (f64.const 0.5)))'
    module = guest(tmp_path / "lib.so", more=twice + half, program=False)
    assert run_case(case(module, call=Call("twice", (1 << 53 | 1,), (1 << 54) | 2)), node).status == "passed"
    assert run_case(case(module, call=Call("half", (float("nan"),), float("nan"))), node).status == "passed"
    assert run_case(case(module, call=Call("half", (3,), 2)), node).message == "`half` returned 1.5, expected 2"
    for runtime in (node, WASMTIME):
        assert run_case(case(module, call=Call("twise", (), None)), runtime).message.startswith(
            "`lib.so` exports no function `twise`"
        )
        assert run_case(case(module, call=Call("twice", (), None)), runtime).message == (
            "`twice` is called with 0 arguments, and takes 1"
        )
