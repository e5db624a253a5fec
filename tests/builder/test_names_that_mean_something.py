"""Names of files that would be options, lists of arguments or lines of the build file, and headers that want to lie
somewhere else."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from projects import TOOLCHAIN, expanded, graph_of, not_expanded, toolchain, write

from wasmbuild.builder.globs import installed_as
from wasmbuild.builder.graph import Edge, Graph
from wasmbuild.builder.inside import Inside
from wasmbuild.builder.ninja import compile_commands, ninja_text
from wasmbuild.builder.operands import as_operand
from wasmbuild.builder.places import is_inside
from wasmbuild.builder.steps import main
from wasmbuild.diagnostics import WasmbuildError

NOTHING = Inside(TOOLCHAIN, {}, {}, None, ())


@pytest.mark.parametrize(
    ("header", "include", "place"),
    [
        ("../../x/foo.h", ("..",), "foo.h"),
        ("../x/foo.h", ("..",), "x/foo.h"),
        ("../x/foo.h", ("../x", ".."), "foo.h"),
        ("../../../foo.h", ("..", "../.."), "foo.h"),
        ("/usr/include/foo.h", (), "foo.h"),
        ("include/a/foo.h", ("include",), "a/foo.h"),
    ],
)
def test_a_header_is_installed_below_include(header: str, include: tuple[str, ...], place: str) -> None:
    assert installed_as(header, include) == place


@pytest.mark.parametrize("path", ["build/../x", "build/a/../../x", "builds/x", "/build/x", "build"])
def test_what_is_outside_of_a_directory(path: str) -> None:
    assert not is_inside("build", path)
    assert is_inside("..", f"../{path.replace('..', 'up')}")


@pytest.mark.parametrize("name", ["-x.c", "-o.c"])
def test_a_source_is_never_an_option(name: str) -> None:
    graph = graph_of(f"name: x\nlibraries: {{z: {{sources: ['{name}']}}}}")
    assert f"build build/obj/library-z/{name}.o: compile_here {name}" in ninja_text(graph, "build")
    assert f'"./{name}"' in compile_commands(graph, "/")
    assert as_operand("src/-x.c") == "src/-x.c"


def test_a_file_named_as_what_separates_files_is_installed_as_any_other(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(write(tmp_path, "--", "a", "b"))
    (tmp_path / "a").write_text("of a")
    assert main(["install", "a", "--", "b", "out/a", "out/--", "out/b"]) == 0
    assert (tmp_path / "b").read_text() == ""
    assert (tmp_path / "out/a").read_text() == "of a"


def test_an_object_is_never_an_option_of_ar(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(write(tmp_path, "-M.o", "@list.o"))
    (tmp_path / "list.o").write_text("--plugin=/nowhere.so")
    assert main(["archive", *toolchain().ar, "--", "out.a", "-M.o", "@list.o"]) == 0
    assert b"-M.o" in (tmp_path / "out.a").read_bytes()


@pytest.mark.parametrize("name", ["@x.c", "src/@x.c"])
def test_a_source_is_never_a_file_of_arguments(tmp_path: Path, name: str) -> None:
    """clang hands the last part of the name to itself, and reads it so then."""
    (finding,) = not_expanded(write(tmp_path, name), f"name: x\nlibraries: {{z: {{sources: ['{name}']}}}}")
    assert finding.code == "bad-name"


def test_a_directory_of_headers_is_never_a_file_of_arguments() -> None:
    graph = graph_of("name: x\ndefaults: {include: ['@a']}\nlibraries: {z: {sources: [z.c], include: ['-b', c]}}")
    (edge,) = (edge for edge in graph.edges if edge.rule == "compile")
    assert [word for word in edge.command if word.startswith("-I")] == ["-I./@a", "-I./-b", "-Ic"]


@pytest.mark.parametrize("character", [*"\t*;<>\\^`"])
def test_a_source_that_would_be_compiled_each_time_is_refused(tmp_path: Path, character: str) -> None:
    write(tmp_path, f"a{character}b.c", f"a{character}b.o")
    (finding,) = not_expanded(tmp_path, "name: x\nlibraries: {z: {sources: ['*.c']}}")
    assert finding.code == "bad-name"
    expanded(tmp_path, "name: x\nlibraries: {z: {sources: ['*.o']}}")


@pytest.mark.parametrize("text", ["a\nb", "a\rb"])
def test_a_line_break_does_not_become_a_line_of_the_build_file(text: str) -> None:
    for edge in (
        Edge("compile", ("build/x.o",), ("x.c",), (), ("clang", f"-DX={text}")),
        Edge("compile", ("build/x.o",), ("x.c",), (f"/cache/{text}",), ("clang",)),
    ):
        with pytest.raises(WasmbuildError) as caught:
            ninja_text(Graph((edge,), {}, {}, edge.outputs, (), (), (), NOTHING), "build")
        assert caught.value.diagnostics[0].code == "bad-name"
    assert shlex.quote(text) not in ninja_text(Graph((), {}, {}, (), (), (), (), NOTHING), "build")
