"""From `requires` to recipes in the order in which they are built."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.check import check_project
from wasmbuild.manifest.reader import Document, decode_document
from wasmbuild.manifest.recipes import Known, find_recipes, recipe_directories
from wasmbuild.manifest.schema import Manifest
from wasmbuild.selection.known import resolve
from wasmbuild.selection.required import Required, asking_also, asking_for

DIAMOND = {"top": "[left, right]", "left": "[base]", "right": "[base, left]", "base": "[]"}


def read(text: str) -> Document[Manifest]:
    return decode_document(text.encode(), "wasmbuild.yaml", Manifest)


def recipes(folder: Path, requires: Mapping[str, str], version: str = "1.5") -> Known:
    for name, required in requires.items():
        (folder / name).mkdir()
        text = f"name: {name}\nversion: {version}\nsource: [{{path: .}}]\nrequires: {required}\n"
        (folder / name / "recipe.yaml").write_text(text)
    return find_recipes((folder,))


def names(required: tuple[Required, ...]) -> list[str]:
    return [entry.recipe.name for entry in required]


def refused(text: str, known: Known) -> tuple[Diagnostic, ...]:
    with pytest.raises(WasmbuildError) as caught:
        resolve(read(text), known)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        ("[]", []),
        ("[base]", ["base"]),
        ("[left]", ["base", "left"]),
        ("[top]", ["base", "left", "right", "top"]),
        ("[right, base, top]", ["base", "left", "right", "top"]),
        ("[base, left, base]", ["base", "left"]),
    ],
)
def test_each_recipe_comes_once_and_after_those_that_it_requires(
    tmp_path: Path, requires: str, expected: list[str]
) -> None:
    assert names(resolve(read(f"name: x\nrequires: {requires}"), recipes(tmp_path, DIAMOND))) == expected


def test_what_targets_and_tests_require_counts_and_libraries_of_the_project_do_not(tmp_path: Path) -> None:
    document = read(
        "name: x\nlibraries:\n  left: {sources: [a.c]}\n  z: {sources: [a.c], requires: [left]}\n"
        "programs: {p: {sources: [p.c], requires: [z, right >=1]}}\n"
        "tests: [{name: t, program: {sources: [t.c], requires: [base]}}]"
    )
    assert names(resolve(document, recipes(tmp_path, {"left": "[]", "right": "[]", "base": "[]"}))) == ["right", "base"]


def test_it_is_known_who_was_the_first_to_require_it_and_where(tmp_path: Path) -> None:
    required = resolve(read("name: x\nrequires: [left, base]"), recipes(tmp_path, DIAMOND))
    assert [(entry.by.name, str(entry.by.at)) for entry in required] == [
        ("left", "recipes/left/recipe.yaml:4:12"),
        ("x", "wasmbuild.yaml:2:12"),
    ]


def test_a_version_that_there_is_not_is_refused_with_both_versions(tmp_path: Path) -> None:
    known = recipes(tmp_path, {"base": "[]", "left": "[base >=2]"})
    assert names(resolve(read("name: x\nrequires: ['base >=1.4, <2']"), known)) == ["base"]
    (own, inner) = refused("name: x\nrequires: [base <1.5, left]", known)
    assert (own.code, str(own.at)) == ("version", "wasmbuild.yaml:2:12")
    assert own.facts == (("required", "base <1.5"), ("there is", "base 1.5"))
    assert str(inner.at) == "recipes/left/recipe.yaml:4:12"


@pytest.mark.parametrize(
    ("requires", "cycle"),
    [
        ({"a": "[b]", "b": "[a]"}, "a → b → a"),
        ({"a": "[b]", "b": "[c]", "c": "[b]"}, "b → c → b"),
        ({"a": "[a]"}, "a → a"),
    ],
)
def test_recipes_that_require_each_other_are_refused(tmp_path: Path, requires: dict[str, str], cycle: str) -> None:
    (finding,) = refused("name: x\nrequires: [a]", recipes(tmp_path, requires))
    assert (finding.code, finding.headline) == ("requires-cycle", f"recipes require each other: {cycle}")
    assert str(finding.at).startswith("recipes/")


def test_a_project_may_have_the_name_of_a_recipe_that_it_requires(tmp_path: Path) -> None:
    assert names(resolve(read("name: base\nrequires: [left]"), recipes(tmp_path, DIAMOND))) == ["base", "left"]


def test_a_broken_recipe_is_refused_where_it_is_broken(tmp_path: Path) -> None:
    known = recipes(tmp_path, {"a": "[b]", "b": "[nowhere]"})
    (finding,) = refused("name: x\nrequires: [a]", known)
    assert (finding.code, str(finding.at)) == ("unknown-recipe", "recipes/b/recipe.yaml:4:12")


def test_what_only_the_tests_of_a_recipe_require_does_not_reach_its_users(tmp_path: Path) -> None:
    known = recipes(tmp_path, {"used": "[]", "helper": "[]", "base": "[]"})
    program = "programs: {p: {sources: [p.c], requires: [base]}}\n"
    tests = (
        "test_libraries: {checks: {sources: [c.c], requires: [helper]}}\n"
        "tests: [{name: t, program: {sources: [t.c], requires: [used, helper, checks]}}]\n"
    )
    with (tmp_path / "used" / "recipe.yaml").open("a") as file:
        file.write(program + tests)
    assert names(resolve(read("name: x\nrequires: [used]"), known)) == ["base", "used"]
    # Not even a circle of tests matters: `helper` may require what it helps to test.
    with (tmp_path / "helper" / "recipe.yaml").open("a") as file:
        file.write("programs: {h: {sources: [h.c], requires: [used]}}\n")
    assert names(resolve(read("name: x\nrequires: [helper]"), known)) == ["base", "used", "helper"]


@pytest.mark.parametrize("text", ["nope", ">=1"])
def test_what_a_command_asks_for_stands_in_the_command(text: str) -> None:
    """Not at a line of the manifest, nor of a file that nobody wrote."""
    manifest = read("name: p\nrequires: [zlib]\n")
    for document in (asking_for([text], "--with"), asking_also(manifest, [text], "--with")):
        with pytest.raises(WasmbuildError) as caught:
            check_project(document, find_recipes(recipe_directories(None)))
        assert [str(finding.at) for finding in caught.value.diagnostics] == [f"--with {text}"]
