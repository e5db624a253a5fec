"""One manifest over another: what is merged, put behind, replaced."""

from __future__ import annotations

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.manifest.compose import compose
from wasmbuild.manifest.merge import merged
from wasmbuild.manifest.reader import Document, decode_nodes
from wasmbuild.manifest.schema import Manifest

BASE = """\
name: z
version: 1.0
source: [{url: "https://a", sha256: A}, {url: "https://b", sha256: A}]
components: {made: [{path: a}, {path: b}]}
patches: [one.patch]
files: {config.h: config.h, a.h: a.h}
defaults: {defines: {A: 1, B: 2}}
libraries:
  z: {sources: [a.c], defines: {X: 1}, exports: [a, b], cflags: [-O2]}
tests:
  - {name: one, run: p, args: [1, 2], exit: 3}
  - {name: two, run: p}
""".replace("sha256: A", f"sha256: {'0' * 64}")


def over(change: str) -> Document[Manifest]:
    return decode_nodes(merged(compose(BASE.encode(), "base"), compose(change.encode(), "change")), Manifest)


def test_mappings_are_merged_and_lists_put_behind() -> None:
    z = over("libraries: {z: {sources: [b.c], defines: {X: 2, Y: 3}}, y: {sources: [y.c]}}").value.libraries
    assert (z["z"].sources, z["z"].defines, z["z"].cflags) == (("a.c", "b.c"), {"X": 2, "Y": 3}, ("-O2",))
    assert z["y"].sources == ("y.c",)


def test_text_and_what_is_of_another_kind_take_the_place() -> None:
    manifest = over("version: 2.0\nlicense: MIT\nlibraries: {z: {exports: annotated}}").value
    assert (manifest.version, manifest.license, manifest.libraries["z"].exports) == ("2.0", "MIT", "annotated")
    assert over("files: {config.h: other.h}").value.files == {"config.h": "other.h", "a.h": "a.h"}


def test_sources_are_places_of_one_thing_and_are_replaced() -> None:
    manifest = over("source: [{path: c}]\ncomponents: {made: [{path: d}], more: [{path: e}]}").value
    assert [source.path for source in manifest.source] == ["c"]
    assert {name: [source.path for source in each] for name, each in manifest.components.items()} == {
        "made": ["d"], "more": ["e"],
    }  # fmt: skip


def test_a_test_of_a_name_that_is_there_changes_it() -> None:
    one, two, three = over("tests: [{name: three, run: p}, {name: one, args: [4]}]").value.tests
    assert (one.name, one.args, one.exit, one.run) == ("one", (4,), 3, "p")
    assert (two.name, three.name) == ("two", "three")


def test_under_replace_lists_take_the_place_and_the_rest_is_put_behind_them() -> None:
    manifest = over("replace: {patches: [], libraries: {z: {exports: [c]}}}\npatches: [two.patch]").value
    assert (manifest.patches, manifest.libraries["z"].exports) == (("two.patch",), ("c",))
    assert manifest.libraries["z"].sources == ("a.c",)


def test_a_replace_that_is_nothing_changes_nothing_and_one_of_another_kind_is_refused() -> None:
    assert over("replace: null\nlicense: MIT").value.patches == ("one.patch",)
    with pytest.raises(WasmbuildError) as caught:
        over("replace: [patches]")
    assert [(finding.code, str(finding.at)) for finding in caught.value.diagnostics] == [("wrong-type", "change:1:10")]


def test_every_value_knows_its_file() -> None:
    document = over("libraries:\n  z:\n    sources: [b.c]\nlicense: MIT")
    places = [document.at(*where) for where in ((("libraries", "z", "sources", 0)), ("libraries", "z", "sources", 1))]
    assert [str(place) for place in places] == ["base:9:17", "change:3:15"]
    assert str(document.at("license")) == "change:4:10"
    assert (document.texts["libraries", "z", "sources", 1], str(document.at())) == ("b.c", "base:1:1")


def test_what_is_wrong_is_said_where_it_stands() -> None:
    with pytest.raises(WasmbuildError) as caught:
        over("libraries: {z: {sauces: [b.c], exclude: 5}}")
    assert [(finding.code, str(finding.at)) for finding in caught.value.diagnostics] == [
        ("unknown-key", "change:1:17"), ("wrong-type", "change:1:41"),
    ]  # fmt: skip


def test_a_key_twice_is_still_one_too_many() -> None:
    with pytest.raises(WasmbuildError) as caught:
        over("license: MIT\nlicense: X")
    assert caught.value.diagnostics[0].code == "duplicate-key"


def test_aliases_do_not_make_the_merging_endless() -> None:
    deep = "&a0 {}"
    levels = "\n".join(f"k{i}: &a{i + 1} {{{', '.join(f'x{j}: *a{i}' for j in range(10))}}}" for i in range(9))
    text = f"k: {deep}\n{levels}\ndefaults: *a9\n"
    with pytest.raises(WasmbuildError) as caught:
        merged(compose(text.encode(), "base"), compose(text.encode(), "change"))
    assert caught.value.diagnostics[0].code == "not-yaml"
    loop = "defaults: &a {x: *a}"
    with pytest.raises(WasmbuildError):
        merged(compose(loop.encode(), "base"), compose(loop.encode(), "change"))
