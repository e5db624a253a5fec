"""`lazy: true` in a manifest, in the orders of links and in what comes out of them."""

from __future__ import annotations

import json

import pytest
from projects import graph_of

from wasmbuild.manifest.requirement import own_names, parse_requirement
from wasmbuild.manifest.schema import Requires

MANIFEST = """\
name: x
libraries:
  a: {sources: [a.c]}
  b: {sources: [b.c], requires: [{name: a, lazy: true}]}
  c: {sources: [c.c], output: strange.so, requires: [a, {name: b, lazy: true}]}
"""


def lazy(manifest: str, output: str) -> tuple[str, ...]:
    specs = (json.loads(text) for place, text in graph_of(manifest).specs.items() if place.endswith("link.json"))
    return next(tuple(spec["lazy"]) for spec in specs if spec["output"] == output)


def test_what_is_lazy_is_among_what_is_linked_against() -> None:
    assert lazy(MANIFEST, "build/lib/libb.so") == ("build/obj/library-a/interface/liba.so",)
    assert lazy(MANIFEST, "build/lib/strange.so") == ("build/obj/library-b/interface/libb.so",)


def test_what_is_also_required_at_once_is_not_lazy() -> None:
    twice = MANIFEST.replace("requires: [{name: a, lazy: true}]", "requires: [{name: a, lazy: true}, a]")
    assert lazy(twice, "build/lib/libb.so") == ()


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        ("a", ("a",)),
        (Requires("a", lazy=True), ("a",)),
        (Requires("a", version=">1", lazy=True), ()),
        (Requires("a", options={"o": True}), ()),
    ],
)
def test_an_entry_without_versions_and_options_may_name_a_library_of_the_project(
    entry: str | Requires, names: tuple[str, ...]
) -> None:
    assert own_names((entry,)) == names


def test_whether_it_is_lazy_changes_nothing_in_a_recipe() -> None:
    assert parse_requirement(Requires("z", lazy=True)) == parse_requirement("z")
