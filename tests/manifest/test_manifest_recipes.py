"""Where recipes are found, what hides what, and what is wrong with one is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.manifest.recipes import find_recipes, read_recipe, recipe_directories, shipped


def write_recipe(directory: Path, name: str, text: str | None = None) -> Path:
    folder = directory / name
    folder.mkdir(parents=True)
    (folder / "recipe.yaml").write_text(text or f"name: {name}\nversion: 1.2\nsource: [{{path: .}}]\n")
    return folder


def test_a_projects_own_recipe_hides_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    own = write_recipe(tmp_path / "recipes", "zlib")
    mine = write_recipe(tmp_path / "recipes", "mine")
    found = find_recipes(recipe_directories(tmp_path))
    assert (found["zlib"], found["mine"]) == ((own, shipped("recipes") / "zlib"), (mine,))
    assert found["lua"] == (shipped("recipes") / "lua",)
    assert read_recipe(found["zlib"], found).version == "1.2"


def test_without_a_project_there_are_the_shipped_recipes() -> None:
    found = find_recipes(recipe_directories(None))
    assert found
    assert {path.parent for paths in found.values() for path in paths} == {shipped("recipes")}


def test_every_shipped_recipe_keeps_the_rules() -> None:
    known = find_recipes(recipe_directories(None))
    for name, directory in known.items():
        recipe = read_recipe(directory, known)
        assert recipe.name == name
        assert recipe.document.value.license, name


def test_only_directories_with_a_recipe_in_them_count(tmp_path: Path) -> None:
    write_recipe(tmp_path, "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "recipe.yaml").write_text("name: c")
    (tmp_path / "d" / "recipe.yaml").mkdir(parents=True)
    assert find_recipes((tmp_path / "missing", tmp_path)) == {"a": (tmp_path / "a",)}


@pytest.mark.parametrize(
    ("text", "code", "headline", "place"),
    [
        ("name: other\nsource: [{path: .}]", "recipe-name", "in `recipes/x` is named `other`", "1:7"),
        ("name: x\n", "recipe-source", "recipe `x` has no `source`", "1:7"),
        ("name: x\nsource: [{path: .}]\nrequires: [y]", "unknown-recipe", "unknown recipe: `y`", "3:12"),
        ("name: x\nsorce: [{path: .}]", "unknown-key", "unknown key in the file: `sorce`", "2:1"),
        ("", "not-yaml", "`recipes/x/recipe.yaml` is empty", "1:1"),
    ],
)
def test_a_broken_recipe_is_refused(tmp_path: Path, text: str, code: str, headline: str, place: str) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "recipe.yaml").write_text(text)
    with pytest.raises(WasmbuildError) as caught:
        read_recipe((folder,), {"x": (folder,)})
    (finding,) = caught.value.diagnostics
    assert (finding.code, str(finding.at)) == (code, f"recipes/x/recipe.yaml:{place}")
    assert headline in finding.headline
