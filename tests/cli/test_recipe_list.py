"""`wasmbuild recipe list`: all that there are, and a broken one takes no other with it."""

from __future__ import annotations

import argparse

import pytest
from cliprojects import LOCAL_RECIPE

BROKEN = {
    "recipes/bad-key/recipe.yaml": "name: bad-key\nsource: [{path: .}]\nlibrarys: {}\n",
    "recipes/misnamed/recipe.yaml": "name: other\nsource: [{path: .}]\n",
    "recipes/empty/recipe.yaml": "",
}
SAID = {
    "bad-key": "unknown key in the file: `librarys`",
    "empty": "`recipes/empty/recipe.yaml` is empty",
    "misnamed": "the recipe in `recipes/misnamed` is named `other`",
}


@pytest.fixture
def broken(tmp_path, project):
    return project(tmp_path, LOCAL_RECIPE | BROKEN)


def test_a_broken_recipe_is_listed_with_its_error_and_the_others_too(broken, run_wasmbuild):
    ran = run_wasmbuild("recipe", "list", cwd=broken)
    assert ran.status == 1
    listed = {line.split()[0]: line for line in ran.stdout.splitlines() if line.startswith("  ")}
    assert {"given", "zlib", "lua"} <= set(listed)
    for name, headline in SAID.items():
        assert listed[name].split(maxsplit=2) == [name, "broken", headline]
        assert f"error: {headline}\n  at: recipes/{name}/recipe.yaml:" in ran.stderr
    assert ran.stderr.count("error: ") == 3
    groups = [line for line in ran.stdout.splitlines() if not line.startswith("  ")]
    assert groups == [*sorted(groups[:-1], key=str.lower), "broken:"]
    assert {"compression:", "images:", "other:"} <= set(groups)


def test_recipes_stand_in_their_group_by_name(tmp_path, project, run_wasmbuild):
    project(tmp_path, LOCAL_RECIPE)
    lines = run_wasmbuild("recipe", "list", cwd=tmp_path).stdout.splitlines()
    first = lines.index("sound:") + 1
    assert [line.split()[0] for line in lines[first : first + 4]] == ["flac", "libogg", "libvorbis", "opus"]
    assert lines[lines.index("other:") + 1].split()[0] == "given"


def test_as_json_each_broken_recipe_has_its_diagnostics(broken, run_wasmbuild):
    ran = run_wasmbuild("recipe", "list", "--json", cwd=broken)
    document = ran.json()
    assert (ran.status, document["ok"]) == (1, False)
    entries = {entry["name"]: entry for entry in document["recipes"]}
    assert entries["given"]["libraries"] == ["libgiven.so"]
    assert {name: entries[name]["diagnostics"][0]["headline"] for name in SAID} == SAID
    assert [finding["headline"] for finding in document["diagnostics"]] == list(SAID.values())


def test_recipes_that_are_whole_are_listed_with_status_0(tmp_path, project, run_wasmbuild):
    project(tmp_path, LOCAL_RECIPE)
    ran = run_wasmbuild("recipe", "list", cwd=tmp_path)
    assert (ran.status, ran.stderr) == (0, "")
    assert any(line.split()[:3] == ["given", "1.0", "MIT"] for line in ran.stdout.splitlines())
    document = run_wasmbuild("recipe", "list", "--json", cwd=tmp_path).json()
    assert (document["ok"], document["diagnostics"]) == (True, [])


def test_what_the_found_require_need_not_be_found(run_wasmbuild, tmp_path):
    ran = run_wasmbuild("recipe", "search", "libpng", cwd=tmp_path)  # it requires zlib
    assert (ran.status, ran.stderr) == (0, "")
    assert "broken" not in ran.stdout


def test_tests_of_no_recipe_are_a_mistake(run_wasmbuild, tmp_path):
    ran = run_wasmbuild("recipe", "test", cwd=tmp_path)
    assert (ran.status, ran.stderr) == (1, "error: no recipe named\nhelp: name recipes, or say --all\n")


def test_all_are_tested_in_all_their_versions(monkeypatch):
    from wasmbuild.commands import recipe

    tested = []
    monkeypatch.setattr(recipe, "build_and_test", lambda name, *_: tested.append(name) or 0)
    parser = argparse.ArgumentParser()
    recipe.add_arguments(parser)
    assert recipe.run(parser.parse_args(["test", "--all"])) == 0
    assert {"libpng", "zlib", "zlib==1.2.13"} <= set(tested)
