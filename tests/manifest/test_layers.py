"""What a recipe is made of: its file, files of its versions, the one that it is laid over, and its options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.layers import read_layers, versions
from wasmbuild.manifest.recipes import Recipe, find_recipes, make_recipe, read_recipe, recipe_file

BASE = """\
name: z
version: 1.3
source: [{path: src}]
patches: [a.patch]
libraries: {z: {sources: [z.c], cflags: [-O2]}}
options:
  big: {default: true, with: {libraries: {z: {sources: [big.c]}}}}
  slow: {without: {libraries: {z: {cflags: [-O3]}}}}
"""
OLD = "source: [{path: old}]\nreplace: {patches: []}\n"


def recipe(root: Path, files: Mapping[str, str], version: str | None = None, **options: bool) -> Recipe:
    """Of files by their paths in `top` and `base`, which are two directories of recipes."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    known = find_recipes((root / "top", root / "base"))
    layers = read_layers(known["z"])
    return make_recipe(layers, known, version or versions(layers)[0], options)


def refused(root: Path, files: Mapping[str, str], version: str | None = None) -> tuple[Diagnostic, ...]:
    with pytest.raises(WasmbuildError) as caught:
        recipe(root, files, version)
    return caught.value.diagnostics


def test_a_version_is_laid_over_the_current_one(tmp_path: Path) -> None:
    files = {"base/z/recipe.yaml": BASE, "base/z/versions/1.2.yaml": OLD, "base/z/versions/1.10.yaml": OLD}
    old = recipe(tmp_path, files, "1.2").document
    assert (old.value.version, old.value.source[0].path, old.value.patches) == ("1.2", "old", ())
    assert (old.value.name, old.value.libraries["z"].sources) == ("z", ("z.c", "big.c"))
    assert str(old.at("source")) == "recipes/z/versions/1.2.yaml:1:9"
    assert versions(read_layers((tmp_path / "base" / "z",))) == ("1.3", "1.10", "1.2")
    assert recipe(tmp_path, {}).version == "1.3"


def test_a_file_of_a_version_that_says_another_is_refused(tmp_path: Path) -> None:
    files = {"base/z/recipe.yaml": BASE, "base/z/versions/1.2.yaml": "version: 1.1"}
    (finding,) = refused(tmp_path, files, "1.2")
    assert (finding.code, str(finding.at)) == ("recipe-version", "recipes/z/versions/1.2.yaml:1:10")


@pytest.mark.parametrize(
    ("options", "sources", "cflags", "applied"),
    [
        ({}, ("z.c", "big.c"), ("-O2", "-O3"), ("big", "slow")),
        ({"big": False}, ("z.c",), ("-O2", "-O3"), ("slow",)),
        ({"slow": True}, ("z.c", "big.c"), ("-O2",), ("big",)),
    ],
)
def test_options_are_laid_over_it_as_they_are_chosen(
    tmp_path: Path,
    options: dict[str, bool],
    sources: tuple[str, ...],
    cflags: tuple[str, ...],
    applied: tuple[str, ...],
) -> None:
    found = recipe(tmp_path, {"base/z/recipe.yaml": BASE}, **options)
    library = found.document.value.libraries["z"]
    assert (library.sources, library.cflags, found.applied) == (sources, cflags, applied)
    assert found.options == {"big": True, "slow": False, **options}


def test_an_overlay_changes_all_versions_of_the_recipe_below(tmp_path: Path) -> None:
    files = {
        "base/z/recipe.yaml": BASE,
        "base/z/versions/1.2.yaml": OLD,
        "top/z/recipe.yaml": "extends: true\nlibraries: {z: {cflags: [-g]}}\noptions: {big: {default: false}}\n",
    }
    current, old = recipe(tmp_path, files), recipe(tmp_path, files, "1.2")
    assert (current.version, old.version) == ("1.3", "1.2")
    assert (
        current.document.value.libraries["z"].cflags == old.document.value.libraries["z"].cflags == ("-O2", "-g", "-O3")
    )
    assert current.options["big"] is False
    document = current.document
    assert str(document.at("libraries", "z", "cflags", 1)) == "recipes/z/recipe.yaml:2:26"
    assert str(document.at("libraries", "z", "cflags", 0)) == f"{tmp_path}/base/z/recipe.yaml:5:42"


def test_an_overlay_with_a_version_is_one_more(tmp_path: Path) -> None:
    files = {
        "base/z/recipe.yaml": BASE,
        "base/z/versions/1.2.yaml": OLD,
        "top/z/recipe.yaml": "name: z\nextends: true\nversion: 1.4\nsource: [{path: new}]\n",
        "top/z/versions/1.1.yaml": "source: [{path: oldest}]\n",
    }
    found = {version: recipe(tmp_path, files, version) for version in ("1.4", "1.3", "1.2", "1.1")}
    paths = {version: each.document.value.source[0].path for version, each in found.items()}
    assert paths == {"1.4": "new", "1.3": "src", "1.2": "old", "1.1": "oldest"}
    assert all(each.version == version for version, each in found.items())
    assert recipe(tmp_path, files).version == "1.4"


def test_files_of_an_overlay_stand_for_those_below(tmp_path: Path) -> None:
    files = {
        "base/z/recipe.yaml": BASE,
        "base/z/a.patch": "below",
        "base/z/b.patch": "below",
        "top/z/recipe.yaml": "extends: true\npatches: [b.patch]\n",
        "top/z/a.patch": "above",
    }
    found = recipe(tmp_path, files)
    texts = [
        recipe_file(found, name, found.document.at("patches")).read_text() for name in found.document.value.patches
    ]
    assert texts == ["above", "below"]
    with pytest.raises(WasmbuildError, match="no such file in the recipe"):
        recipe_file(found, "c.patch", found.document.at())


def test_a_recipe_that_extends_nothing_hides_the_one_below(tmp_path: Path) -> None:
    files = {"base/z/recipe.yaml": BASE, "top/z/recipe.yaml": "name: z\nversion: 9\nsource: [{path: .}]\n"}
    assert (recipe(tmp_path, files).version, len(recipe(tmp_path, files).directories)) == ("9", 1)


def test_an_overlay_of_nothing_is_refused(tmp_path: Path) -> None:
    (finding,) = refused(tmp_path, {"top/z/recipe.yaml": "name: z\nextends: true\n"})
    assert (finding.code, str(finding.at)) == ("extends-nothing", "recipes/z/recipe.yaml:2:10")


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        (BASE + "replace: {patches: []}\n", "replace-nothing", "9:10"),
        (BASE + "  more: {excludes: [bigg]}\n", "unknown-option", "9:21"),
        (BASE + "  more: {default: true, excludes: [big]}\n", "option-excludes", "9:36"),
        (BASE + "  more: {default: maybe}\n", "wrong-type", "9:19"),
        (BASE + "  more: {with: {libraries: {z: {sauces: [a.c]}}}}\n", "unknown-key", "9:33"),
        # What stands in an option that is on is said once.
        (BASE + "  more: {default: true, with: {libraries: {z: {sauces: [a.c]}}}}\n", "unknown-key", "9:48"),
        (BASE + "  more: {with: {version: 2}}\n", "unknown-key", "9:17"),
        (BASE + "  more: {default: true, with: {requires: [nowhere]}}\n", "unknown-recipe", "9:43"),
    ],
)
def test_what_is_wrong_with_options_is_said_where_it_stands(tmp_path: Path, text: str, code: str, at: str) -> None:
    (finding,) = refused(tmp_path, {"base/z/recipe.yaml": text})
    assert (finding.code, str(finding.at)) == (code, f"recipes/z/recipe.yaml:{at}")


def test_every_version_and_option_of_the_shipped_recipes_keeps_the_rules() -> None:
    known = find_recipes((Path(__file__).parents[2] / "recipes",))
    for name, directories in known.items():
        layers = read_layers(directories)
        for version in versions(layers):
            plain = make_recipe(layers, known, version)
            assert plain.version == version, name
            for option, on in plain.options.items():
                assert make_recipe(layers, known, version, {option: not on}).options[option] is not on
                assert plain.document.value.options[option].description, f"{name}: {option}"
        assert read_recipe(directories, known).version == versions(layers)[0]
