"""`recipe test` in the directory that is there from the last time: what did not change is not built again."""

from __future__ import annotations

import pytest
from cliprojects import LOCAL_RECIPE, edit

TESTS = """\
files: {level.h: level.h}
patches: [one.patch]
test_libraries:
  checks: {sources: [checks.c]}
tests:
  - {name: gives, program: {sources: [gives.c], requires: [given, checks], exports: [_start]}}
"""
PATCH = "--- a/more.c\n+++ b/more.c\n@@ -3,3 +3,3 @@\n int more(void) {\n-    return 1;\n+    return 2;\n }\n"
GIVES = """\
#include "given.h"
#include "level.h"

void check(int);

void _start(void) {
    check(given() == LEVEL);
}
"""
CHECKS = "void check(int right) {\n    if (!right)\n        __builtin_trap();\n}\n"
FILES = {
    "recipes/given/recipe.yaml": LOCAL_RECIPE["recipes/given/recipe.yaml"] + TESTS,
    "recipes/given/level.h": "#define LEVEL 42\n",
    "recipes/given/one.patch": PATCH,
    "recipes/given/upstream/gives.c": GIVES,
    "recipes/given/upstream/checks.c": CHECKS,
}
LIBRARY = {"compile given.c", "compile more.c"}
CHECKED = {"compile checks.c", "compile gives.c"}


@pytest.fixture
def tested(tmp_path, project, run_wasmbuild):
    """A recipe whose tests passed, and what was compiled when they are run again, with the summary."""
    project(tmp_path, LOCAL_RECIPE | FILES)
    cache = {"WASMBUILD_CACHE": str(tmp_path / "cache")}

    def again():
        ran = run_wasmbuild("recipe", "test", "given", cwd=tmp_path, env=cache)
        compiled = {step.split(" for ")[0] for step in ran.steps if step.startswith("compile")}
        return compiled, ran.stdout.splitlines()[-1:], ran.stderr

    first = again()
    assert first[:2] == (LIBRARY | CHECKED, ["2 passed, 0 failed"]), first
    return tmp_path / "recipes/given", again


def test_with_no_change_nothing_is_built(tested):
    _, again = tested
    assert again()[:2] == (set(), ["2 passed, 0 failed"])


@pytest.mark.parametrize(
    ("file", "old", "new", "compiled"),
    [
        ("recipe.yaml", "{name: gives,", "{name: gives, timeout_s: 5,", set()),
        ("recipe.yaml", "{name: gives,", "{name: gives, args: [x],", set()),
        ("recipe.yaml", "license: MIT", "license: ISC", set()),
        ("recipe.yaml", "[gives.c]", "[gives.c], cflags: [-O1]", CHECKED),
        ("recipe.yaml", "[given.h]", "[given.h], cflags: [-O1]", LIBRARY),
        ("level.h", "42", "(40 + 2)", {"compile gives.c"}),
        ("one.patch", "+    return 2", "+    return 4 / 2", LIBRARY | CHECKED),
        ("upstream/more.c", "more(void)", "more( void )", None),
    ],
)
def test_what_follows_from_a_change_is_built(tested, file, old, new, compiled):
    recipe, again = tested
    edit(recipe / file, old, new)
    found, summary, errors = again()
    if compiled is None:  # the patch was made for another source
        assert "one.patch" in errors
        edit(recipe / file, new, old)
        assert again()[:2] == (LIBRARY | CHECKED, ["2 passed, 0 failed"])
    else:
        assert (found, summary) == (compiled, ["2 passed, 0 failed"]), errors


def test_a_file_that_a_recipe_no_longer_puts_in_is_gone(tested):
    recipe, again = tested
    edit(recipe / "recipe.yaml", "files: {level.h: level.h}", "files: {}")
    assert "level.h" in again()[2]


def test_a_file_of_upstream_can_be_put_elsewhere(tested):
    recipe, again = tested
    (recipe / "upstream" / "level.h.in").write_text("#define LEVEL 42\n")
    edit(recipe / "recipe.yaml", "files: {level.h: level.h}", 'files: {level.h: "source:level.h.in"}')
    assert again()[:2] == (LIBRARY | CHECKED, ["2 passed, 0 failed"])
    assert again()[:2] == (set(), ["2 passed, 0 failed"])
    edit(recipe / "recipe.yaml", "source:level.h.in", "source:level.h.out")
    assert "error: no such file in the source: `level.h.out`\n  at: recipes/given/recipe.yaml:" in again()[2]
    edit(recipe / "recipe.yaml", "source:level.h.out", "source:../level.h")
    assert "error: `../level.h` lies outside of the source tree\n" in again()[2]


@pytest.mark.parametrize("name", ["libc", "libcxx"])
def test_what_recipes_are_tested_with_is_not_tested_as_one(tmp_path, run_wasmbuild, name):
    ran = run_wasmbuild("recipe", "test", name, cwd=tmp_path)
    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr == f"error: `{name}` is what recipes are tested with, and is not tested as one\n"
