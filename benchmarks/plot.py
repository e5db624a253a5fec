"""Ratios as a picture: of each the median, the spread of its samples, and what it should be. SVG, pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from benchmarks.figures import Figure, goal, shown

_LEFT, _WIDTH, _RIGHT, _ROW, _TOP = 330, 420, 130, 24, 46

_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1d2733; } .axis { fill: #5b6875; }
line { stroke: #c6ced6; } .goal { stroke: #b45309; stroke-width: 2; } .spread { stroke: #7b8794; stroke-width: 2; }
.reached { fill: #15803d; } .missed { fill: #c2410c; } .none { fill: #475569; } .ground { fill: #ffffff; }
@media (prefers-color-scheme: dark) { .ground { fill: #12181f; } text { fill: #e2e8f0; } .axis { fill: #94a3b8; }
line { stroke: #334155; } .reached { fill: #4ade80; } .missed { fill: #fb923c; } .none { fill: #cbd5e1; } }
"""


def plot(figures: Sequence[Figure]) -> str:
    """A row for each ratio, on a logarithmic axis."""
    rows = [each for each in figures if each.unit == "ratio"]
    numbers = [value for each in rows for value in (*each.samples, each.at_most, each.at_least) if value]
    low, high = (min(numbers, default=1.0), max(numbers, default=1.0))
    low, high = min(low, 0.8) * 0.95, max(high, 1.25) * 1.05

    def x(value: float) -> float:
        return _LEFT + _WIDTH * (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))

    height = _TOP + _ROW * len(rows) + 20
    width = _LEFT + _WIDTH + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-label="Ratios of the benchmarks">',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
    ]
    for tick in (0.25, 0.5, 0.8, 1, 1.25, 2, 3, 4, 6, 10, 20):
        if low <= tick <= high:
            parts.append(f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{_TOP - 8}" y2="{height - 12}"/>')
            parts.append(f'<text class="axis" x="{x(tick):.1f}" y="{_TOP - 14}" text-anchor="middle">{tick:g}</text>')
    for number, each in enumerate(rows):
        parts += _row(each, _TOP + _ROW * number + _ROW // 2, x)
    return "\n".join([*parts, "</svg>", ""])


def _row(figure: Figure, y: int, x: object) -> list[str]:
    assert callable(x)
    least, most = min(figure.samples), max(figure.samples)
    state = {True: "reached", False: "missed", None: "none"}[figure.is_reached]
    wanted = figure.at_most if figure.at_most is not None else figure.at_least
    name = escape(f"{figure.benchmark}: {figure.name}")
    found = [
        f'<text x="{_LEFT - 12}" y="{y + 4}" text-anchor="end">{name}</text>',
        f'<line class="spread" x1="{x(least):.1f}" x2="{x(most):.1f}" y1="{y}" y2="{y}"/>',
        f'<circle class="{state}" cx="{x(figure.value):.1f}" cy="{y}" r="4.5"/>',
        f'<text x="{_LEFT + _WIDTH + 12}" y="{y + 4}">{escape(f"{shown(figure)} {goal(figure)}".rstrip())}</text>',
    ]
    if wanted is not None:
        found.append(f'<line class="goal" x1="{x(wanted):.1f}" x2="{x(wanted):.1f}" y1="{y - 8}" y2="{y + 8}"/>')
    return found
