"""Versions, options, overlays and the lock as a user has them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from cliprojects import edit

FILES = {
    "wasmbuild.yaml": """\
name: user
defaults: {libc: none}
requires: [given]
libraries:
  user: {sources: [user.c]}
test_defaults: {timeout_s: 120}
tests:
  - {name: answers, call: answer, in: user, returns: 21}
""",
    "user.c": '#include "given.h"\nint answer(void) { return given() + 1; }\n',
    "recipes/given/recipe.yaml": """\
name: given
version: "2.0"
license: MIT
source: [{path: new}]
defaults: {libc: none}
libraries:
  given: {sources: [given.c], headers: [given.h]}
options:
  big: {description: a hundred more, with: {defaults: {defines: {BIG: 100}}}}
test_defaults: {timeout_s: 120}
tests:
  - {name: gives, call: given, in: given, returns: 20}
""",
    "recipes/given/versions/1.0.yaml": """\
source: [{path: old}]
tests:
  - {name: gives, returns: 10}
""",
    "recipes/given/new/given.h": "int given(void);\nint more(void);\n",
    "recipes/given/new/given.c": """\
#ifndef BIG
#define BIG 0
#endif
int given(void) { return 20 + BIG; }
int more(void) { return 1; }
""",
    "recipes/given/old/given.h": "int given(void);\n",
    "recipes/given/old/given.c": "int given(void) { return 10; }\n",
    "recipes/over/recipe.yaml": """\
name: over
version: "1"
license: MIT
source: [{path: src}]
defaults: {libc: none}
requires: [{name: given, options: {big: true}}]
libraries:
  over: {sources: [over.c]}
""",
    "recipes/over/src/over.c": "int given(void);\nint over(void) { return given(); }\n",
}
USERS = "config/wasmbuild/recipes/given/recipe.yaml"


@pytest.fixture
def at(tmp_path, project):
    return project(tmp_path, FILES)


@pytest.mark.parametrize(
    ("requires", "answer"),
    [
        ("[given <2]", 11),
        ("[{name: given, options: {big: true}}]", 121),
        ("[given, over]", 121),
        ("[over, {name: given, version: '>=2', options: {big: true}}]", 121),
    ],
)
def test_what_is_required_is_what_is_built(requires, answer, at, run_wasmbuild):
    edit(at / "wasmbuild.yaml", "[given]", requires)
    edit(at / "wasmbuild.yaml", "returns: 21", f"returns: {answer}")
    ran = run_wasmbuild("test", "-k", "answers", cwd=at)
    assert ran.status == 0, ran.stdout + ran.stderr


def test_options_that_cannot_meet_are_said_with_both_places(at, run_wasmbuild):
    edit(at / "wasmbuild.yaml", "[given]", "[over, {name: given, options: {big: false}}]")
    ran = run_wasmbuild("build", cwd=at)
    assert ran.status == 1
    assert ran.stderr == (
        "error: option `big` of `given` must be both on and off\n"
        "  at:  wasmbuild.yaml:3:42\n"
        "  on:  `over`, at recipes/over/recipe.yaml:6:36\n"
        "  off: `user`, at wasmbuild.yaml:3:42\n"
    )


def test_a_lock_keeps_a_version_until_it_is_updated(at, run_wasmbuild):
    def lock(*arguments):
        ran = run_wasmbuild(*arguments, cwd=at)
        return ran.status, ran.stdout + ran.stderr, (at / "wasmbuild.lock").read_text()

    assert not (at / "wasmbuild.lock").exists()
    ran = run_wasmbuild("build", "--locked", cwd=at)
    assert ran.status == 1
    assert ran.stderr.startswith("error: no `wasmbuild.lock`, and --locked builds what it says\n")
    assert lock("lock")[1] == "wrote wasmbuild.lock: 1 recipe\n"
    assert run_wasmbuild("test", "--locked", "-k", "answers", cwd=at).status == 0
    assert run_wasmbuild("build", "--locked", cwd=at).stderr == "nothing to do\n"

    # A newer one has come; the one that is locked stays.
    old = at / "recipes/given/versions/2.0.yaml"
    old.write_text("source: [{path: new}]\n")
    edit(at / "recipes/given/recipe.yaml", '"2.0"', '"3.0"')
    edit(at / "recipes/given/recipe.yaml", "{path: new}", "{path: old}")
    assert run_wasmbuild("test", "--locked", "-k", "answers", cwd=at).status == 0
    status, said, text = lock("lock", "--update", "given")
    assert (status, said) == (0, "given: 2.0, now 3.0\n")
    assert '    version: "3.0"\n' in text

    # What is not as it was locked is named; an ordinary build writes it down.
    edit(at / "recipes/given/recipe.yaml", "[given.c]", '["given*.c"]')
    ran = run_wasmbuild("build", "--locked", cwd=at)
    assert ran.status == 1
    assert ran.stderr.startswith("error: what would be built is not what `wasmbuild.lock` says\n  recipe of given: ")
    assert (at / "wasmbuild.lock").read_text() == text
    status, said, text = lock("build")
    assert status == 0
    assert "wasmbuild.lock: recipe of given: " in said
    assert run_wasmbuild("build", "--locked", cwd=at).status == 0
    assert lock("lock") == (0, "nothing to change\n", text)


def test_a_locked_version_that_is_gone_is_an_error_until_another_is_taken(at, run_wasmbuild):
    edit(at / "wasmbuild.yaml", "[given]", "[given <2]")
    assert run_wasmbuild("lock", "-q", cwd=at).status == 0
    edit(at / "wasmbuild.yaml", "[given <2]", "[given]")
    (at / "recipes/given/versions/1.0.yaml").unlink()
    ran = run_wasmbuild("build", cwd=at)
    assert ran.status == 1
    assert "error: the locked version of `given` is not there\n" in ran.stderr
    assert "help: `wasmbuild lock --update given` takes another one\n" in ran.stderr
    assert run_wasmbuild("lock", "--update", "given", cwd=at).stdout == "given: 1.0, now 2.0\n"
    ran = run_wasmbuild("lock", "--update", "givn", cwd=at)
    assert ran.stderr == "error: this project does not require `givn`\nhelp: did you mean `given`?\n"


def test_a_damaged_lock_is_refused_and_written_anew(at, run_wasmbuild):
    assert run_wasmbuild("lock", "--json", cwd=at).json()["recipes"] == {
        "given": {"version": "2.0", "options": {"big": False}}
    }
    text = (at / "wasmbuild.lock").read_text()
    (at / "wasmbuild.lock").write_text(text.replace("recipes:", "<<<<<<< mine\nrecipes:"))
    for command in (["build"], ["lock"], ["env"]):
        ran = run_wasmbuild(*command, cwd=at)
        assert ran.status == 1
        assert "error: two versions of `wasmbuild.lock` were merged" in ran.stderr
        assert "  at: wasmbuild.lock:5:1\n" in ran.stderr
    assert run_wasmbuild("lock", "--update", "-q", cwd=at).status == 0
    assert (at / "wasmbuild.lock").read_text() == text


def test_the_users_recipes_are_laid_over_others_and_a_build_sees_them_come_and_go(at, run_wasmbuild):
    (at / "recipes/given").rename(at / "bundled")
    env = {"XDG_CONFIG_HOME": str(at / "config")}
    user = at / "config/wasmbuild/recipes"
    user.mkdir(parents=True)
    (at / "bundled").rename(user / "given")
    (at / "recipes/over/recipe.yaml").unlink()
    assert run_wasmbuild("test", "-k", "answers", cwd=at, env=env).status == 0

    # The project's own lies over the user's.
    (at / "recipes/given").mkdir()
    (at / "recipes/given/recipe.yaml").write_text("extends: true\noptions: {big: {default: true}}\n")
    edit(at / "wasmbuild.yaml", "returns: 21", "returns: 121")
    assert run_wasmbuild("test", "-k", "answers", cwd=at, env=env).status == 0
    lines = run_wasmbuild("recipe", "show", "given", cwd=at, env=env).stdout.splitlines()
    rows = [re.split("  +", line.strip()) for line in lines]
    assert ["option", "big, on: a hundred more"] in rows
    assert rows[-2:] == [["file", f"{at}/recipes/given/recipe.yaml"], ["laid over", f"{user}/given/recipe.yaml"]]
    doctor = run_wasmbuild("doctor", cwd=at, env=env).stdout
    assert f"1 of {at}/recipes, laid over others: given\n" in doctor
    (at / "recipes/given/recipe.yaml").unlink()
    edit(at / "wasmbuild.yaml", "returns: 121", "returns: 21")
    assert run_wasmbuild("test", "-k", "answers", cwd=at, env=env).status == 0

    (at / "recipes/given/recipe.yaml").write_text("extends: true\n")
    (user / "given/recipe.yaml").unlink()
    ran = run_wasmbuild("build", cwd=at, env=env)
    assert (ran.status, ran.stderr.splitlines()[1]) == (1, "  at: recipes/given/recipe.yaml:1:10")


def test_recipe_commands_take_versions_and_options(at, run_wasmbuild):
    entry = next(
        each for each in run_wasmbuild("recipe", "list", "--json", cwd=at).json()["recipes"] if each["name"] == "given"
    )
    assert (entry["version"], entry["other_versions"], entry["options"]) == ("2.0", ["1.0"], {"big": False})
    ran = run_wasmbuild("recipe", "test", "given==1.0", "-k", "gives", cwd=at)
    assert ran.stdout.endswith("1 passed, 0 failed\n"), ran.stdout + ran.stderr
    ran = run_wasmbuild("recipe", "test", "given", "--option", "big=true", "-k", "gives", cwd=at)
    assert (ran.status, "120" in ran.stdout) == (1, True)
    ran = run_wasmbuild("recipe", "test", "given==3", cwd=at)
    assert ran.stderr == (
        "error: version not available: `given ==3`\n  required:  given ==3\n  there are: given 2.0, given 1.0\n"
    )
    ran = run_wasmbuild("recipe", "test", "given", "--option", "bik=true", cwd=at)
    assert ran.stderr == "error: `given` has no option `bik`\nhelp: did you mean `big`?\n"
    assert run_wasmbuild("recipe", "test", "given", "--option", "big=1", cwd=at).status == 2


def test_it_is_said_that_an_option_made_another_build(at, run_wasmbuild):
    # The nearest build in the cache is what it is compared with: one of an earlier day differs in two more.
    once = uuid4().hex
    (at / "recipes/given/new/once.txt").write_text(once)
    edit(at / "recipes/given/recipe.yaml", "headers: [given.h]", f"headers: [given.h], defines: {{ONCE: '{once}'}}")
    assert run_wasmbuild("build", cwd=at).status == 0
    edit(at / "wasmbuild.yaml", "[given]", "[{name: given, options: {big: true}}]")
    document = run_wasmbuild("recipe", "why-built", "--json", "given", cwd=at).json()
    assert {"input": "option big", "before": None, "now": "on"} in document["differences"]


def test_versions_of_a_recipe_are_compared(at, run_wasmbuild):
    ran = run_wasmbuild("abi", "given==2.0", "given==1.0", cwd=at)
    assert ran.status == 1
    assert "libgiven.so of given==1.0: breaks who was linked against the old one" in ran.stdout
    assert "more" in ran.stdout
    assert run_wasmbuild("abi", "--json", "given==1.0", "given==2.0", cwd=at).json()["ok"] is True
    assert "unknown recipe: `gaven`" in run_wasmbuild("abi", "gaven==1.0", "given==2.0", cwd=at).stderr
