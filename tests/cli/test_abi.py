"""`abi` as a user runs it, and what is said where a library was replaced by one that lacks something."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

PROJECT = {
    "wasmbuild.yaml": """\
name: shapes
libraries:
  shape:
    sources: [shape.c]
    headers: [shape.h]
    exports: ["shape_*"]
programs:
  app:
    sources: [app.c]
    requires: [shape]
""",
    "shape.h": """\
struct shape { int width, height; };
extern int shape_sides[4];
int shape_area(const struct shape *s);
int shape_round(const struct shape *s);
""",
    "shape.c": """\
#include "shape.h"
int shape_sides[4] = {1, 2, 3, 4};
int shape_area(const struct shape *s) { return s->width * s->height; }
int shape_round(const struct shape *s) { return s->width == s->height; }
""",
    "app.c": """\
#include "shape.h"
int main(void) { struct shape s = {2, 3}; return shape_area(&s) + shape_round(&s) + shape_sides[0] - 7; }
""",
}


@pytest.fixture(scope="module")
def builds(tmp_path_factory, project, run_wasmbuild) -> Path:
    """Three builds of one library, with debug information: the first, one that adds, and one that breaks."""
    directory = tmp_path_factory.mktemp("abi")
    changed = {
        "old": lambda text: text,
        "more": lambda text: text + "int shape_more(void);\n" if "extern" in text else text,
        "less": lambda text: text.replace("int width,", "int depth, width,").replace("shape_round", "shape_oval"),
    }
    for name, change in changed.items():
        files = {path: change(text) if path.startswith("shape") else text for path, text in PROJECT.items()}
        if name == "more":
            files["shape.c"] += "int shape_more(void) { return 0; }\n"
        if name == "less":
            files["app.c"] = files["app.c"].replace("shape_round", "shape_oval")
        ran = run_wasmbuild("build", "--profile", "debug", cwd=project(directory / name, files))
        assert ran.status == 0, ran.stderr
    return directory


def library(build: str) -> str:
    return f"{build}/build/lib/libshape.so"


def test_a_build_that_only_adds_fits(builds, run_wasmbuild):
    ran = run_wasmbuild("abi", library("old"), library("more"), cwd=builds)
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == (
        "more/build/lib/libshape.so: fits who was linked against the old one\n  added  shape_more  () -> i32\n"
    )
    assert run_wasmbuild("abi", "-q", library("old"), library("more"), cwd=builds).stdout == ""


def test_a_build_that_breaks_its_users_says_how(builds, run_wasmbuild):
    ran = run_wasmbuild("abi", library("old"), library("less"), cwd=builds)
    assert ran.status == 1
    assert "  removed  shape_round   (i32) -> i32\n  layout   struct shape  8 bytes, now 12 bytes\n" in ran.stdout
    assert "`width` at byte 0, now at byte 4\n" in ran.stdout
    document = run_wasmbuild("abi", "--json", library("old"), library("less"), cwd=builds).json()
    assert (document["schema"], document["ok"], document["old"]["types"]) == (1, False, True)
    assert [change["kind"] for change in document["changes"]] == ["removed", "layout", "added"]


def test_files_that_are_no_libraries_are_refused(builds, run_wasmbuild):
    ran = run_wasmbuild("abi", library("old"), "old/shape.c", cwd=builds)
    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr.startswith("error: malformed module: `old/shape.c`\n")
    (object_file,) = builds.glob("old/build/obj/**/shape.c.o")
    ran = run_wasmbuild("abi", object_file, library("old"), cwd=builds)
    assert ran.stderr.startswith("error: not a shared library: ")


def test_a_library_that_took_anothers_place_is_named(builds, run_wasmbuild, tmp_path):
    """Only where something is missing: what fits is nobody's business."""
    place = shutil.copytree(builds / "old" / "build", tmp_path / "place")
    shutil.copy(builds / library("more"), place / "lib")
    assert run_wasmbuild("check", "bin/app.wasm", cwd=place).stdout == "bin/app.wasm: ok\n"
    shutil.copy(builds / library("less"), place / "lib")
    hashes = [
        run_wasmbuild("abi", "--json", library("old"), library(name), cwd=builds).json()["new"]["abi"]
        for name in ("old", "less")
    ]
    note = (
        f"note: `app.wasm` was linked against another build of `libshape.so` (abi {hashes[0]}); "
        f"the one found is {hashes[1]}\n"
    )
    for command in ("check", "run"):
        ran = run_wasmbuild(command, "bin/app.wasm", cwd=place)
        assert ran.status != 0
        assert ran.stderr.startswith("error: undefined symbol: `shape_round`\n")
        assert note in ran.stderr
        assert "libc.so` (abi" not in ran.stderr
