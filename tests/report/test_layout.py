"""A layered drawing: what is needed is below, boxes do not overlap, few lines cross, and it is always the same."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasmbuild.report.layout import Layout, _crossings, lay_out

GAP = 10.0


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[float], list[tuple[int, int]]]:
    count = draw(st.integers(1, 12))
    node = st.integers(0, count - 1)
    widths = draw(st.lists(st.floats(10, 200), min_size=count, max_size=count))
    return widths, draw(st.lists(st.tuples(node, node), max_size=25, unique=True))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_boxes_of_a_layer_never_overlap_and_nothing_is_left_of_zero(
    graph: tuple[list[float], list[tuple[int, int]]],
) -> None:
    widths, edges = graph
    layout = lay_out(widths, edges, GAP)
    for layer in set(layout.layer):
        nodes = sorted((i for i in range(len(widths)) if layout.layer[i] == layer), key=layout.x.__getitem__)
        for left, right in pairwise(nodes):
            assert layout.x[right] - layout.x[left] >= (widths[left] + widths[right]) / 2 + GAP - 1e-6
    assert min(x - width / 2 for x, width in zip(layout.x, widths, strict=True)) >= -1e-6


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_a_path_goes_from_its_source_to_its_target_one_layer_at_a_time(
    graph: tuple[list[float], list[tuple[int, int]]],
) -> None:
    widths, edges = graph
    layout = lay_out(widths, edges, GAP)
    for (source, target), path in zip(edges, layout.paths, strict=True):
        assert path[0] == (layout.x[source], layout.layer[source])
        assert path[-1] == (layout.x[target], layout.layer[target])
        steps = {b[1] - a[1] for a, b in pairwise(path)}
        assert steps in ({1}, {-1}) or (source == target and len(path) == 1)


@settings(max_examples=20, deadline=None)
@given(graphs())
def test_the_same_graph_is_drawn_the_same(graph: tuple[list[float], list[tuple[int, int]]]) -> None:
    assert lay_out(*graph, GAP) == lay_out(*graph, GAP)


def test_the_layer_is_that_of_the_longest_path() -> None:
    assert lay_out([10] * 4, [(0, 1), (1, 2), (2, 3), (0, 3)], GAP).layer == (0, 1, 2, 3)


def test_the_first_node_of_a_cycle_is_above() -> None:
    assert lay_out([10] * 3, [(0, 1), (1, 2), (2, 0)], GAP).layer == (0, 1, 2)


def test_what_one_needs_is_centered_below_it() -> None:
    layout = lay_out([50.0, 20.0, 20.0], [(0, 1), (0, 2)], GAP)
    assert layout.x[0] == pytest.approx((layout.x[1] + layout.x[2]) / 2)


def test_crossings_that_need_not_be_are_removed() -> None:
    layout = lay_out([10.0] * 6, [(0, 5), (1, 4), (2, 3)], GAP)
    assert [a < b for a, b in pairwise((layout.x[0], layout.x[1], layout.x[2]))] == [
        a < b for a, b in pairwise((layout.x[5], layout.x[4], layout.x[3]))
    ]


def test_nothing_is_nothing() -> None:
    assert lay_out([], [], GAP) == Layout((), (), ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), max_size=6), max_size=7))
def test_crossings_are_counted_as_pair_by_pair(ends: list[list[int]]) -> None:
    upper, lower = list(range(len(ends))), [len(ends) + n for n in range(7)]
    below = [[lower[end] for end in each] for each in ends] + [[] for _ in lower]
    pairs = [(i, end) for i, each in enumerate(ends) for end in each]
    crossing = sum(a < c and b > d for a, b in pairs for c, d in pairs)
    assert _crossings([upper, lower], below) == crossing


def test_lines_that_would_pass_through_very_many_layers_go_straight() -> None:
    edges = [(n, m) for n in range(60) for m in range(n + 1, 60)]
    layout = lay_out([10.0] * 60, edges, GAP)
    assert layout.layer == tuple(range(60))
    assert {len(path) for path in layout.paths} == {2}
