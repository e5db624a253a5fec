"""What became of a test, whichever runner ran it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from wasmbuild.diagnostics import Position

Status: TypeAlias = Literal["passed", "failed", "error"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test that has ended.

    `failed` is a test that ran and did not do what it should, `error` one that could not be run at all.
    `message` says in one line why; `details` has more lines: expected and actual, captured output. `at` is
    where the test was written.
    """

    name: str
    status: Status
    duration_s: float
    message: str = ""
    details: str = ""
    at: Position | None = None
    runtime: str = "wasmtime"


DIFF_START = "--- expected"
"""The first line of a diff within `details`; it goes on to an empty line or the end."""


MAX_DIFF_LINES = 60


def difference(expected: str, actual: str) -> str:
    """For `details`: two lines where each text is at most one, else the beginning of a unified diff; "" for equal
    texts. They must not be long: see `comparing`."""
    if expected == actual:
        return ""
    if "\n" not in expected.removesuffix("\n") + actual.removesuffix("\n"):
        return _two_lines(expected, actual)
    wanted, found = _lines(expected), _lines(actual)
    diff = list(_diff(wanted, found))
    more = len(diff) - MAX_DIFF_LINES
    return "\n".join([*diff[:MAX_DIFF_LINES], *([f"… and {more} more lines"] if more > 0 else [])])


def _two_lines(expected: str, actual: str) -> str:
    """Quoted: they may differ in nothing but white space. Of long lines, what is around the first difference."""
    differs = next((i for i, (a, b) in enumerate(zip(expected, actual, strict=False)) if a != b), None)
    start = max(0, (min(len(expected), len(actual)) if differs is None else differs) - 60)
    if max(len(expected), len(actual)) <= 400:
        start = 0
    shown = []
    for text in (expected, actual):
        end = min(len(text), start + 400)
        shown.append(f"{'…' if start else ''}{text[start:end]!r}{'…' if end < len(text) else ''}")
    return f"expected: {shown[0]}\nactual:   {shown[1]}"


def _lines(text: str) -> list[str]:
    # `splitlines` would also split at form feeds and their like, which programs print inside a line.
    *whole, rest = text.split("\n")
    return [line + "\n" for line in whole] + ([rest] if rest else [])


def _diff(expected: list[str], actual: list[str]) -> Iterator[str]:
    lines: Iterable[str] = difflib.unified_diff(expected, actual, "expected", "actual")
    for line in lines:
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ no newline at the end"
