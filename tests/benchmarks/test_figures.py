"""Figures of a benchmark: what is worse than an older run, and what noise is; the picture and the page of them."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from benchmarks.figures import Figure, geometric_mean, mean_of_ratios, ratios, worse
from benchmarks.page import page
from benchmarks.plot import plot

QUIET = (1.0, 1.01, 0.99, 1.0, 1.0)
NOISY = (1.0, 1.4, 0.7, 1.2, 0.9)


def figure(samples: tuple[float, ...], **more: float) -> Figure:
    return Figure("load", "lua & <more>", samples, **more)  # type: ignore[arg-type]


def test_a_ratio_is_of_each_turn() -> None:
    assert ratios([2.0, 9.0], [1.0, 3.0]) == (2.0, 3.0)
    assert mean_of_ratios([(1.0, 4.0), (4.0, 1.0)]) == pytest.approx((2.0, 2.0))
    assert geometric_mean([2.0, 8.0]) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("samples", "at", "expected"),
    [
        (QUIET, {"at_most": 1.0}, True),
        (QUIET, {"at_most": 0.9}, False),
        (QUIET, {"at_least": 1.0}, True),
        (QUIET, {"at_least": 1.1}, False),
        (QUIET, {}, None),
    ],
)
def test_a_goal_is_reached_by_the_median(samples, at, expected) -> None:  # type: ignore[no-untyped-def]
    assert figure(samples, **at).is_reached is expected


def shifted(samples: tuple[float, ...], by: float) -> tuple[float, ...]:
    return tuple(each + by for each in samples)


def test_what_got_worse_by_more_than_the_noise_is_told() -> None:
    assert [each.new.value for each in worse([figure(QUIET)], [figure(shifted(QUIET, 0.2))])] == [1.2]
    assert worse([figure(QUIET)], [figure(shifted(QUIET, 0.01))]) == ()
    assert worse([figure(NOISY)], [figure(shifted(NOISY, 0.2))]) == ()
    assert worse([figure(QUIET)], [figure(shifted(QUIET, -0.2))]) == ()


def test_where_more_is_better_less_is_worse() -> None:
    old = figure(QUIET, at_least=0.95)
    assert worse([old], [figure(shifted(QUIET, 0.2), at_least=0.95)]) == ()
    assert len(worse([old], [figure(shifted(QUIET, -0.2), at_least=0.95)])) == 1


def test_times_and_what_was_not_there_do_not_count() -> None:
    old, new = Figure("load", "lua", (1.0,), "ms"), Figure("load", "lua", (9.0,), "ms")
    assert worse([old], [new]) == ()
    assert worse([], [figure(NOISY)]) == ()


def test_the_picture_is_xml_with_a_row_for_each_ratio() -> None:
    drawn = plot([figure(QUIET, at_most=1.1), figure(NOISY, at_least=2.0), Figure("load", "ms", (3.0,), "ms")])
    root = ET.fromstring(drawn)
    circles = root.findall("{http://www.w3.org/2000/svg}circle")
    assert [circle.get("class") for circle in circles] == ["reached", "missed"]
    assert ET.fromstring(plot([])) is not None


def test_the_page_says_what_was_missed_and_on_what_it_was_measured() -> None:
    text = page({"cores": "2"}, [figure(QUIET, at_most=0.5)], "## What limits it\n")
    assert text.endswith("\n## What limits it\n")
    assert "| cores | 2 |" in text
    assert "| lua & <more> | 1.000 | [0.990 … 1.010] of 5 | ≤ 0.5 | **missed** |" in text
