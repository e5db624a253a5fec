"""What of this machine decides what upstream's own build makes, and what becomes of its archives."""

import os
import sys
from pathlib import Path

import pytest

from wasmbuild.builder import foreign
from wasmbuild.builder.foreign import build_identity
from wasmbuild.builder.steps import main
from wasmbuild.builder.toolchain import ziglang_directory
from wasmbuild.diagnostics import Position, WasmbuildError
from wasmbuild.manifest.schema import Build
from wasmbuild.wasm.archive import members

AT = Position("recipe.yaml", 4, 8)


@pytest.fixture(autouse=True)
def _forget():
    foreign._version.cache_clear()
    yield
    foreign._version.cache_clear()


def test_the_version_of_cmake_is_in_the_key(monkeypatch, tmp_path):
    tool = tmp_path / "cmake"
    tool.write_text("#!/bin/sh\necho cmake version 9.8.7\n")
    tool.chmod(0o755)
    monkeypatch.setattr(foreign, "find_build_tool", lambda _: str(tool))
    assert build_identity(Build(system="cmake"), AT) == {"build tool": "cmake 9.8.7"}


@pytest.mark.parametrize("tool", ["cmake", "meson"])
def test_a_tool_that_is_missing_can_be_had_by_pip(tool, monkeypatch):
    monkeypatch.setattr(foreign, "find_build_tool", lambda _: None)
    with pytest.raises(WasmbuildError) as raised:
        build_identity(Build(system=tool), AT)
    (found,) = raised.value.diagnostics
    assert (found.code, found.headline, found.at) == ("no-build-tool", f"`{tool}` is not on this machine", AT)
    assert found.help == (f"pip install {tool}",)


def test_make_is_the_machines_own_and_decides_nothing():
    assert build_identity(Build(system="make"), AT) == {}


def test_of_an_archive_among_the_objects_its_members_are_archived(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "zig.exe" if sys.platform == "win32" else "zig"
    ar = (os.fspath(ziglang_directory() / name), "ar")
    for each in ("a.o", "b.o", "c.o"):
        (tmp_path / each).write_bytes(b"\0asm\1\0\0\0")
    assert main(["archive", *ar, "--", "inner.a", "a.o", "b.o"]) == 0
    assert main(["archive", *ar, "--", "outer.a", "inner.a", "c.o"]) == 0
    found = [member for member, _ in members((tmp_path / "outer.a").read_bytes(), "outer.a")]
    assert [Path(member).name for member in found] == ["a.o", "b.o", "c.o"]
