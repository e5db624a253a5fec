"""The needed graph as values: nodes, edges, what is bound along them."""

from __future__ import annotations

from linkvalues import I_I, NOTHING, function_import, got_func, library, scope_of
from msgspec.structs import replace

from wasmbuild.explain.needed import Edge, needed_graph


def test_edges_count_the_symbols_bound_along_them() -> None:
    root = library(
        "app",
        needed=("a.so", "c.so"),
        functions={"_start": NOTHING, "main": I_I},
        imports=(function_import("f"), got_func("f"), function_import("g")),
    )
    a = library("a.so", needed=("c.so",), functions={"f": I_I, "g": I_I})
    c = library("c.so", imports=(function_import("main"),))
    graph = needed_graph([(scope_of(root, a, c), {})], {})
    assert [(node.name, node.kind, node.root) for node in graph.nodes] == [
        ("app", "program", True),
        ("a.so", "library", False),
        ("c.so", "library", False),
    ]
    assert graph.edges == (Edge(0, 1, 2), Edge(0, 2, 0), Edge(1, 2, 0), Edge(2, 0, 1, needed=False))


def test_two_processes_share_nodes_and_count_a_symbol_once() -> None:
    c = library("c.so", functions={"f": I_I})
    one = library("one", needed=("c.so",), imports=(function_import("f"),))
    two = library("two", needed=("c.so", "one"))
    graph = needed_graph([(scope_of(one, c), {}), (scope_of(two, c, one), {})], {})
    assert [(node.name, node.root) for node in graph.nodes] == [("one", True), ("c.so", False), ("two", True)]
    assert graph.edges == (Edge(0, 1, 1), Edge(2, 0, 0), Edge(2, 1, 0))


def test_a_missing_library_is_a_node() -> None:
    root = library("app", identity="/x/app")
    graph = needed_graph([(scope_of(root), {})], {"/x/app": ["gone.so"]})
    assert [(node.name, node.kind) for node in graph.nodes] == [("app", "library"), ("gone.so", "missing")]
    assert graph.edges == (Edge(0, 1, 0),)


def test_a_cycle_is_a_graph_like_any_other() -> None:
    a = library("a", needed=("b",), functions={"f": I_I})
    b = library("b", needed=("a",), imports=(function_import("f"),))
    assert needed_graph([(scope_of(a, b), {})], {}).edges == (Edge(0, 1, 0), Edge(1, 0, 1))


def test_an_import_of_ones_own_is_no_edge() -> None:
    assert (
        needed_graph([(scope_of(library("a", functions={"f": I_I}, imports=(function_import("f"),))), {})], {}).edges
        == ()
    )


def test_what_waits_in_all_processes_is_lazy() -> None:
    b, c = library("b", functions={"f": I_I}), library("c", functions={"g": I_I})
    one = replace(library("one", needed=("b", "c"), imports=(function_import("f"),)), lazy=frozenset(("b", "c")))
    two = library("two", needed=("c",))
    graph = needed_graph([(scope_of(one, b, c), {}), (scope_of(two, c), {})], {})
    assert [(node.name, node.lazy) for node in graph.nodes] == [
        ("one", False),
        ("b", True),
        ("c", False),
        ("two", False),
    ]
    assert graph.edges == (Edge(0, 1, 1, lazy=True), Edge(0, 2, 0, lazy=True), Edge(3, 2, 0))
