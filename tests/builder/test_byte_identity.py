"""A build is a function of its inputs: the same project in another directory gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FILES = {
    "src/a.c": '#include "a.h"\nstatic const char *where = __FILE__;\n'
    "int a_line(void) { return __LINE__ + where[0]; }\n",
    "src/a.h": "int a_line(void);\n",
    "src/b.cpp": 'extern "C" {\n#include "a.h"\n}\nstruct B { int x; virtual int f() { return x; } };\n'
    'extern "C" int b_all(int x) { return a_line() + x; }\n',
    "p.c": '#include "a.h"\nint main(void) { return a_line(); }\n',
}
LIBRARIES = "libraries:\n  a: {sources: [src/a.c], headers: [src/a.h]}\n  b: {sources: [src/b.cpp], requires: [a]}\n"
BARE = f"name: x\ndefaults: {{libc: none}}\n{LIBRARIES}"
WITH_LIBC = f"name: x\n{LIBRARIES}programs:\n  p: {{sources: [p.c], requires: [a]}}\n"


def outputs(build: Path) -> dict[str, bytes]:
    """All that is shipped, and the objects."""
    found = [path for part in ("lib", "bin", "include", "obj") for path in (build / part).rglob("*") if path.is_file()]
    kept = [path for path in found if path.suffix in (".so", ".wasm", ".h", ".o")]
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in kept}


def build_in(directory: Path, manifest: str, project: Any, run_wasmbuild: Any, *arguments: str) -> dict[str, bytes]:
    project(directory, {"wasmbuild.yaml": manifest, **FILES})
    ran = run_wasmbuild("-C", directory, "build", *arguments, cwd=directory.parent, alone=True)  # hashes differ
    assert ran.status == 0, ran.stderr
    made = outputs(directory / "build")
    assert {"lib/liba.so", "lib/libb.so", "include/a.h"} <= set(made)
    return made


@pytest.mark.parametrize("arguments", [("-j1",), ("--profile", "debug")])
def test_two_directories_give_the_same_bytes(
    tmp_path: Path, project: Callable[..., Path], run_wasmbuild: Callable[..., Any], arguments: tuple[str, ...]
) -> None:
    (tmp_path / "deeper down").mkdir()
    one = build_in(tmp_path / "one", BARE, project, run_wasmbuild, *arguments)
    two = build_in(tmp_path / "deeper down" / "$two", BARE, project, run_wasmbuild, *arguments)
    assert one == two


def test_with_libc_and_debug_information_no_directory_is_in_the_bytes(
    tmp_path: Path, project: Callable[..., Path], run_wasmbuild: Callable[..., Any], libc: Path
) -> None:
    one = build_in(tmp_path / "one", WITH_LIBC, project, run_wasmbuild, "--profile", "debug")
    two = build_in(tmp_path / "another", WITH_LIBC, project, run_wasmbuild, "--profile", "debug")
    assert one == two
    assert one["lib/libc.so"] == libc.read_bytes()
    for name, data in one.items():
        assert str(tmp_path).encode() not in data, name
        assert str(Path.home()).encode() + b"/" not in data, name
    assert b".debug_info" in one["bin/p.wasm"]


def test_building_again_from_nothing_gives_the_same_bytes(
    tmp_path: Path, project: Callable[..., Path], run_wasmbuild: Callable[..., Any]
) -> None:
    before = build_in(tmp_path / "one", BARE, project, run_wasmbuild)
    assert run_wasmbuild("-C", tmp_path / "one", "clean", cwd=tmp_path).status == 0
    assert outputs(tmp_path / "one" / "build") == {}
    assert build_in(tmp_path / "one", BARE, project, run_wasmbuild) == before
