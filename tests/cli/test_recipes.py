"""The recipes that come with wasmbuild, built from upstream's sources and tested with upstream's tests.

A third of them here, chosen so that each kind is there; all with WASMBUILD_ALL_RECIPES=1, which `.ci/recipes` sets.
"""

import os

import pytest
from cliprojects import COMPILES_RECIPES_S, marks_for_source

from wasmbuild.manifest.recipes import find_recipes, read_recipe, shipped

KNOWN = find_recipes((shipped("recipes"),))
WITHOUT_TESTS = {"libc", "libcxx"}  # tests/cases and tests/probes are theirs
ALWAYS = {"zlib", "lua", "bzip2", "libyaml", "xxhash", "tinyxml2", "jsoncpp", "fmt", "snappy"}
ALL = "WASMBUILD_ALL_RECIPES"


def one(name):
    others = pytest.mark.skipif(name not in ALWAYS and ALL not in os.environ, reason=f"takes long: set {ALL}=1")
    return pytest.param(name, marks=(*marks_for_source(name), others))


@pytest.mark.slow
@pytest.mark.parametrize("name", [one(name) for name in sorted(KNOWN.keys() - WITHOUT_TESTS)])
def test_a_recipe_passes_its_tests(name, tmp_path, libc, run_wasmbuild):
    ran = run_wasmbuild("recipe", "test", name, cwd=tmp_path, timeout_s=COMPILES_RECIPES_S)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert "warning:" not in ran.stderr
    assert ran.stdout.splitlines()[-1].endswith(" passed, 0 failed")
    for test in read_recipe(KNOWN[name], KNOWN).document.value.tests:
        assert f"test {test.name} ... ok (" in ran.stdout


VARIANTS = {
    "zlib==1.2.13": (),
    "lua==5.3.6": (),
    "zstd": ("legacy=true",),
    "cairo": ("png=false", "freetype=false", "zlib=false"),
    "libtiff": ("jpeg=false", "webp=true"),
    "libxml2": ("zlib=false",),
    "sqlite": ("soundex=true", "fts5=false"),
    "boost": ("charconv=true", "json=true", "program_options=true"),
    "flac": ("ogg=false",),
    "libarchive": ("bzip2=false", "lzma=false"),
    "mbedtls": ("legacy=false", "dtls=false"),
    "freetype": ("png=true", "brotli=true", "bzip2=true"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(name, marks=marks_for_source(name)) for name in VARIANTS])
def test_another_version_and_other_options_pass_their_tests_too(name, tmp_path, libc, run_wasmbuild):
    options = [argument for option in VARIANTS[name] for argument in ("--option", option)]
    ran = run_wasmbuild("recipe", "test", name, *options, cwd=tmp_path, timeout_s=COMPILES_RECIPES_S)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert "warning:" not in ran.stderr
    assert ran.stdout.splitlines()[-1].endswith(" passed, 0 failed")


def test_what_has_options_or_versions_is_tested_with_others():
    there = {name for name, path in KNOWN.items() if (it := read_recipe(path, KNOWN)).options or it.other_versions}
    assert {name.partition("==")[0] for name in VARIANTS} == there


def test_every_recipe_has_tests():
    assert {name for name, path in KNOWN.items() if not read_recipe(path, KNOWN).document.value.tests} == WITHOUT_TESTS
