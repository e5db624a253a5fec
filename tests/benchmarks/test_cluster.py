"""The simulation of a build on many machines: where one thing alone bounds it, that thing says how long it takes."""

from __future__ import annotations

import pytest

from benchmarks.cluster import Cluster, Parts, bound, simulate

NOTHING = Parts(graph_s=0, read_s=0, action_s=0, link_s=0, object_bytes=0)
TEN = Cluster(machines=10, slots=8, bytes_per_s=1e6, action_overhead_s=0)


@pytest.mark.parametrize(
    ("parts", "compile_s", "expected_s", "by"),
    [
        (NOTHING, 1.0, 8_000 / 80, "compilers"),
        (Parts(0.01, 0.01, 0, 0, 0), 0.001, 8_000 * 0.02, "making and reading the graph"),
        (Parts(0, 0, 0.1, 0, 0), 0.001, 8_000 * 0.1 / 4, "handing actions out"),
        (Parts(0, 0, 0, 0, 100_000), 0.001, 8_000 * 0.1, "the network"),
        (Parts(0, 0, 0, 5.0, 0), 0.001, 8_000 / 50 * 5 / 4, "links"),
    ],
)
def test_what_bounds_it_says_how_long_it_takes(parts: Parts, compile_s: float, expected_s: float, by: str) -> None:
    times = simulate(parts, TEN, 8_000, compile_s)
    assert times.linked_s == pytest.approx(expected_s, rel=0.02)
    assert times.graph_s <= times.compiled_s <= times.linked_s
    assert bound(parts, TEN, 8_000, compile_s) == by


def test_twice_the_machines_are_twice_as_fast_only_where_compilers_bound_it() -> None:
    twenty = Cluster(machines=20, slots=8, bytes_per_s=1e6, action_overhead_s=0)
    whole = {cluster.machines: simulate(NOTHING, cluster, 8_000, 1.0).linked_s for cluster in (TEN, twenty)}
    assert whole[20] == pytest.approx(whole[10] / 2)
    handed = Parts(0, 0, 0.1, 0, 0)
    whole = {cluster.machines: simulate(handed, cluster, 8_000, 0.5).linked_s for cluster in (TEN, twenty)}
    assert whole[20] == pytest.approx(whole[10], rel=0.02)
