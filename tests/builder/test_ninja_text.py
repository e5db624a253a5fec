"""`build.ninja`: what the real ninja reads out of it is what the graph says, whatever the names."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from projects import TOOLCHAIN, graph_of

from wasmbuild.builder import stepclient
from wasmbuild.builder.graph import Edge, Graph
from wasmbuild.builder.inside import inside_of
from wasmbuild.builder.ninja import compile_commands, ninja_text
from wasmbuild.builder.runninja import find_ninja

NAMES = [
    "plain.c", "two words.c", "$cost.c", "a:b.c", "$in.c", "${out}.c", "$ $.c", "quote'd.c", 'double"d.c', "é.c",
    "back\\slash.c", "#.c", "a&b;c.c", "(x).c", "~.c", " lead.c", "trail .c", "x^y.c",
]  # fmt: skip


def ninja(directory: Path, graph: Graph, *arguments: str) -> list[str]:
    (directory / "build").mkdir(exist_ok=True)
    (directory / "build/build.ninja").write_text(ninja_text(graph, "build"))
    command = [find_ninja(), "-f", "build/build.ninja", *arguments]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def one(edge: Edge) -> Graph:
    return Graph((edge,), {}, {}, edge.outputs, (), (), (), inside_of(TOOLCHAIN, {}, "build"))


@pytest.mark.skipif(sys.platform == "win32", reason="commands are quoted for sh")
@pytest.mark.parametrize("name", NAMES)
def test_ninja_reads_a_name_as_it_is(tmp_path: Path, name: str) -> None:
    output = f"build/obj/{name}.o"
    (tmp_path / name).write_text("")
    (tmp_path / f"h {name}").write_text("")
    graph = one(Edge("compile", (output,), (name,), (f"h {name}",), ("clang", f"-I{name}", '-DS="a $b \'c"')))
    (command,) = ninja(tmp_path, graph, "-t", "commands", "all")
    words = shlex.split(command)
    assert words[:3] == ["clang", f"-I{name}", '-DS="a $b \'c"']
    assert words[-7:] == ["-MD", "-MF", f"{output}.d", "-c", name, "-o", output]
    query = ninja(tmp_path, graph, "-t", "query", output)
    assert query[:4] == [f"{output}:", "  input: compile", f"    {name}", f"    | h {name}"]


def test_the_targets_are_the_default_the_tests_and_the_archives(tmp_path: Path) -> None:
    graph = graph_of(
        "name: x\nlibraries: {z: {sources: [z.c], headers: [z.h]}}\nprograms: {p: {sources: [p.c], requires: [z]}}\n"
        "tests: [{name: t, program: {sources: [t.c]}}]"
    )
    for target, expected in {"all": graph.default, "tests": graph.tests, "archives": graph.archives}.items():
        lines = ninja(tmp_path, graph, "-t", "query", target)
        assert lines[:2] == [f"{target}:", "  input: phony"]
        assert tuple(line.strip() for line in lines[2 : 2 + len(expected)]) == expected
        assert lines[2 + len(expected)].startswith("  outputs:")
    assert len(ninja(tmp_path, graph, "-t", "commands", "all")) == 7


def test_each_distinct_command_is_written_once() -> None:
    sources = [f"s{i}.c" for i in range(50)]
    text = ninja_text(graph_of(f"name: x\nlibraries: {{z: {{sources: {sources}, defines: {{ONCE: 1}}}}}}"), "build")
    assert text.count("-DONCE=1") == 1
    assert text.count(": compile s") == 50


def test_the_steps_run_in_this_python_and_do_not_import_from_the_project(tmp_path: Path) -> None:
    graph = graph_of("name: x\nlibraries: {z: {sources: [z.c]}}")
    commands = [shlex.split(line) for line in ninja(tmp_path, graph, "-t", "commands", "build/lib/libz.so")]
    assert commands[-1] == [
        sys.executable,
        "-I",
        "-S",
        stepclient.__file__,
        "wasmbuild.builder.steps",
        "link",
        "build/obj/library-z/link.json",
    ]


def test_compile_commands_name_each_source_with_its_whole_command() -> None:
    graph = graph_of("name: x\nlibraries: {z: {sources: ['a b.c', c.cpp]}}")
    entries = json.loads(compile_commands(graph, "/here"))
    assert [(entry["directory"], entry["file"]) for entry in entries] == [("/here", "a b.c"), ("/here", "c.cpp")]
    for entry in entries:
        assert entry["arguments"][0] == f"build/toolchain/compiler/{TOOLCHAIN.place}/clang"
        assert entry["arguments"][-4:] == ["-c", entry["file"], "-o", entry["output"]]
