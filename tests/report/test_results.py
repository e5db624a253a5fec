"""Test outcomes on the console and as JSON."""

from __future__ import annotations

import json
import re

import pytest

from wasmbuild.diagnostics import Position
from wasmbuild.printing import printable
from wasmbuild.report.results import (
    closing_text,
    duration_text,
    failures_text,
    outcome_line,
    outcomes_json,
    summary_text,
)
from wasmbuild.testing.outcome import Outcome, difference

PASSED = Outcome("adds", "passed", 0.0124)
FAILED = Outcome(
    "prints",
    "failed",
    1.5,
    "stdout is not as expected",
    difference("one\ntwo\n", "one\n2\n"),
    Position("wasmbuild.yaml", 30, 5),
)
ERROR = Outcome("loads", "error", 0.25, "undefined symbol: `f`")
ALL = (PASSED, FAILED, ERROR)


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (PASSED, "test adds ... ok (12 ms)"),
        (FAILED, "test prints ... FAILED (1.50 s)"),
        (ERROR, "test loads ... ERROR (250 ms)"),
    ],
)
def test_each_test_is_one_line(outcome: Outcome, line: str) -> None:
    assert outcome_line(outcome, color=False) == line
    colored = outcome_line(outcome, color=True)
    assert colored != line
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == line


def test_failures_show_message_position_and_diff() -> None:
    assert failures_text(ALL, color=False) == (
        "error: test failed: `prints`\n"
        "  at:  wasmbuild.yaml:30:5\n"
        "  why: stdout is not as expected\n"
        "\n"
        "    --- expected\n"
        "    +++ actual\n"
        "    @@ -1,2 +1,2 @@\n"
        "     one\n"
        "    -two\n"
        "    +2\n"
        "\n"
        "error: test could not be run: `loads`\n"
        "  why: undefined symbol: `f`"
    )


def test_colour_changes_nothing_but_colour() -> None:
    colored = summary_text(ALL, 2.0, color=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == summary_text(ALL, 2.0, color=False)
    assert "    \x1b[31m-two\x1b[0m" in colored
    assert "    \x1b[32m+2\x1b[0m" in colored


def test_only_the_diff_is_coloured_in_details() -> None:
    details = difference("a\n", "a\nb\n") + "\n\nstderr:\n- a list\n"
    text = failures_text((Outcome("t", "failed", 0.1, "no", details),), color=True)
    assert "    \x1b[32m+b\x1b[0m" in text
    assert "\n    - a list" in text


@pytest.mark.parametrize(
    ("outcomes", "last"),
    [
        ((), "0 passed, 0 failed"),
        ((PASSED,), "1 passed, 0 failed"),
        ((PASSED, FAILED, PASSED), "2 passed, 1 failed"),
        (ALL, "1 passed, 2 failed"),
    ],
)
@pytest.mark.parametrize("color", [False, True])
def test_the_last_line_is_for_programs(outcomes: tuple[Outcome, ...], last: str, color: bool) -> None:
    assert summary_text(outcomes, 1.234, color).split("\n")[-1] == last


def test_the_line_before_the_last_has_the_time_and_what_could_not_be_run() -> None:
    assert closing_text((PASSED,), 1.234) == "1 test in 1.23 s\n1 passed, 0 failed"
    assert closing_text(ALL, 1.234).startswith("3 tests in 1.23 s, 1 could not be run\n")


def test_without_failures_there_is_only_the_closing() -> None:
    assert failures_text((PASSED,), color=False) == ""
    assert summary_text((PASSED,), 1.0, color=False) == closing_text((PASSED,), 1.0)


def test_the_json_has_every_field_and_the_counts_of_the_console() -> None:
    document = json.loads(json.dumps(outcomes_json(ALL, 2.5)))
    tests = document.pop("tests")
    assert document == {"schema": 1, "passed": 1, "failed": 2, "errors": 1, "duration_s": 2.5}
    assert tests[1] == {
        "name": "prints",
        "status": "failed",
        "duration_s": 1.5,
        "message": "stdout is not as expected",
        "details": FAILED.details,
        "at": {"path": "wasmbuild.yaml", "line": 30, "column": 5},
        "runtime": "wasmtime",
    }
    assert tests[0]["at"] is None


def test_tests_in_several_runtimes_are_a_matrix() -> None:
    outcomes = (
        Outcome("adds", "passed", 0.0),
        Outcome("adds", "failed", 0.0, runtime="node"),
        Outcome("a longer name", "error", 0.0),
    )
    assert summary_text(outcomes, 1.0, color=False).split("\n\n")[-2] == "\n".join(
        ("               wasmtime  node", "adds           ok        FAILED", "a longer name  ERROR     -")
    )
    assert outcome_line(outcomes[1], color=False) == "test adds in node ... FAILED (0 ms)"


@pytest.mark.parametrize(
    ("duration_s", "text"),
    [
        (0.0, "0 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.00 s"),
        (59.994, "59.99 s"),
        (59.9996, "1 min 0 s"),
        (125.4, "2 min 5 s"),
    ],
)
def test_a_duration_has_the_unit_that_suits_it(duration_s: float, text: str) -> None:
    assert duration_text(duration_s) == text


def test_what_a_test_prints_cannot_act_on_the_terminal() -> None:
    outcome = Outcome("a\x1b[2Jb", "failed", 0.1, "two\nlines\r", "out\udcff\x07\tput")
    text = failures_text((outcome,), color=False) + outcome_line(outcome, color=False)
    assert not re.search("[^\n\t -~]", text)
    assert r"test failed: `a\x1b[2Jb`" in text
    assert r"out\udcff\x07" + "\tput" in text
    assert printable("snow \u2603") == "snow \u2603"


@pytest.mark.parametrize(
    ("expected", "actual", "text"),
    [
        ("same\n", "same\n", ""),
        ("42\n", "41\n", "expected: '42\\n'\nactual:   '41\\n'"),
        ("a ", "a", "expected: 'a '\nactual:   'a'"),
        ("", "a\nb\n", "--- expected\n+++ actual\n@@ -0,0 +1,2 @@\n+a\n+b"),
        (
            "a\nb\n",
            "a\nb",
            "--- expected\n+++ actual\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ no newline at the end",
        ),
        ("a\n\n", "a\n", "--- expected\n+++ actual\n@@ -1,2 +1 @@\n a\n-"),
        ("a\x0cb\nc\n", "a\x0cb\nd\n", "--- expected\n+++ actual\n@@ -1,2 +1,2 @@\n a\x0cb\n-c\n+d"),
    ],
)
def test_a_difference_shows_both_sides(expected: str, actual: str, text: str) -> None:
    assert difference(expected, actual) == text
