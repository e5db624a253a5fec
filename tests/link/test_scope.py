"""Which libraries a process has, in which order, and what is said of those that are missing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from linkvalues import library, names, opener, scope_of

from wasmbuild.link.scope import Library, NotFound, find_scope

Graph = Mapping[str, tuple[str, ...]]


def libraries(graph: Graph) -> list[Library]:
    return [library(name, needed=needed) for name, needed in graph.items()]


@pytest.mark.parametrize(
    ("graph", "scope", "dependencies_first"),
    [
        pytest.param({"a": ()}, ["a"], ["a"], id="alone"),
        pytest.param({"a": ("b",), "b": ("c",), "c": ()}, ["a", "b", "c"], ["c", "b", "a"], id="chain"),
        pytest.param(
            {"a": ("b", "c"), "b": ("d",), "c": (), "d": ()}, ["a", "b", "c", "d"], ["d", "b", "c", "a"], id="breadth"
        ),
        pytest.param(
            {"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()},
            ["a", "b", "c", "d"],
            ["d", "b", "c", "a"],
            id="diamond",
        ),
        pytest.param({"a": ("b",), "b": ("c",), "c": ("a",)}, ["a", "b", "c"], ["c", "b", "a"], id="cycle with root"),
        pytest.param(
            {"a": ("b",), "b": ("c",), "c": ("b", "d"), "d": ()},
            ["a", "b", "c", "d"],
            ["d", "c", "b", "a"],
            id="cycle below",
        ),
        pytest.param({"a": ("a", "b"), "b": ("b",)}, ["a", "b"], ["b", "a"], id="needs itself"),
        pytest.param({"a": ("b", "b"), "b": ()}, ["a", "b"], ["b", "a"], id="needed twice by one"),
        pytest.param(
            {"a": ("deep", "b"), "deep": ("deeper",), "deeper": ("b",), "b": ()},
            ["a", "deep", "b", "deeper"],
            ["b", "deeper", "deep", "a"],
            id="shallow need decides the scope, deep need the order",
        ),
    ],
)
def test_scope_is_breadth_first_and_initialisation_dependencies_first(
    graph: Graph, scope: list[str], dependencies_first: list[str]
) -> None:
    found = scope_of(*libraries(graph))
    assert names(found) == scope
    assert [scope[index] for index in found.dependencies_first()] == dependencies_first


def test_needed_indexes_are_each_librarys_own_in_its_order() -> None:
    found = scope_of(*libraries({"a": ("c", "b"), "b": ("c", "a"), "c": ()}))
    assert names(found) == ["a", "c", "b"]
    assert found.needed == ((1, 2), (), (1, 0))


def test_a_very_long_chain_is_walked_without_recursion() -> None:
    count = 1500
    graph = {f"l{i}": (f"l{i + 1}",) if i + 1 < count else () for i in range(count)}
    found = scope_of(*libraries(graph))
    assert found.dependencies_first() == tuple(reversed(range(count)))


def test_one_file_under_two_names_is_one_library() -> None:
    root = library("a", needed=("libz.so.1", "libz.so"))
    z = library("libz.so.1", identity="/lib/libz.so.1.3")
    asked: list[str] = []

    def open_needed(name: str, requester: Library, root: Library) -> Library:
        asked.append(name)
        return z

    scope, missing = find_scope(root, open_needed)
    assert missing == ()
    assert names(scope) == ["a", "libz.so.1"]
    assert scope.needed == ((1,), ())
    assert asked == ["libz.so.1", "libz.so"]


def test_two_files_under_one_name_are_two_libraries() -> None:
    by_requester = {
        "a": library("libx.so", identity="/one/libx.so"),
        "b": library("libx.so", identity="/two/libx.so"),
    }
    root, b = library("a", needed=("b", "libx.so")), library("b", needed=("libx.so",))
    scope, _ = find_scope(root, lambda name, requester, _: b if name == "b" else by_requester[requester.name])
    assert [each.identity for each in scope.libraries] == ["/lib/a", "/lib/b", "/one/libx.so", "/two/libx.so"]


def test_a_missing_library_is_reported_with_who_needs_it_up_to_the_root() -> None:
    graph = {"app.wasm": ("libpng.so",), "libpng.so": ("libz.so",)}
    root, *others = libraries(graph)
    scope, (missing,) = find_scope(root, opener(others))
    assert names(scope) == ["app.wasm", "libpng.so"]
    assert str(missing) == (
        "error: needed library not found: `libz.so`\n"
        "  needed by: libpng.so, needed by app.wasm\n"
        "  searched:  here, there\n"
        "help: put it where it is searched for, give `libpng.so` a runtime path (`rpath: [$ORIGIN]`), "
        "or name its directory with --library-path"
    )


def test_every_missing_library_is_reported_and_what_is_there_is_still_found() -> None:
    root, *others = libraries({"a": ("gone", "b"), "b": ("lost",)})
    scope, missing = find_scope(root, opener(others))
    assert names(scope) == ["a", "b"]
    assert [(each.code, each.headline) for each in missing] == [
        ("needed-not-found", "needed library not found: `gone`"),
        ("needed-not-found", "needed library not found: `lost`"),
    ]


def test_a_library_that_is_searched_nowhere_says_so() -> None:
    _, (missing,) = find_scope(library("a", needed=("b",)), lambda *_: NotFound(()))
    assert ("searched", "nowhere") in missing.facts


def test_very_many_missing_libraries_of_one_are_one_finding() -> None:
    root = library("app", needed=[f"{n}.so" for n in range(17)])
    _, (missing,) = find_scope(root, lambda name, requester, of: NotFound(("lib",)))
    assert missing.headline.startswith("17 needed libraries not found: `0.so`, `1.so`, ")
    assert missing.headline.endswith("`15.so` and 1 more")
    assert missing.facts == (("needed by", "app"), ("searched", "lib"))


def test_of_a_long_chain_the_middle_is_left_out() -> None:
    chain = {f"l{n}": (f"l{n + 1}",) for n in range(100)}
    root, *others = libraries(chain)
    by_name = {each.name: each for each in others}
    _, (missing,) = find_scope(root, lambda name, requester, of: by_name.get(name, NotFound(())))
    ((_, needed_by), _) = missing.facts
    assert needed_by.startswith("l99, needed by l98, ")
    assert needed_by.endswith(
        ", needed by 84 more, needed by " + ", needed by ".join(f"l{n}" for n in range(7, -1, -1))
    )
