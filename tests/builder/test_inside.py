"""What compile commands name is inside the build directory, and the same on every machine."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from projects import TOOLCHAIN, graph_inputs

from wasmbuild.builder.graph import make_graph
from wasmbuild.builder.inside import inside_of, lay
from wasmbuild.builder.resolved import Prefix
from wasmbuild.builder.toolchain import Toolchain

MANIFEST = """
name: x
libraries:
  a: {sources: [a.c, a.cpp], requires: [z]}
  b: {sources: [b.c], libc: none}
  c: {sources: [c.c], libc: self}
"""
OLD = replace(TOOLCHAIN, kind="llvm", version="16.0.6", clang=("/usr/bin/clang-16",))


def on(machine: str, toolchain: Toolchain) -> Toolchain:
    lib = Path(machine, "zig/lib")
    return replace(
        toolchain,
        clang=(f"{machine}{toolchain.clang[0]}",),
        lib=lib,
        builtin_include=Path(machine, "include"),
        libc_include=(Path(machine, "cache/libc-1-KEY/include"), lib / "libc/include"),
        old_include=Path(machine, "package/old-llvm"),
    )


def compile_commands(machine: str, toolchain: Toolchain) -> list[tuple[str, ...]]:
    prefixes = {"z": Prefix("z", f"{machine}/cache/z-1-KEY", (), ())}
    graph = make_graph(
        graph_inputs(MANIFEST.replace("defaults: {requires: []}\n", ""), prefixes, None, on(machine, toolchain))
    )
    assert not any(machine in place for place in graph.inside.places)
    return [edge.command for edge in graph.edges if edge.rule == "compile"]


@pytest.mark.parametrize("toolchain", [TOOLCHAIN, OLD])
def test_compile_commands_have_nothing_of_a_machine_in_them(toolchain: Toolchain) -> None:
    one, two = (compile_commands(machine, toolchain) for machine in ("/home/one", "/home/two/deeper"))
    assert one == two
    assert len(one) == 4
    assert not any(word.startswith("/") or "/home" in word for command in one for word in command)


def test_whatever_is_another_version_has_another_name() -> None:
    names = {
        inside_of(replace(TOOLCHAIN, version=version), {}, "build").toolchain.clang for version in ("21.1.0", "22")
    }
    names |= {inside_of(replace(TOOLCHAIN, kind="llvm"), {}, "build").toolchain.clang}
    assert len(names) == 3


def test_the_compiler_is_found_beside_itself_and_says_what_it_is(tmp_path: Path) -> None:
    inside = inside_of(on("/anywhere", TOOLCHAIN), {}, "build")
    (tmp_path / "zig").mkdir()
    zig = tmp_path / "zig/zig"
    zig.write_text('#!/bin/sh\necho "$@"\n')
    zig.chmod(0o755)
    inside = replace(inside, links={**inside.links, next(iter(inside.links)): str(zig)})
    lay(tmp_path, "build", inside)
    (place, text) = inside.compiler or ("", "")
    assert TOOLCHAIN.identity in text
    assert "/anywhere" not in text
    with os.popen(shlex.join(["sh", "-c", f"cd / && {shlex.quote(str(tmp_path / place))} -c 'a b'"])) as said:
        assert said.read() == "clang -c a b\n"


def test_what_lay_there_before_is_not_followed(tmp_path: Path) -> None:
    inside = inside_of(on("/anywhere", TOOLCHAIN), {}, "build")
    away = tmp_path / "away"
    (away / "compiler" / TOOLCHAIN.place).mkdir(parents=True)
    (away / "compiler" / TOOLCHAIN.place / "clang").write_text("mine")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/toolchain").symlink_to(away)
    lay(tmp_path, "build", inside)
    (tmp_path / "build/toolchain/headers/strange").symlink_to(away)
    libc = tmp_path / "build/toolchain/headers/libc-1-KEY"
    libc.unlink()
    libc.mkdir()
    (libc / "stdio.h").write_text("of the project")
    lay(tmp_path, "build", inside)
    assert (away / "compiler" / TOOLCHAIN.place / "clang").read_text() == "mine"
    assert not (tmp_path / "build/toolchain/headers/strange").is_symlink()
    assert libc.readlink() == Path("/anywhere/cache/libc-1-KEY/include")
