"""From `requires` to recipes in the order in which they are built."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from projects import read

from wasmbuild.builder import keys
from wasmbuild.builder.keys import recipe_identity
from wasmbuild.builder.recipesource import Required
from wasmbuild.builder.requirements import resolve
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.recipes import find_recipes, read_recipe

DIAMOND = {"top": "[left, right]", "left": "[base]", "right": "[base, left]", "base": "[]"}


def recipes(folder: Path, requires: Mapping[str, str], version: str = "1.5") -> Mapping[str, Path]:
    for name, required in requires.items():
        (folder / name).mkdir()
        text = f"name: {name}\nversion: {version}\nsource: [{{path: .}}]\nrequires: {required}\n"
        (folder / name / "recipe.yaml").write_text(text)
    return find_recipes((folder,))


def names(required: tuple[Required, ...]) -> list[str]:
    return [entry.recipe.name for entry in required]


def refused(text: str, known: Mapping[str, Path]) -> tuple[Diagnostic, ...]:
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


RECIPE = """\
name: z
version: 1.0
description: compresses
homepage: https://example.org
source: [{path: src}]
patches: [one.patch]
files: {config.h: config.h}
libraries:
  z: {sources: [z.c], defines: {LEVEL: 0x10}, cflags: [-O2]}
test_libraries:
  checks: {sources: [checks.c]}
tests:
  - {name: t, program: {sources: [t.c], defines: {T: 1}, requires: [z, checks]}}
"""


def identity(folder: Path, text: str = RECIPE, **files: str) -> Mapping[str, str]:
    folder = folder / "z"
    folder.mkdir(exist_ok=True)
    for name, content in {"one.patch": "1", "config.h": "", **files}.items():
        (folder / name.replace("_", ".")).write_text(content)
    (folder / "recipe.yaml").write_text(text)
    return recipe_identity(read_recipe(folder, {"z": folder}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: z\n", "# a comment\nname: z\n"),
        ("[-O2]}", "[-O2]} # as upstream"),
        ("  z: {sources: [z.c], ", "  z: {sources: ['z.c' ], "),
        ("description: compresses\n", ""),
        ("https://example.org", "https://example.com"),
        ("{path: src}", "{path: elsewhere}"),
        ("- {name: t,", "- {name: another,"),
        ("{T: 1}", "{T: 2}"),
        ("[checks.c]", "['check*.c']"),
        ("tests:\n", "test_defaults: {timeout_s: 3}\ntests:\n"),
    ],
)
def test_what_does_not_matter_to_a_built_recipe_is_not_in_its_key(tmp_path: Path, old: str, new: str) -> None:
    assert old in RECIPE
    assert identity(tmp_path, RECIPE.replace(old, new)) == identity(tmp_path)
    assert identity(tmp_path, README="read me") == identity(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-O2", "-O3"),
        ("LEVEL: 0x10", "LEVEL: 16"),
        ("version: 1.0", "version: 1.1"),
        ("z: {sources", "zz: {sources"),
        ("{config.h:", "{conf.h:"),
    ],
)
def test_what_matters_to_a_built_recipe_is_in_its_key(tmp_path: Path, old: str, new: str) -> None:
    text = RECIPE.partition("test_libraries:")[0]
    assert identity(tmp_path, text.replace(old, new)) != identity(tmp_path, text)


@pytest.mark.parametrize("file", ["one_patch", "config_h"])
def test_the_files_that_a_recipe_uses_are_in_its_key(tmp_path: Path, file: str) -> None:
    assert identity(tmp_path, **{file: "changed"}) != identity(tmp_path)


def test_what_builds_is_in_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(keys, "hash_file", lambda path: seen.append(path.name) or "0")
    keys.builder_identity.cache_clear()
    keys.builder_identity()
    keys.builder_identity.cache_clear()
    assert {"linkstep.py", "interface.py", "encode.py", "setjmp.h", "requirements.py"} <= set(seen)
