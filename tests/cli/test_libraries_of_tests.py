"""`test_libraries`: code that several tests share is in their programs, and in nothing that is shipped."""

from __future__ import annotations

import pytest
from cliprojects import LOCAL_RECIPE, edit, outputs

FILES = {
    "wasmbuild.yaml": """\
name: shared
defaults: {libc: none}
libraries:
  one: {sources: [one.c], headers: [one.h]}
test_libraries:
  checks:
    sources: [tests/support/*.c]
    include: [tests/support]
    requires: [one]
  unused:
    sources: [tests/support/*.c]
tests:
  - {name: first, program: {sources: [tests/first.c], requires: [checks], exports: [_start]}}
  - {name: second, program: {sources: [tests/second.c], requires: [checks, one], exports: [_start]}}
""",
    "one.h": "int one(void);\n",
    "one.c": '#include "one.h"\n\nint one(void) {\n    return 1;\n}\n',
    "tests/support/check.h": "void check_one(void);\n",
    "tests/support/check.c": """\
#include "check.h"

#include "one.h"

void check_one(void) {
    if (one() != 1)
        __builtin_trap();
}
""",
    "tests/first.c": '#include "check.h"\n\nvoid _start(void) {\n    check_one();\n}\n',
    "tests/second.c": '#include "check.h"\n\nvoid _start(void) {\n    check_one();\n    check_one();\n}\n',
}


@pytest.fixture
def shared(tmp_path, project):
    return project(tmp_path, FILES)


def test_programs_of_tests_have_it_and_outputs_do_not(shared, run_wasmbuild):
    built = run_wasmbuild("build", cwd=shared)
    assert (built.status, set(outputs(shared))) == (0, {"include/one.h", "lib/libone.so"})
    assert not [step for step in built.steps if "support" in step]
    ran = run_wasmbuild("test", cwd=shared)
    assert ran.stdout.endswith("\n3 passed, 0 failed\n"), ran.stderr
    assert set(outputs(shared)) == {"include/one.h", "lib/libone.so"}


def test_a_change_of_it_builds_the_programs_of_tests_again(shared, run_wasmbuild):
    assert run_wasmbuild("test", cwd=shared).status == 0
    edit(shared / "tests/support/check.c", "!= 1", "!= 2")
    ran = run_wasmbuild("test", cwd=shared)
    assert (ran.status, ran.stdout.count("why: trapped")) == (1, 2)


def test_a_pattern_that_matches_nothing_is_said_once_with_its_place(shared, run_wasmbuild):
    edit(shared / "wasmbuild.yaml", "[tests/support/*.c]\n    include", "[tests/supprt/*.c]\n    include")
    ran = run_wasmbuild("build", cwd=shared)
    assert ran.status == 1
    assert ran.stderr.startswith("error: no file matches `tests/supprt/*.c`\n  at:       wasmbuild.yaml:7:15\n")
    assert ran.stderr.count("error: ") == 1


def test_a_file_that_is_no_source_is_refused(shared, run_wasmbuild):
    edit(shared / "wasmbuild.yaml", "[tests/support/*.c]\n    include", '["tests/support/*"]\n    include')
    ran = run_wasmbuild("build", cwd=shared)
    assert ran.stderr.startswith("error: not a source: `tests/support/check.h`\n  at: wasmbuild.yaml:7:14\n")


RECIPE_TESTS = """\
test_libraries:
  support: {sources: [support.c], requires: [given]}
tests:
  - {name: gives, program: {sources: [gives.c], requires: [support], exports: [_start]}}
"""
SUPPORT = '#include "given.h"\n\nint support(void) {\n    return given();\n}\n'
GIVES = "int support(void);\n\nvoid _start(void) {\n    if (support() != 41)\n        __builtin_trap();\n}\n"


def test_who_requires_a_recipe_sees_nothing_of_it(tmp_path, project, run_wasmbuild):
    files = {
        "recipes/given/recipe.yaml": LOCAL_RECIPE["recipes/given/recipe.yaml"] + RECIPE_TESTS,
        "recipes/given/upstream/support.c": SUPPORT,
        "recipes/given/upstream/gives.c": GIVES,
    }
    project(tmp_path, LOCAL_RECIPE | files)
    ran = run_wasmbuild("build", cwd=tmp_path)
    assert ran.status == 0, ran.stderr
    assert set(outputs(tmp_path)) == {"include/given.h", "lib/libgiven.so", "lib/libuser.so"}
    ran = run_wasmbuild("recipe", "test", "given", cwd=tmp_path)
    assert ran.stdout.endswith("\n2 passed, 0 failed\n"), ran.stderr


def test_a_recipe_that_only_a_test_library_requires_is_built(tmp_path, project, run_wasmbuild):
    manifest = "name: user\ndefaults: {libc: none}\n" + RECIPE_TESTS
    project(tmp_path, LOCAL_RECIPE | {"wasmbuild.yaml": manifest, "support.c": SUPPORT, "gives.c": GIVES})
    ran = run_wasmbuild("test", cwd=tmp_path)
    assert (ran.status, ran.stdout.endswith("\n1 passed, 0 failed\n")) == (0, True), ran.stderr
