"""What a benchmark found, as values: figures with their samples, what they should be, and whether an older run was
better. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from msgspec import Struct

LEAST_WORSE = 0.02
"""What is nearer than this to the older median is the same: two runs of one build differ by as much."""


class Figure(Struct, frozen=True):
    """One figure of a benchmark. A ratio has a sample a turn: its two sides were measured right after each other."""

    benchmark: str
    name: str
    samples: tuple[float, ...]
    unit: str = "ratio"
    """`ratio`, `ms`, `us`, `bytes` or `exponent`."""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def value(self) -> float:
        return median(self.samples)

    @property
    def is_reached(self) -> bool | None:
        """None where nothing was set."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return self.value >= self.at_least if self.at_least is not None else None

    @property
    def spread(self) -> float:
        """Of the median: from the median absolute deviation of the samples, as a standard error."""
        middle = self.value
        deviation = median(abs(sample - middle) for sample in self.samples)
        return 1.4826 * 1.2533 * deviation / math.sqrt(len(self.samples))


class Worse(Struct, frozen=True):
    """A figure that got worse by more than both runs' noise."""

    old: Figure
    new: Figure
    noise: float


def geometric_mean(values: Iterable[float]) -> float:
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms)) if logarithms else math.nan


def ratios(side: Sequence[float], to: Sequence[float]) -> tuple[float, ...]:
    """Of each turn."""
    return tuple(one / other for one, other in zip(side, to, strict=True))


def mean_of_ratios(each: Iterable[Sequence[float]]) -> tuple[float, ...]:
    """The geometric mean over several ratios, of each turn."""
    return tuple(geometric_mean(turn) for turn in zip(*each, strict=True))


def worse(old: Iterable[Figure], new: Iterable[Figure]) -> tuple[Worse, ...]:
    """Ratios of `new` that are worse than the same of `old`. What is no ratio is of the machine, and does not count."""
    before: Mapping[tuple[str, str], Figure] = {(each.benchmark, each.name): each for each in old}
    found = []
    for each in new:
        other = before.get((each.benchmark, each.name))
        if other is None or each.unit not in ("ratio", "exponent"):
            continue
        more_is_worse = each.at_least is None
        change = each.value - other.value if more_is_worse else other.value - each.value
        noise = max(3 * math.hypot(each.spread, other.spread), LEAST_WORSE * abs(other.value))
        if change > noise:
            found.append(Worse(other, each, noise))
    return tuple(found)


def shown(figure: Figure) -> str:
    """The value with its unit."""
    value = figure.value
    match figure.unit:
        case "ms":
            return f"{value:.1f} ms"
        case "us":
            return f"{value:.2f} µs"
        case "bytes":
            return f"{value:,.0f} bytes"
    return f"{value:.3f}"


def goal(figure: Figure) -> str:
    if figure.at_most is not None:
        return f"≤ {figure.at_most:g}"
    return f"≥ {figure.at_least:g}" if figure.at_least is not None else ""
