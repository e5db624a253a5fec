"""binaryen's wasm-opt after each link, where a profile asks for it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from wasmbuild.wasm.decode import decode

sys.path.append(str(Path(__file__).parents[1] / "javascript"))
from nodejs import npm_program

BINARYEN = "binaryen@132.0.0"
FILES: Mapping[str, str] = {
    "wasmbuild.yaml": """\
name: tried
libraries:
  try: {sources: [try.c], exports: [tried, squares]}
programs:
  main: {sources: [main.c], requires: [try]}
tests:
  - {name: prints, run: main, stdout: "7 204 0\\n"}
""",
    "toolchain.yaml": "profiles: {small: {cflags: [-O1], wasm_opt: O2}, debug: {wasm_opt: O2}}\n",
    "try.c": """\
#include <setjmp.h>
static jmp_buf back;
static void leave(int with) { longjmp(back, with); }
int tried(int with) { int got = setjmp(back); if (!got) leave(with); return got; }
int squares(int n) { int sum = 0; for (int i = 0; i <= n; i++) sum += i * i; return sum; }
""",
    "main.c": """\
#include <stdio.h>
int tried(int), squares(int);
int main(void) { printf("%d %d %d\\n", tried(7), squares(8), squares(0)); }
""",
}


def in_path(directory: Path, script: str) -> dict[str, str]:
    """The variables of a machine with this wasm-opt first in its PATH."""
    directory.mkdir()
    (directory / "wasm-opt").write_text(f"#!/bin/sh\n{script}\n")
    (directory / "wasm-opt").chmod(0o755)
    return {"PATH": f"{directory}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.network
def test_what_is_linked_is_rewritten_and_does_the_same(
    tmp_path: Path, project: Any, run_wasmbuild: Any, pytestconfig: pytest.Config
) -> None:
    assert pytestconfig.cache is not None, "what npm installs is kept in pytest's cache"
    real = npm_program(BINARYEN, "wasm-opt", pytestconfig.cache.mkdir("npm"))
    env = in_path(tmp_path / "bin", f'exec {shlex.join(real)} "$@"')
    directory = project(tmp_path / "project", FILES)
    code_bytes = {}
    for wasm_opt in ("", "wasm_opt: O2, "):
        (directory / "toolchain.yaml").write_text(f"profiles: {{small: {{{wasm_opt}cflags: [-O1]}}}}\n")
        ran = run_wasmbuild("test", "--profile", "small", cwd=directory, env=env)
        assert (ran.status, "3 passed, 0 failed" in ran.stdout) == (0, True), ran.stdout + ran.stderr
        module = decode((directory / "build/lib/libtry.so").read_bytes())
        assert module.dylink is not None
        assert module.dylink.needed == ("libc.so",)
        assert [section.name for section in module.sections if section.name in ("name", "wasmbuild")] == [
            "name",
            "wasmbuild",
        ]
        code_bytes[wasm_opt] = module.code_size_bytes
    plain, optimized = code_bytes.values()
    assert optimized < plain


def test_where_there_is_none_nothing_is_built(tmp_path: Path, project: Any, run_wasmbuild: Any) -> None:
    directory = project(tmp_path / "project", FILES)
    ran = run_wasmbuild("build", "--profile", "small", cwd=directory, env={"PATH": str(tmp_path)})
    assert ran.status == 1
    assert "`wasm-opt` not found\n  searched:  PATH\n  wanted by: profile `small`\nhelp: install binaryen" in ran.stderr
    assert not (directory / "build/lib").exists()


def test_one_that_does_not_read_our_exceptions_is_refused(tmp_path: Path, project: Any, run_wasmbuild: Any) -> None:
    directory, env = project(tmp_path / "project", FILES), in_path(tmp_path / "bin", "echo wasm-opt version 108")
    ran = run_wasmbuild("build", "--profile", "small", cwd=directory, env=env)
    assert ran.status == 1
    assert f"`wasm-opt` is too old\n  found:     {tmp_path}/bin/wasm-opt, 108\n" in ran.stderr


def test_what_it_says_where_it_fails_is_passed_on_and_nothing_is_left(
    tmp_path: Path, project: Any, run_wasmbuild: Any
) -> None:
    script = 'case "$1" in --version) echo wasm-opt version 132;; *) echo "Fatal: no"; exit 3;; esac'
    directory, env = project(tmp_path / "project", FILES), in_path(tmp_path / "bin", script)
    ran = run_wasmbuild("build", "--profile", "small", cwd=directory, env=env)
    assert ran.status == 1
    said = "`wasm-opt` failed\n  linking:     build/lib/libtry.so\n  exit status: 3\n  it said:     Fatal: no\n"
    assert said in ran.stderr
    assert not (directory / "build/lib/libtry.so").exists()
    assert not list((directory / "build/obj/library-try").glob("libtry*"))


def test_it_does_not_go_with_debug_information(tmp_path: Path, project: Any, run_wasmbuild: Any) -> None:
    directory = project(tmp_path / "project", FILES)
    ran = run_wasmbuild("build", "--profile", "debug", cwd=directory)
    assert ran.status == 1
    assert "profile `debug` keeps debug information, which wasm-opt would make wrong" in ran.stderr
