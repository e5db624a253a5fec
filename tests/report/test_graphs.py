"""The needed graph as Mermaid, for Graphviz, as JSON and as a picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from wasmbuild.explain.needed import Edge, NeededGraph, Node
from wasmbuild.report.graphs import dot, graph_to_json, mermaid
from wasmbuild.report.svg import svg

GRAPH = NeededGraph(
    (
        Node("/b/app.wasm", "app.wasm", "program", True),
        Node("/b/libz.so", "libz.so", "library", False),
        Node("/b/libc.so", "libc.so", "library", False),
        Node("missing:libpng.so", "libpng.so", "missing", False),
    ),
    (Edge(0, 1, 9), Edge(0, 2, 13), Edge(0, 3, 0), Edge(1, 2, 17), Edge(2, 0, 1, needed=False)),
)

HOSTILE = NeededGraph((Node("x", '<a href="x">&\x1b[31m\n#"]; end', "library", True),), (Edge(0, 0, 1),))

SVG = "{http://www.w3.org/2000/svg}"


def test_mermaid() -> None:
    assert mermaid(GRAPH) == (
        "flowchart TD\n"
        '  n0(["app.wasm"])\n'
        '  n1["libz.so"]\n'
        '  n2["libc.so"]\n'
        '  n3["libpng.so (missing)"]\n'
        "  n0 -->|9| n1\n"
        "  n0 -->|13| n2\n"
        "  n0 --> n3\n"
        "  n1 -->|17| n2\n"
        "  n2 -.->|1| n0\n"
        "  classDef missing stroke:#c2410c,stroke-dasharray:4 3\n"
        "  class n3 missing\n"
    )


def test_dot() -> None:
    text = dot(GRAPH)
    assert text.startswith("digraph needed {\n")
    assert '  n0 [label="app.wasm", shape=oval];\n' in text
    assert '  n3 [label="libpng.so\\n(missing)", style=dashed, color=red];\n' in text
    assert '  n1 -> n2 [label="17"];\n  n2 -> n0 [label="1", style=dashed, constraint=false];\n}\n' in text


def test_json() -> None:
    document = graph_to_json(GRAPH)
    assert document["nodes"][3] == {
        "name": "libpng.so",
        "kind": "missing",
        "root": False,
        "path": None,
        "lazy": False,
    }
    assert document["edges"][4] == {"source": 2, "target": 0, "symbols": 1, "needed": False, "lazy": False}


def test_what_is_lazy_says_so() -> None:
    nodes = (Node("/a", "a.wasm", "program", True), Node("/b", "libb.so", "library", False, lazy=True))
    graph = NeededGraph(nodes, (Edge(0, 1, 3, lazy=True),))
    assert '  n1["libb.so (lazy)"]\n  n0 -->|3, lazy| n1\n' in mermaid(graph)
    assert '  n1 [label="libb.so\\n(lazy)"];\n  n0 -> n1 [label="3, lazy"];\n' in dot(graph)
    assert "libb.so (lazy)" in svg(graph)
    assert "lazy: loaded at the first call" in svg(graph)


def test_names_cannot_leave_their_quotes() -> None:
    assert '"#lt;a href=#quot;x#quot;#gt;#amp;\\x1b[31m\\n#35;#quot;]; end"' in mermaid(HOSTILE)
    assert r'label="<a href=\"x\">&amp;\\x1b[31m\\n#\"]; end"' in dot(HOSTILE).replace("\\\\\\\\", "\\\\")


@pytest.mark.parametrize("graph", [GRAPH, HOSTILE, NeededGraph((), ())], ids=["usual", "hostile", "empty"])
def test_a_picture_is_xml_with_a_title_and_nothing_from_outside(graph: NeededGraph) -> None:
    text = svg(graph)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text
    addresses = re.findall(r"https?://[^\"' ]+|url\([^)]*\)|href|@import", text.replace("href=&quot;", ""))
    assert set(addresses) <= {
        "http://www.w3.org/2000/svg",
        "url(#head)",
        "url(#lost-head)",
        *(["href"] * (graph is HOSTILE)),
    }


def test_a_picture_shows_every_box_edge_and_number() -> None:
    root = ElementTree.fromstring(svg(GRAPH))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts[:4] == ["app.wasm", "libz.so", "libc.so", "libpng.so (missing)"]
    assert texts[4:8] == ["9", "13", "17", "1"]
    assert texts[8:] == ["a number: how many symbols are bound", "a dotted line: bound, but not needed by name"]
    assert len([path for path in root.iter(f"{SVG}path") if path.get("marker-end")]) == 5
    assert title_of(root) == "What app.wasm needs"


def title_of(root: ElementTree.Element) -> str | None:
    title = root.find(f"{SVG}title")
    return title.text if title is not None else None


def test_everything_lies_inside_the_picture() -> None:
    root = ElementTree.fromstring(svg(GRAPH))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    boxes = [
        {key: float(rect.get(key, 0)) for key in ("x", "y", "width", "height")} for rect in root.iter(f"{SVG}rect")
    ]
    assert boxes
    for box in boxes:
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= box["y"] + box["height"] <= height
    for path in root.iter(f"{SVG}path"):
        if path.get("marker-end"):
            numbers = [float(number) for number in re.findall(r"-?\d+\.\d", path.get("d", ""))]
            assert all(0 <= x <= width for x in numbers[::2])
            assert all(0 <= y <= height for y in numbers[1::2])


def test_the_same_graph_is_the_same_picture() -> None:
    assert svg(GRAPH) == svg(GRAPH)
