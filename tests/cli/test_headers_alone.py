"""Libraries that are headers alone: of a project, of a recipe, and what they require."""

from __future__ import annotations

from pathlib import Path

import pytest

MANIFEST = """
name: alone
libraries:
  shapes: {headers: ["include/shapes/*.h"], include: [include], requires: [scale]}
  scale: {sources: [scale.c], headers: [scale.h]}
programs:
  main: {sources: [main.c], requires: [shapes]}
  static: {sources: [main.c], requires: [shapes], link: static}
"""
FILES = {
    "include/shapes/area.h": '#pragma once\n#include "scale.h"\n'
    "static inline int area(int a, int b) { return scale(a * b); }\n",
    "scale.h": "int scale(int);\n",
    "scale.c": '#include "scale.h"\nint scale(int x) { return 10 * x; }\n',
    "main.c": "#include <shapes/area.h>\nint main(void) { return area(2, 3) - 60; }\n",
    "wasmbuild.yaml": MANIFEST,
}


def test_who_requires_it_has_its_headers_and_is_linked_to_what_it_requires(tmp_path, project, run_wasmbuild, libc):
    here = project(tmp_path, FILES)
    assert run_wasmbuild("run", "main", cwd=here).status == 0
    assert run_wasmbuild("run", "static", cwd=here).status == 0
    built = here / "build"
    assert (built / "include/shapes/area.h").is_file()
    assert not (built / "lib/libshapes.so").exists()
    assert "Libs:" not in (built / "lib/pkgconfig/shapes.pc").read_text()
    assert "Requires: scale\n" in (built / "lib/pkgconfig/shapes.pc").read_text()
    assert "add_library(alone::shapes INTERFACE IMPORTED)" in (built / "lib/cmake/alone/aloneConfig.cmake").read_text()
    assert run_wasmbuild("build", cwd=here).stderr == "nothing to do\n"
    ran = run_wasmbuild("test", "--json", cwd=here)
    assert [test["name"] for test in ran.json()["tests"]] == [
        "loads libscale.so",
        "loads main.wasm",
        "loads static.wasm",
    ]


def test_a_project_of_headers_alone_installs_them_and_needs_no_c_library(tmp_path, project, run_wasmbuild):
    files = {"a.h": "#define A 1\n", "wasmbuild.yaml": "name: a\nlibraries:\n  a: {headers: [a.h]}\n"}
    here = project(tmp_path, files)
    assert run_wasmbuild("build", cwd=here).status == 0
    assert (here / "build/include/a.h").read_text() == "#define A 1\n"
    assert not (here / "build/lib/libc.so").exists()
    assert run_wasmbuild("build", cwd=here).stderr == "nothing to do\n"


def test_a_recipe_of_headers_alone_passes_on_what_it_requires(tmp_path, project, run_wasmbuild, libc):
    recipes = {
        "recipes/scale/recipe.yaml": "name: scale\nversion: '1'\nsource: [{path: src}]\n"
        "libraries:\n  scale: {sources: [scale.c], headers: [scale.h]}\n",
        "recipes/scale/src/scale.c": FILES["scale.c"],
        "recipes/scale/src/scale.h": FILES["scale.h"],
        "recipes/shapes/recipe.yaml": "name: shapes\nversion: '1'\nsource: [{path: src}]\nrequires: [scale]\n"
        'libraries:\n  shapes: {headers: ["shapes/*.h"], include: ["."]}\n',
        "recipes/shapes/src/shapes/area.h": FILES["include/shapes/area.h"],
    }
    manifest = "name: uses\nprograms:\n  main: {sources: [main.c], requires: [shapes]}\n"
    here = project(tmp_path, {**recipes, "main.c": FILES["main.c"], "wasmbuild.yaml": manifest})
    ran = run_wasmbuild("run", "main", cwd=here)
    assert ran.status == 0, ran.stderr
    assert sorted(path.name for path in Path(here, "build/lib").glob("*.so")) == ["libc.so", "libscale.so"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("headers: [", "cflags: [-O1], headers: ["), "error: `cflags` means nothing in a library without `sources`"),
        (
            ("  main: {", "  main: {opens: [shapes], "),
            "error: `shapes` is headers alone: there is no module to load\n  at:    wasmbuild.yaml",
        ),
        (
            ("programs:", "tests:\n  - {name: t, call: f, in: shapes}\nprograms:"),
            "error: `shapes` is headers alone: there is no module to load",
        ),
    ],
)
def test_what_it_is_not_good_for(change, said, tmp_path, project, run_wasmbuild):
    manifest = MANIFEST.replace(*change, 1) if change[0] in MANIFEST else pytest.fail("the manifest has changed")
    ran = run_wasmbuild("build", cwd=project(tmp_path, {**FILES, "wasmbuild.yaml": manifest}))
    assert ran.status == 1
    assert said.partition("\n")[0] in ran.stderr
