"""What was found as a page of Markdown: docs/performance.md. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.figures import Figure, goal, shown

_HEAD = """\
# Performance, as measured

Written by `python -m benchmarks --page docs/performance.md`: figures of one run on one machine, whatever they are. What
each is, and how it is measured, is in [benchmarks/README.md](../benchmarks/README.md). A ratio is the median over the
turns of a run; in brackets stand the lowest and the highest turn.
"""


def page(machine: Mapping[str, str], figures: Sequence[Figure], limits: str) -> str:
    """`limits`, written by hand, says what seems to be in the way of what was missed."""
    return "\n".join([*_lines(machine, figures), limits])


def _lines(machine: Mapping[str, str], figures: Sequence[Figure]) -> Iterator[str]:
    yield _HEAD
    yield "| measured on | |"
    yield "|---|---|"
    for label, value in machine.items():
        yield f"| {label} | {value} |"
    for benchmark in dict.fromkeys(each.benchmark for each in figures):
        yield f"\n## {benchmark}\n"
        yield "| figure | value | turns | goal | |"
        yield "|---|---:|---|---|---|"
        for each in figures:
            if each.benchmark == benchmark:
                yield _row(each)
    yield ""


def _row(figure: Figure) -> str:
    verdict = {True: "reached", False: "**missed**", None: ""}[figure.is_reached]
    low, high = (shown(Figure("", "", (value,), figure.unit)) for value in (min(figure.samples), max(figure.samples)))
    turns = f"[{low} … {high}] of {len(figure.samples)}" if len(figure.samples) > 1 else "1"
    return f"| {figure.name} | {shown(figure)} | {turns} | {goal(figure)} | {verdict} |"
