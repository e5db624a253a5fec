"""Outcomes on the console and as JSON: a line for each test as it ends, the failures, and a last line that
programs can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import to_builtins

from wasmbuild.diagnostics import Diagnostic, Position
from wasmbuild.printing import printable
from wasmbuild.report.messages import SCHEMA, format_message
from wasmbuild.testing.outcome import DIFF_START, Outcome, Status

_Colour: TypeAlias = Literal["bold red", "red", "green", "dim"]

_CODES: dict[_Colour, str] = {"bold red": "1;31", "red": "31", "green": "32", "dim": "2"}
_WORDS: dict[Status, str] = {"passed": "ok", "failed": "FAILED", "error": "ERROR"}


def outcome_line(outcome: Outcome, color: bool) -> str:
    """`test NAME ... ok (12 ms)`, for when the test has ended. Without a newline, as all texts here."""
    word = _WORDS[outcome.status]
    if color:
        word = _paint(word, "green" if outcome.status == "passed" else "bold red")
    return f"test {printable(outcome.name)}{_where(outcome)} ... {word} ({duration_text(outcome.duration_s)})"


def _where(outcome: Outcome) -> str:
    """The runtime, if it is not the one that everybody has."""
    return "" if outcome.runtime == "wasmtime" else f" in {outcome.runtime}"


def summary_text(outcomes: Sequence[Outcome], duration_s: float, color: bool) -> str:
    """Everything after the last test has ended: the failures, an empty line, the closing lines."""
    parts = failures_text(outcomes, color), matrix_text(outcomes), closing_text(outcomes, duration_s)
    return "\n\n".join(filter(None, parts))


def matrix_text(outcomes: Sequence[Outcome]) -> str:
    """Where tests ran in several runtimes: a line for each test, a column for each runtime."""
    runtimes = list(dict.fromkeys(outcome.runtime for outcome in outcomes))
    if len(runtimes) < 2:
        return ""
    words: dict[tuple[str, Position | None], dict[str, str]] = {}
    for outcome in outcomes:
        words.setdefault((outcome.name, outcome.at), {})[outcome.runtime] = _WORDS[outcome.status]
    rows = [("", *runtimes), *((printable(name), *map(found.get, runtimes)) for (name, _), found in words.items())]
    shown = [tuple(cell or "-" for cell in row[1:]) for row in rows]
    widths = [max(len(row[column]) for row in shown) for column in range(len(runtimes))]
    first = max(len(row[0] or "") for row in rows)
    return "\n".join(
        "  ".join([(row[0] or "").ljust(first), *map(str.ljust, cells, widths)]).rstrip()
        for row, cells in zip(rows, shown, strict=True)
    )


def failures_text(outcomes: Sequence[Outcome], color: bool) -> str:
    """Each test that did not pass, with its message, position and details; "" where all passed."""
    return "\n\n".join(_failure(outcome, color) for outcome in outcomes if outcome.status != "passed")


def closing_text(outcomes: Sequence[Outcome], duration_s: float) -> str:
    """Two lines, never coloured: the time, then `N passed, N failed` alone. A test that could not be run
    counts as failed there, so that `0 failed` always means that all is well."""
    counts = _counts(outcomes)
    tests = "1 test" if len(outcomes) == 1 else f"{len(outcomes)} tests"
    could_not = f", {counts['errors']} could not be run" if counts["errors"] else ""
    time = f"{tests} in {duration_text(duration_s)}{could_not}"
    return f"{time}\n{counts['passed']} passed, {counts['failed']} failed"


def outcomes_json(outcomes: Sequence[Outcome], duration_s: float) -> dict[str, Any]:
    """Plain JSON values. `failed` counts what did not pass, as the console does; `errors` are those of them
    that could not be run."""
    tests = [to_builtins(outcome) for outcome in outcomes]
    return {"schema": SCHEMA, **_counts(outcomes), "duration_s": duration_s, "tests": tests}


def duration_text(duration_s: float) -> str:
    """`12 ms`, `1.23 s`, `2 min 5 s`."""
    milliseconds = round(duration_s * 1000)
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    if milliseconds < 60_000:
        return f"{duration_s:.2f} s"
    minutes, seconds = divmod(round(duration_s), 60)
    return f"{minutes} min {seconds} s"


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    passed = sum(outcome.status == "passed" for outcome in outcomes)
    errors = sum(outcome.status == "error" for outcome in outcomes)
    return {"passed": passed, "failed": len(outcomes) - passed, "errors": errors}


def _failure(outcome: Outcome, color: bool) -> str:
    what = "test failed" if outcome.status == "failed" else "test could not be run"
    diagnostic = Diagnostic(
        "test-failed" if outcome.status == "failed" else "test-error",
        f"{what}: `{outcome.name}`{_where(outcome)}",
        at=outcome.at,
        facts=(("why", outcome.message),) if outcome.message else (),
    )
    text = format_message(diagnostic, color)
    details = [f"    {line}".rstrip() for line in _details(outcome.details, color)]
    return "\n".join([text, "", *details]) if details else text


def _details(details: str, color: bool) -> Iterator[str]:
    """The lines of `details`, those of a diff in colours."""
    in_diff = False
    for line in details.rstrip("\n").split("\n") if details.strip("\n") else ():
        in_diff = line == DIFF_START or (in_diff and line != "")
        shown = printable(line)
        yield _diff_line(shown) if in_diff and color else shown


def _diff_line(line: str) -> str:
    match line[:1]:
        case "-":
            return _paint(line, "red")
        case "+":
            return _paint(line, "green")
        case "@" | "\\":
            return _paint(line, "dim")
    return line


def _paint(text: str, colour: _Colour) -> str:
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m"
