"""The needed graph as a picture: SVG that needs nothing else, and can be read on white and on black."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from wasmbuild.explain.needed import Edge, NeededGraph, Node
from wasmbuild.printing import printable
from wasmbuild.report.graphs import edge_label, mark
from wasmbuild.report.layout import Layout, lay_out

_FONT = 13
_LETTER = 7.83
"""Width of a letter: the fonts are monospaced, where it is 0.6 of the size, and a little more."""
_PADDING, _HEIGHT, _GAP = 16.0, 36.0, 34.0
_LAYER, _MOST_LAYER = 92.0, 150.0
_PORT = 15.0
"""Between two lines that meet one side of a box."""

_MARGIN = 24.0
_LEGEND = 26.0

# Nothing is drawn on the page itself but lines in a middle grey; what is written has a ground of its own.
_STYLE = f"""\
    text {{ font: {_FONT}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
    .name {{ text-anchor: middle; fill: #18212f; }}
    .box {{ fill: #eef2f8; stroke: #6b7c93; stroke-width: 1.2; }}
    .program .box {{ fill: #dbe7fb; stroke: #3867b7; }}
    .missing .box {{ fill: #fdeee6; stroke: #c2410c; stroke-dasharray: 5 4; }}
    .missing .name {{ fill: #9a3412; }}
    .edge {{ fill: none; stroke: #8592a6; stroke-width: 1.4; }}
    .unneeded {{ stroke-dasharray: 3 4; }}
    .lost {{ stroke: #d9622b; }}
    .head {{ fill: #8592a6; }}
    .lost-head {{ fill: #d9622b; }}
    .count {{ fill: #334155; font-size: 11px; text-anchor: middle; }}
    .pill {{ fill: #ffffff; stroke: #c3ccd8; stroke-width: 0.8; }}
    .legend {{ fill: #7d8a9d; font-size: 11px; }}
"""


def svg(graph: NeededGraph, styled: bool = True) -> str:
    """A whole document. Equal graphs give equal text. Not `styled`, it looks as the page that it is in says."""
    widths = [len(_text(node)) * _LETTER + 2 * _PADDING for node in graph.nodes]
    layout = lay_out(widths, [(edge.source, edge.target) for edge in graph.edges], _GAP)
    return "".join(f"{line}\n" for line in _document(graph, layout, widths, styled))


def _document(graph: NeededGraph, layout: Layout, widths: Sequence[float], styled: bool) -> Iterator[str]:
    legend = list(_legend(graph))
    right = max((x + width / 2 for x, width in zip(layout.x, widths, strict=True)), default=0.0)
    right = max([right, *(x + 8 for path in layout.paths for x, _ in path)])
    right = max(right, max((len(line) for line in legend), default=0) * 6.7)
    loops = any(edge.source == edge.target for edge in graph.edges)
    width = right + 2 * _MARGIN + (30 if loops else 0)
    distance = _layer_distance(layout)
    body = max(layout.layer, default=0) * distance + _HEIGHT + 2 * _MARGIN
    height = body + (_LEGEND - 8) * len(legend)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
    )
    yield f"  <title>{_escaped(_title(graph))}</title>"
    if styled:
        yield f"  <style>\n{_STYLE}  </style>"
    yield "  <defs>"
    for name in ("head", "lost-head"):
        yield (
            f'    <marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path class="{name}" d="M0 1 L10 5 L0 9 z"/></marker>'
        )
    yield "  </defs>"
    labels: list[str] = []
    ports = _ports(graph, layout, widths)
    for index, edge in enumerate(graph.edges):
        yield from _edge(graph, edge, _points(layout.paths[index], distance, ports[index]), widths, labels)
    for index, node in enumerate(graph.nodes):
        yield f'  <g class="{node.kind} node-{index}">'
        yield from _node(node, layout.x[index] + _MARGIN, layout.layer[index] * distance + _MARGIN, widths[index])
        yield "  </g>"
    yield from labels  # last: above all lines
    for number, line in enumerate(legend):
        y = body + number * (_LEGEND - 8)
        yield f'  <text class="legend" x="{_MARGIN:.0f}" y="{y:.0f}">{_escaped(line)}</text>'
    yield "</svg>"


def _layer_distance(layout: Layout) -> float:
    """More where lines go far to the side: they would run flat along the boxes."""
    far = max((abs(a[0] - b[0]) for path in layout.paths for a, b in pairwise(path)), default=0.0)
    return min(max(_LAYER, far * 0.22), _MOST_LAYER)


def _ports(graph: NeededGraph, layout: Layout, widths: Sequence[float]) -> list[tuple[float, float]]:
    """How far from the middle of its boxes each edge starts and ends: side by side, in the order of where they go."""
    sides: dict[tuple[int, bool], list[tuple[float, int, int]]] = {}
    for index, (edge, path) in enumerate(zip(graph.edges, layout.paths, strict=True)):
        if len(path) > 1:
            down = path[-1][1] > path[0][1]
            sides.setdefault((edge.source, down), []).append((path[1][0], index, 0))
            sides.setdefault((edge.target, not down), []).append((path[-2][0], index, 1))
    found = [[0.0, 0.0] for _ in graph.edges]
    for (node, _), ends in sides.items():
        step = min(_PORT, (widths[node] - 2 * _PADDING) / max(len(ends) - 1, 1))
        for place, (_, index, end) in enumerate(sorted(ends)):
            found[index][end] = (place - (len(ends) - 1) / 2) * step
    return [(start, end) for start, end in found]


def _points(
    path: Sequence[tuple[float, int]], distance: float, ports: tuple[float, float]
) -> list[tuple[float, float]]:
    points = [(x + _MARGIN, layer * distance + _MARGIN + _HEIGHT / 2) for x, layer in path]
    if len(points) > 1:
        points[0] = points[0][0] + ports[0], points[0][1]
        points[-1] = points[-1][0] + ports[1], points[-1][1]
    return points


def _title(graph: NeededGraph) -> str:
    roots = [node.name for node in graph.nodes if node.root]
    return f"What {', '.join(roots[:4])}{' …' if len(roots) > 4 else ''} needs" if roots else "Nothing needs anything"


def _legend(graph: NeededGraph) -> Iterator[str]:
    if any(edge.symbols for edge in graph.edges):
        yield "a number: how many symbols are bound"
    if any(not edge.needed for edge in graph.edges):
        yield "a dotted line: bound, but not needed by name"
    if any(edge.lazy for edge in graph.edges):
        yield "lazy: loaded at the first call"


def _text(node: Node) -> str:
    """As it is drawn: what is escaped needs its room in the box."""
    return printable(f"{node.name} {mark(node)}".rstrip())


def _node(node: Node, x: float, y: float, width: float) -> Iterator[str]:
    radius = _HEIGHT / 2 if node.kind == "program" else 5
    yield (
        f'    <rect class="box" x="{x - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_HEIGHT:.0f}" '
        f'rx="{radius:.0f}"/>'
    )
    yield f'    <text class="name" x="{x:.1f}" y="{y + _HEIGHT / 2 + 4.5:.1f}">{_escaped(_text(node))}</text>'


def _edge(
    graph: NeededGraph, edge: Edge, points: list[tuple[float, float]], widths: Sequence[float], labels: list[str]
) -> Iterator[str]:
    lost = graph.nodes[edge.target].kind == "missing"
    class_ = " ".join(["edge", *([] if edge.needed else ["unneeded"]), *(["lost"] if lost else [])])
    head = "lost-head" if lost else "head"
    if len(points) == 1:
        x, y = points[0][0] + widths[edge.source] / 2, points[0][1]
        d = f"M{x:.1f} {y - 8:.1f} C{x + 26:.1f} {y - 16:.1f} {x + 26:.1f} {y + 16:.1f} {x:.1f} {y + 8:.1f}"
        middle = (x + 20, y)
    else:
        d, middle = _curve(points)
    yield f'  <path class="{class_}" d="{d}" marker-end="url(#{head})"/>'
    label = edge_label(edge)
    if label:
        x, y = middle
        width = len(label) * 6.7 + 10
        labels.append(
            f'  <g><rect class="pill" x="{x - width / 2:.1f}" y="{y - 8:.1f}" width="{width:.1f}" height="16" rx="8"/>'
            f'<text class="count" x="{x:.1f}" y="{y + 4:.1f}">{label}</text></g>'
        )


def _curve(points: list[tuple[float, float]]) -> tuple[str, tuple[float, float]]:
    """A smooth line from box to box, upright where it meets them and where it passes between others, and a point on its
    first stretch for the label."""
    half = _HEIGHT / 2 if points[-1][1] > points[0][1] else -_HEIGHT / 2
    d = f"M{points[0][0]:.1f} {points[0][1] + half:.1f}"
    for place, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        y0, y1 = y0 + half, y1 - half
        bend = (y0 + y1) / 2
        d += f" L{x0:.1f} {y0:.1f}" if place else ""
        d += f" C{x0:.1f} {bend:.1f} {x1:.1f} {bend:.1f} {x1:.1f} {y1:.1f}"
    (x0, y0), (x1, y1) = points[0], points[1]
    y0, y1 = y0 + half, y1 - half
    # Two boxes that need each other have two lines side by side: their labels must not meet.
    t = 0.5 if half > 0 else 0.28
    bent = 3 * t * (1 - t)
    x = x0 + (x1 - x0) * (3 * t**2 - 2 * t**3)
    return d, (x, (1 - t) ** 3 * y0 + bent * (y0 + y1) / 2 + t**3 * y1)


def _escaped(text: str) -> str:
    """For XML, which cannot hold control characters at all."""
    return escape(printable(text))
