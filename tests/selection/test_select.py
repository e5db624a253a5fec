"""Versions and options: what is chosen, and why two requirements cannot meet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.reader import Document, decode_document
from wasmbuild.manifest.recipes import find_recipes
from wasmbuild.manifest.schema import Manifest
from wasmbuild.selection.known import resolve
from wasmbuild.selection.required import Required

FILES = {
    "base": "version: 2.0",
    "base/1.5": "version: 1.5",
    "base/1.0": "description: an old one",
    "old": "version: 1.0\nrequires: [base <2]",
    "new": "version: 1.0\nrequires: [base >=2]",
    # the current one wants what the older one does not
    "wide": "version: 3.0\nrequires: [base >=2]",
    "wide/2.0": "replace: {requires: [base <2]}",
    "many": """\
version: 1.0
options:
  plain: {description: nothing}
  zip: {default: true, with: {requires: [base]}}
  fast: {with: {defaults: {cflags: [-O3]}}, without: {defaults: {cflags: [-Os]}}, excludes: [small]}
  small: {with: {defaults: {cflags: [-Oz]}}}
""",
    "wants": "version: 1.0\nrequires: [{name: many, options: {fast: true}}]",
    "asks": "version: 1.0\nrequires: [{name: many, options: {zip: false}}]",
    "over": """\
version: 1.0
options: {deep: {with: {requires: [{name: many, options: {zip: false}}]}}}
requires: [many]
""",
}


def recipes(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    """`NAME` is a recipe, `NAME/VERSION` another version of it."""
    for key, text in files.items():
        name, _, version = key.partition("/")
        path = folder / name / "versions" / f"{version}.yaml" if version else folder / name / "recipe.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n" if version else f"name: {name}\nsource: [{{path: .}}]\n{text}\n")
    return folder


def document(requires: str) -> Document[Manifest]:
    return decode_document(f"name: x\nrequires: {requires}".encode(), "wasmbuild.yaml", Manifest)


def selected(folder: Path, requires: str, locked: Mapping[str, str] | None = None) -> tuple[Required, ...]:
    return resolve(document(requires), find_recipes((recipes(folder),)), locked=locked)


def refused(folder: Path, requires: str, locked: Mapping[str, str] | None = None) -> Diagnostic:
    with pytest.raises(WasmbuildError) as caught:
        selected(folder, requires, locked)
    (finding,) = caught.value.diagnostics
    return finding


@pytest.mark.parametrize(
    ("requires", "locked", "expected"),
    [
        ("[base]", {}, ["base 2.0"]),
        ("[base <2]", {}, ["base 1.5"]),
        ("[base ==1.0]", {}, ["base 1.0"]),
        ("[{name: base, version: '>1.0, <2'}]", {}, ["base 1.5"]),
        ("[base]", {"base": "1.0"}, ["base 1.0"]),
        ("[base >=1.5]", {"base": "1.0"}, ["base 2.0"]),
        # The first who requires it would take another version than all allow.
        ("[base, old]", {}, ["base 1.5", "old 1.0"]),
        ("[old, base >=1]", {}, ["base 1.5", "old 1.0"]),
        ("[base, wide]", {"base": "1.0"}, ["base 1.0", "wide 2.0"]),
        ("[old, wide]", {}, ["base 1.5", "old 1.0", "wide 2.0"]),
        ("[wide]", {}, ["base 2.0", "wide 3.0"]),
    ],
)
def test_a_version_is_the_locked_one_else_the_current_one_else_the_newest_that_all_allow(
    tmp_path: Path, requires: str, locked: Mapping[str, str], expected: list[str]
) -> None:
    found = selected(tmp_path, requires, locked)
    assert [f"{each.recipe.name} {each.recipe.version}" for each in found] == expected


def test_a_version_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    finding = refused(tmp_path, "[base >=3]")
    assert (finding.code, str(finding.at)) == ("version", "wasmbuild.yaml:2:12")
    assert finding.facts == (("required", "base >=3"), ("there are", "base 2.0, base 1.5, base 1.0"))


def test_requirements_that_cannot_meet_are_both_named_with_their_places(tmp_path: Path) -> None:
    finding = refused(tmp_path, "[old, new]")
    assert (finding.code, finding.headline) == (
        "version-conflict", "no version of `base` is one that all allow who require it",
    )  # fmt: skip
    assert dict(finding.facts) == {
        "`old`": "base <2, at recipes/old/recipe.yaml:4:12",
        "`new`": "base >=2, at recipes/new/recipe.yaml:4:12",
        "there are": "2.0, 1.5, 1.0",
    }


def test_a_locked_version_that_is_gone_is_refused_and_not_replaced(tmp_path: Path) -> None:
    finding = refused(tmp_path, "[base]", {"base": "1.2"})
    assert (finding.code, finding.facts[0]) == ("locked-version", ("locked", "base 1.2"))
    assert finding.help == ("`wasmbuild lock --update base` takes another one",)


def test_one_that_is_locked_and_not_required_does_not_matter(tmp_path: Path) -> None:
    assert len(selected(tmp_path, "[base]", {"gone": "1", "many": "7"})) == 1


@pytest.mark.parametrize(
    ("requires", "options", "others"),
    [
        ("[many]", {"plain": False, "zip": True, "fast": False, "small": False}, ["base"]),
        (
            "[{name: many, options: {zip: false, fast: true}}]",
            {"plain": False, "zip": False, "fast": True, "small": False},
            [],
        ),
        # Who says something counts before who says nothing, whoever comes first.
        ("[many, wants]", {"plain": False, "zip": True, "fast": True, "small": False}, ["base", "wants"]),
        ("[asks, wants]", {"plain": False, "zip": False, "fast": True, "small": False}, ["asks", "wants"]),
        ("[many, {name: over, options: {deep: true}}]",
         {"plain": False, "zip": False, "fast": False, "small": False}, ["over"]),
    ],
)  # fmt: skip
def test_options_of_all_who_require_a_recipe_are_united(
    tmp_path: Path, requires: str, options: dict[str, bool], others: list[str]
) -> None:
    found = {each.recipe.name: each.recipe for each in selected(tmp_path, requires)}
    assert found["many"].options == options
    assert sorted(set(found) - {"many"}) == others


def test_what_an_option_changes_is_in_the_manifest(tmp_path: Path) -> None:
    (base, many) = selected(tmp_path, "[{name: many, options: {fast: true}}]")
    assert base.by.name == "many"
    assert many.recipe.document.value.defaults.cflags == ("-O3",)
    assert many.recipe.applied == ("zip", "fast")
    assert str(many.recipe.document.at("defaults", "cflags", 0)) == "recipes/many/recipe.yaml:7:37"


@pytest.mark.parametrize(
    ("requires", "code", "at", "facts", "help_"),
    [
        (
            "[asks, {name: many, options: {zip: true}}]",
            "option-conflict", "2:41",
            (("on", "`x`, at wasmbuild.yaml:2:41"), ("off", "`asks`, at recipes/asks/recipe.yaml:4:35")), (),
        ),
        ("[{name: many, options: {zap: true}}]", "unknown-option", "2:35", (), ("did you mean `zip`?",)),
        ("[{name: many, options: {colour: true}}]", "unknown-option", "2:35", (),
         ("there are: plain, zip, fast, small",)),
        ("[{name: base, options: {zip: true}}]", "unknown-option", "2:35", (), ("it has none",)),
        (
            "[wants, {name: many, options: {small: true}}]", "option-excludes", "2:42",
            (("`fast`", "`wants`, at recipes/wants/recipe.yaml:4:35"), ("`small`", "`x`, at wasmbuild.yaml:2:42")), (),
        ),
    ],
)  # fmt: skip
def test_options_that_cannot_be_had_are_refused_with_their_places(
    tmp_path: Path, requires: str, code: str, at: str, facts: tuple[tuple[str, str], ...], help_: tuple[str, ...]
) -> None:
    finding = refused(tmp_path, requires)
    assert (finding.code, str(finding.at)) == (code, f"wasmbuild.yaml:{at}")
    assert (finding.facts, finding.help) == (facts, help_)


def test_a_conflict_of_versions_that_an_option_takes_away_is_none(tmp_path: Path) -> None:
    recipes(tmp_path, {"wants-new": "version: 1\noptions: {n: {default: true, with: {requires: [base >=2]}}}"})
    found = selected(tmp_path, "[old, {name: wants-new, options: {n: false}}]")
    assert [each.recipe.name for each in found] == ["base", "old", "wants-new"]


def test_where_there_is_nothing_to_choose_the_resolver_is_not_imported(tmp_path: Path) -> None:
    recipes(tmp_path)
    program = (
        "import sys; from pathlib import Path\n"
        "from wasmbuild.manifest.reader import decode_document\n"
        "from wasmbuild.manifest.recipes import find_recipes\n"
        "from wasmbuild.manifest.schema import Manifest\n"
        "from wasmbuild.selection.known import resolve\n"
        "document = decode_document(b'name: x\\nrequires: [wide, many, old, base <2]', 'w', Manifest)\n"
        "known = find_recipes((Path(sys.argv[1]),))\n"
        "resolve(decode_document(b'name: x\\nrequires: [wide, many]', 'w', Manifest), known)\n"
        "print('resolvelib' in sys.modules)\n"
        "resolve(document, known)\n"
        "print('resolvelib' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
