"""`why`, `graph` and `inspect --relocs` as a user runs them, in a project and with files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest


@pytest.fixture
def moved(built_two, tmp_path) -> Path:
    """The outputs of the two libraries, elsewhere."""
    return shutil.copytree(built_two / "build" / "lib", tmp_path / "lib")


def test_why_explains_a_symbol_in_every_process_of_the_project(built_two, run_wasmbuild):
    ran = run_wasmbuild("why", "base_one", cwd=built_two)
    assert (ran.status, ran.stderr) == (0, "")
    assert "build/lib/libbase.so: base_one\n  libbase.so defines it, and nobody imports it\n" in ran.stdout
    assert "build/lib/libtotal.so: base_one\n  libbase.so is the only one that defines it\n" in ran.stdout
    assert "  libtotal.so  call  () -> i32  → libbase.so\n" in ran.stdout


def test_why_as_json(built_two, run_wasmbuild):
    document = run_wasmbuild("why", "base_one", "build/lib/libtotal.so", "--json", cwd=built_two).json()
    assert (document["schema"], document["ok"]) == (1, True)
    (explanation,) = document["explanations"]
    assert explanation["root"] == "build/lib/libtotal.so"
    assert explanation["definitions"][0]["path"] == os.path.realpath(built_two / "build/lib/libbase.so")


def test_why_with_an_unknown_symbol_suggests_one(built_two, run_wasmbuild):
    ran = run_wasmbuild("why", "base_onne", cwd=built_two)
    assert ran.status == 1
    assert ran.stderr.startswith("error: no module imports or exports `base_onne`\n")
    assert ran.stderr.endswith("help: did you mean `base_one`?\n")


def test_why_where_something_is_missing_says_so(moved, run_wasmbuild):
    (moved / "libbase.so").unlink()
    ran = run_wasmbuild("why", "base_one", "libtotal.so", cwd=moved)
    assert ran.status == 1
    assert ran.stderr.startswith("error: needed library not found: `libbase.so`\n")
    assert "  nobody defines it\n" in ran.stdout


def test_why_takes_the_options_of_check(moved, run_wasmbuild):
    (moved / "libbase.so").unlink()
    ran = run_wasmbuild("why", "base_one", "libtotal.so", "--import", "base_one", cwd=moved)
    assert "supplied by the host" in ran.stdout
    (moved / "other").mkdir()
    shutil.copy(moved / "libtotal.so", moved / "other")
    found = run_wasmbuild("why", "total", "other/libtotal.so", "--library-path", ".", "--json", cwd=moved).json()
    assert found["explanations"][0]["definitions"][0]["library"] == "libtotal.so"


@pytest.mark.parametrize("command", [("why", "f"), ("graph",)])
def test_without_a_build_there_is_nothing_to_look_at(command, tmp_path, project, run_wasmbuild):
    ran = run_wasmbuild(*command, cwd=tmp_path)
    assert ran.status == 1
    assert ran.stderr.startswith("error: no `wasmbuild.yaml` in ")
    unbuilt = project(tmp_path / "p", {"wasmbuild.yaml": "name: p\nlibraries: {a: {sources: [a.c]}}\n", "a.c": ""})
    ran = run_wasmbuild(*command, cwd=unbuilt)
    assert ran.status == 1
    assert ran.stderr.startswith("error: nothing was built here yet\nhelp: `wasmbuild build` builds the project")


@pytest.mark.parametrize("command", [("why", "f"), ("graph",), ("inspect", "--relocs")])
@pytest.mark.parametrize("contents", [b"", b"not wasm", b"\0asm\1\0\0\0"])
def test_files_that_are_no_libraries_are_refused(command, contents, tmp_path, run_wasmbuild):
    (tmp_path / "x.so").write_bytes(contents)
    ran = run_wasmbuild(*command, "x.so", cwd=tmp_path)
    # An empty module stands alone: it is a process, without the symbol, and a graph of one node.
    assert ran.status == (0 if contents.startswith(b"\0asm") and command == ("graph",) else 1)
    assert ran.stderr.startswith("error: ") or ran.status == 0


def test_graph_is_mermaid_unless_told_otherwise(built_two, run_wasmbuild):
    ran = run_wasmbuild("graph", cwd=built_two)
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == 'flowchart TD\n  n0["libbase.so"]\n  n1["libtotal.so"]\n  n1 -->|3| n0\n'


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [
        (("-o", "g.svg"), "<svg xmlns="),
        (("-o", "g.dot"), "digraph needed {"),
        (("-o", "g.json"), '{\n  "schema": 1,\n  "nodes": ['),
        (("-o", "g.txt", "--format", "svg"), "<svg xmlns="),
        (("-o", "g.mmd"), "flowchart TD"),
    ],
)
def test_graph_writes_a_file_in_the_format_of_its_name(arguments, starts, built_two, tmp_path, run_wasmbuild):
    output = tmp_path / arguments[1]
    ran = run_wasmbuild("graph", "-o", output, *arguments[2:], cwd=built_two)
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")
    assert output.read_text(encoding="utf-8").startswith(starts)


def test_graph_as_a_picture_is_the_same_twice(built_two, run_wasmbuild):
    first, second = (run_wasmbuild("graph", "--format", "svg", cwd=built_two).stdout for _ in range(2))
    assert first == second
    assert ElementTree.fromstring(first).tag.endswith("svg")


def test_graph_shows_what_is_missing(moved, run_wasmbuild):
    (moved / "libbase.so").unlink()
    ran = run_wasmbuild("graph", "libtotal.so", cwd=moved)
    assert ran.status == 1
    assert '  n1["libbase.so (missing)"]\n  n0 --> n1\n' in ran.stdout
    assert ran.stderr.startswith("error: needed library not found: `libbase.so`\n")
    document = run_wasmbuild("graph", "libtotal.so", "--json", cwd=moved).json()
    assert (document["ok"], document["nodes"][1]["kind"]) == (False, "missing")
    assert document["diagnostics"][0]["code"] == "needed-not-found"


def test_check_warns_of_what_only_the_library_path_finds(moved, run_wasmbuild):
    (moved / "other").mkdir()
    (moved / "libbase.so").rename(moved / "other" / "libbase.so")
    ran = run_wasmbuild("check", "libtotal.so", "--library-path", "other", cwd=moved)
    assert (ran.status, ran.stdout) == (0, "libtotal.so: ok\n")
    assert ran.stderr.startswith("warning: found only by the library path: `libbase.so`\n")


def test_check_warns_of_one_library_under_two_names(moved, run_wasmbuild):
    shutil.copy(moved / "libbase.so", moved / "libbasf.so")
    data = (moved / "libtotal.so").read_bytes()
    at = data.index(b"\x0alibbase.so")
    # One name more in the list of what is needed: its length, the subsection's and the section's grow.
    assert data[8:10] == bytes((0, data[9]))
    assert at < 8 + data[9]
    patched = bytearray(data[:at] + b"\x0alibbasf.so" + data[at:])
    patched[9] += 11
    patched[at - 2] += 11
    patched[at - 1] += 1
    (moved / "both.so").write_bytes(patched)
    ran = run_wasmbuild("check", "both.so", cwd=moved)
    assert ran.status == 0, ran.stderr
    assert ran.stderr.startswith("warning: one library under two names: `libbasf.so`, `libbase.so`\n")


def test_relocations_of_an_object(built_two, run_wasmbuild):
    obj = next((built_two / "build" / "obj").rglob("total.c.o"))
    ran = run_wasmbuild("inspect", "--relocs", obj, cwd=built_two)
    assert ran.status == 0
    assert "R_WASM_FUNCTION_INDEX_LEB  base_one\n" in ran.stdout
    document = run_wasmbuild("inspect", "--relocs", "--json", obj, cwd=built_two).json()
    assert document["files"][0]["relocations"][0]["section"] == "code"


def test_an_undefined_symbol_names_the_library_of_the_project_that_has_it(two, run_wasmbuild):
    manifest = two / "wasmbuild.yaml"
    manifest.write_text(manifest.read_text().replace("    requires: [base]\n", ""))
    ran = run_wasmbuild("build", cwd=two)
    assert ran.status == 1
    assert "help: `libbase.so` of this project exports it; add `base` to `requires` at wasmbuild.yaml:" in ran.stderr


def test_a_mismatch_shows_the_declarations_of_both_sides(two, run_wasmbuild):
    source = two / "src/total/total.c"
    text = source.read_text().replace(
        '#include "base.h"', "int base_one(int);\nint base_two(void);\nint base_three(void);"
    )
    source.write_text(text.replace("base_one()", "base_one(1)"))
    ran = run_wasmbuild("build", cwd=two)
    assert ran.status == 1
    assert "error: signature mismatch: `base_one`\n" in ran.stderr
    assert "int base_one(int);  src/total/total.c:1\n" in ran.stderr
    assert "int base_one(void);  src/base/one.c:3\n" in ran.stderr
