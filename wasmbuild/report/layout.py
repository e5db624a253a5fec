"""A layered drawing of a directed graph, as coordinates: cycles are broken, layers are by longest path, the order in a
layer by barycenters, so that few edges cross. Pure, and the same for the same graph.

The method is that of Sugiyama, Tagawa and Toda (1981), in its plainest form.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

_SWEEPS = 12
_DUMMY_WIDTH = 14.0
_MOST_PLACES = 20_000
"""Of lines in layers. A picture that is larger tells nobody anything."""


class Layout(Struct, frozen=True):
    """Centers of nodes, and for each edge the points that it passes, from its source's center to its target's.
    `x` counts from 0 to the right, `layer` from 0 downwards."""

    x: tuple[float, ...]
    layer: tuple[int, ...]
    paths: tuple[tuple[tuple[float, int], ...], ...]
    """One for each edge: (x, layer)."""


def lay_out(widths: Sequence[float], edges: Sequence[tuple[int, int]], gap: float) -> Layout:
    """Place nodes of these widths, at least `gap` apart. An edge to its own node has a path of one point."""
    forward = _acyclic(len(widths), edges)
    layers = _layers(len(widths), forward)
    boxes = list(widths)
    layer_of = list(layers)
    chains: list[list[int]] = []
    # Lines that pass between boxes take a place in each layer. Where that would be very many, they go straight.
    straight = sum(layers[target] - layers[source] for source, target in forward) > _MOST_PLACES
    for source, target in forward:
        chain = [source]
        for layer in range(layers[source] + 1, layers[target]) if not straight else ():
            chain.append(len(boxes))
            boxes.append(_DUMMY_WIDTH)
            layer_of.append(layer)
        chains.append([*chain, target] if target != source else chain)
    links = [pair for chain in chains for pair in pairwise(chain) if layer_of[pair[1]] == layer_of[pair[0]] + 1]
    above, below = _neighbours(len(boxes), links)
    order = _ordered(layer_of, above, below)
    x = _coordinates(order, boxes, above, below, gap)
    paths = []
    for chain, (source, _), (first, _) in zip(chains, edges, forward, strict=True):
        points = tuple((x[box], layer_of[box]) for box in chain)
        paths.append(points if source == first else points[::-1])
    return Layout(tuple(x[: len(widths)]), tuple(layers), tuple(paths))


def _acyclic(count: int, edges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The edges with those turned round that would close a cycle, found depth-first from the first nodes."""
    successors: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        if target != source:
            successors[source].append(target)
    state = [0] * count  # 0 not seen, 1 on the path, 2 done
    back: set[tuple[int, int]] = set()
    for start in range(count):
        if state[start]:
            continue
        state[start] = 1
        stack = [(start, iter(successors[start]))]
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[node] = 2
                stack.pop()
            elif state[following] == 1:
                back.add((node, following))
            elif state[following] == 0:
                state[following] = 1
                stack.append((following, iter(successors[following])))
    return [(target, source) if (source, target) in back else (source, target) for source, target in edges]


def _layers(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Each node one below the lowest of those that point to it."""
    above: list[set[int]] = [set() for _ in range(count)]
    below: list[set[int]] = [set() for _ in range(count)]
    for source, target in edges:
        if source != target:
            above[target].add(source)
            below[source].add(target)
    layers = [0] * count
    waiting = [len(each) for each in above]
    ready = deque(node for node in range(count) if not waiting[node])
    while ready:
        node = ready.popleft()
        for other in sorted(below[node]):
            layers[other] = max(layers[other], layers[node] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return layers


def _neighbours(count: int, links: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[list[int]]]:
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for upper, lower in links:
        above[lower].append(upper)
        below[upper].append(lower)
    return above, below


def _ordered(layer_of: Sequence[int], above: list[list[int]], below: list[list[int]]) -> list[list[int]]:
    """Each layer from left to right. Of all sweeps, the order with the fewest crossings."""
    order: list[list[int]] = [[] for _ in range(max(layer_of, default=-1) + 1)]
    for box, layer in enumerate(layer_of):
        order[layer].append(box)
    best, fewest = [list(layer) for layer in order], _crossings(order, below)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        neighbours = above if down else below
        layers = order if down else order[::-1]
        for following, boxes in pairwise(layers):
            place = {box: i for each in (following, boxes) for i, box in enumerate(each)}
            wanted = {box: _mean([place[other] for other in neighbours[box]], place[box]) for box in boxes}
            boxes.sort(key=wanted.__getitem__)
        crossings = _crossings(order, below)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in order], crossings
    return best


def _crossings(order: Sequence[Sequence[int]], below: list[list[int]]) -> int:
    count = 0
    for layer, following in pairwise(order):
        place = {box: i for i, box in enumerate(following)}
        seen, sums = 0, [0] * (len(following) + 1)  # a Fenwick tree: how many ends there are up to a place
        for box in layer:
            for end in sorted(place[other] for other in below[box]):
                at, before = end + 1, 0
                while at:
                    before, at = before + sums[at], at & (at - 1)
                count, seen, at = count + seen - before, seen + 1, end + 1
                while at < len(sums):
                    sums[at], at = sums[at] + 1, at + (at & -at)
    return count


def _coordinates(
    order: list[list[int]], widths: Sequence[float], above: list[list[int]], below: list[list[int]], gap: float
) -> list[float]:
    """Every box over the middle of its neighbours, as near as the others in its layer let it."""
    x = [0.0] * len(widths)
    for layer in order:
        _spread(layer, {box: float(i) for i, box in enumerate(layer)}, widths, gap, x)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        neighbours: Mapping[int, list[int]] = dict(enumerate(above if down else below))
        for layer in order[1:] if down else order[-2::-1]:
            wanted = {box: _mean([x[other] for other in neighbours[box]], x[box]) for box in layer}
            _spread(layer, wanted, widths, gap, x)
    left = min((x[box] - widths[box] / 2 for box in range(len(widths))), default=0.0)
    return [value - left for value in x]


def _spread(
    layer: Sequence[int], wanted: Mapping[int, float], widths: Sequence[float], gap: float, x: list[float]
) -> None:
    """Give a layer's boxes the places they want, in their order and without overlap: groups that would overlap are put
    side by side about the mean of what they want."""
    # Of each group: the place of its first box in the layer, how many it has, the sum of where each of them wants the
    # first one's center to be, and the width between the outer centers.
    groups: list[tuple[int, int, float, float]] = []
    for place, box in enumerate(layer):
        groups.append((place, 1, wanted[box], 0.0))
        while len(groups) > 1:
            (first, count, starts, length), (second, others, their_starts, more) = groups[-2:]
            apart = (widths[layer[second - 1]] + widths[layer[second]]) / 2 + gap
            if starts / count + length + apart <= their_starts / others:
                break
            starts += their_starts - others * (length + apart)
            groups[-2:] = [(first, count + others, starts, length + apart + more)]
    for first, count, starts, _ in groups:
        position = starts / count
        for place in range(first, first + count):
            if place > first:
                position += (widths[layer[place - 1]] + widths[layer[place]]) / 2 + gap
            x[layer[place]] = position


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
