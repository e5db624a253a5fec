"""`wasmbuild graph`: the needed graph as Mermaid, for Graphviz, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins

from wasmbuild.explain.needed import Edge, NeededGraph, Node
from wasmbuild.printing import printable


def mermaid(graph: NeededGraph) -> str:
    """Text that ends with a line break."""
    return "".join(f"{line}\n" for line in _mermaid(graph))


def dot(graph: NeededGraph) -> str:
    return "".join(f"{line}\n" for line in _dot(graph))


def graph_to_json(graph: NeededGraph) -> dict[str, Any]:
    """`source` and `target` are indexes of `nodes`; a missing library has no path."""
    nodes = [
        {"name": n.name, "kind": n.kind, "root": n.root, "path": None if n.kind == "missing" else n.id, "lazy": n.lazy}
        for n in graph.nodes
    ]
    return {"nodes": nodes, "edges": [to_builtins(edge) for edge in graph.edges]}


def edge_label(edge: Edge) -> str:
    """What is written on an edge, as short as it can be; nothing where nothing is bound."""
    symbols = [str(edge.symbols)] if edge.symbols else []
    return ", ".join([*symbols, *(["lazy"] if edge.lazy else [])])


def mark(node: Node) -> str:
    """What is special about it, behind its name."""
    return "(missing)" if node.kind == "missing" else "(lazy)" if node.lazy else ""


def _mermaid(graph: NeededGraph) -> Iterator[str]:
    yield "flowchart TD"
    brackets = {"program": ("([", "])"), "library": ("[", "]"), "module": ("[", "]"), "missing": ("[", "]")}
    for index, node in enumerate(graph.nodes):
        left, right = brackets[node.kind]
        name = _mermaid_text(f"{node.name} {mark(node)}".rstrip())
        yield f'  n{index}{left}"{name}"{right}'
    for edge in graph.edges:
        arrow = "-->" if edge.needed else "-.->"
        label = f"|{edge_label(edge)}|" if edge_label(edge) else ""
        yield f"  n{edge.source} {arrow}{label} n{edge.target}"
    missing = [f"n{index}" for index, node in enumerate(graph.nodes) if node.kind == "missing"]
    if missing:
        yield "  classDef missing stroke:#c2410c,stroke-dasharray:4 3"
        yield f"  class {','.join(missing)} missing"


def _mermaid_text(text: str) -> str:
    """Inside quotes Mermaid takes all but these literally; a backquote at the start would make it Markdown."""
    text = printable(text).replace("#", "#35;")  # first: the entities have it too
    for character, entity in (('"', "#quot;"), ("&", "#amp;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        text = text.replace(character, entity)
    return text


def _dot(graph: NeededGraph) -> Iterator[str]:
    yield "digraph needed {"
    yield '  node [shape=box, style=rounded, fontname="monospace"];'
    yield '  edge [fontname="monospace", fontsize=10];'
    for index, node in enumerate(graph.nodes):
        more = {"program": ", shape=oval", "missing": ", style=dashed, color=red"}.get(node.kind, "")
        name = _dot_text(node.name) + (f"\\n{mark(node)}" if mark(node) else "")
        yield f'  n{index} [label="{name}"{more}];'
    for edge in graph.edges:
        attributes = [f'label="{edge_label(edge)}"'] if edge_label(edge) else []
        attributes += [] if edge.needed else ["style=dashed", "constraint=false"]
        written = f" [{', '.join(attributes)}]" if attributes else ""
        yield f"  n{edge.source} -> n{edge.target}{written};"
    yield "}"


def _dot_text(text: str) -> str:
    """Graphviz reads entities of HTML in every label."""
    return printable(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
