"""The needed graph of one process or several as plain data: who needs whom, and what is bound along the way. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wasmbuild.link.lazy import loading
from wasmbuild.link.resolve import Address, Definition, Host, resolve
from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Module

Kind: TypeAlias = Literal["program", "library", "module", "missing"]


class Node(Struct, frozen=True):
    """`id` is the file's real path; of a missing library, the name that it is needed by. `lazy` is what no process has
    at its start."""

    id: str
    name: str
    kind: Kind
    root: bool
    lazy: bool = False


class Edge(Struct, frozen=True):
    """Node indexes. `symbols` is how many of them the first node has from the second; `needed` is False where it has
    some although it does not need it: others brought it into the scope. `lazy`: it needs it when it calls it."""

    source: int
    target: int
    symbols: int
    needed: bool = True
    lazy: bool = False


class NeededGraph(Struct, frozen=True):
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


Missing = Mapping[str, Sequence[str]]
"""A library's identity → the names that it needs and that were not found."""


def needed_graph(processes: Sequence[tuple[Scope, Host]], missing: Missing) -> NeededGraph:
    """All processes in one graph: nodes in the order of the scopes, edges by node."""
    nodes: dict[str, Node] = {}
    needed: dict[tuple[str, str], None] = {}
    bound: dict[tuple[str, str], set[str]] = {}
    lazily: set[tuple[str, str]] = set()
    at_start: set[str] = set()
    roots = {scope.libraries[0].identity for scope, _ in processes}
    for scope, host in processes:
        libraries = scope.libraries
        for library in libraries:
            is_root = library.identity in roots
            node = Node(library.identity, library.name, _kind(library.module), is_root)
            nodes.setdefault(library.identity, node)
        for index, others in enumerate(scope.needed):
            needed.update({(libraries[index].identity, libraries[other].identity): None for other in others})
        for index, lazy in enumerate(scope.lazy):
            lazily.update((libraries[index].identity, libraries[other].identity) for other in lazy)
        resolution = resolve(scope, host)
        at_start |= {libraries[index].identity for index in loading(scope, resolution).at_start}
        for index, bindings in enumerate(resolution.bindings):
            for import_, binding in zip(libraries[index].module.imports, bindings, strict=True):
                match binding:
                    case Definition(library=other) | Address(definition=Definition(library=other)) if other != index:
                        pair = libraries[index].identity, libraries[other].identity
                        bound.setdefault(pair, set()).add(import_.name)
    for identity, names in missing.items():
        for name in names:
            nodes.setdefault(f"missing:{name}", Node(f"missing:{name}", name, "missing", False))
            needed[identity, f"missing:{name}"] = None
    index_of = {identity: index for index, identity in enumerate(nodes)}
    edges = [
        Edge(
            index_of[source],
            index_of[target],
            len(bound.get((source, target), ())),
            (source, target) in needed,
            (source, target) in lazily,
        )
        for source, target in dict.fromkeys((*needed, *bound))
        if source in index_of
    ]
    edges.sort(key=lambda edge: (edge.source, edge.target))
    drawn = (replace(each, lazy=each.kind != "missing" and each.id not in at_start) for each in nodes.values())
    return NeededGraph(tuple(drawn), tuple(edges))


def _kind(module: Module) -> Kind:
    if abi.START in module.exports_by_name:
        return "program"
    return "library" if module.dylink is not None else "module"
