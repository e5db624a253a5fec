"""Every recipe that comes with wasmbuild, built from upstream's sources and tested with upstream's tests."""

import pytest
from cliprojects import marks_for_source

from wasmbuild.manifest.recipes import find_recipes, read_recipe, shipped

KNOWN = find_recipes((shipped("recipes"),))
WITHOUT_TESTS = {"libc", "libcxx"}  # tests/cases has theirs


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=marks_for_source(name)) for name in sorted(KNOWN) if name not in WITHOUT_TESTS]
)
def test_a_recipe_passes_its_tests(name, tmp_path, libc, run_wasmbuild):
    ran = run_wasmbuild("recipe", "test", name, cwd=tmp_path)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert "warning" not in ran.stderr
    passed = len(read_recipe(KNOWN[name], KNOWN).document.value.tests)
    assert ran.stdout.splitlines()[-1] == f"{passed} passed, 0 failed"


def test_every_recipe_has_tests():
    assert {name for name, path in KNOWN.items() if not read_recipe(path, KNOWN).document.value.tests} == WITHOUT_TESTS
