"""Whether there is nothing to do, asked in both ways: as POSIX starts a process, and as every system does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wasmbuild.builder import askninja
from wasmbuild.builder.runninja import find_ninja

GRAPH = "rule copy\n  command = cp $in $out\nbuild made: copy given\n"

WAYS = [
    pytest.param(
        askninja._asking, id="posix", marks=pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="POSIX only")
    ),
    pytest.param(askninja._asking_by_subprocess, id="subprocess"),
]


@pytest.mark.parametrize("asking", WAYS)
def test_ninja_says_whether_there_is_work(
    asking: Callable[[list[str]], Callable[[], bool]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("build.ninja").write_text(GRAPH)
    Path("given").write_text("one")
    command = [find_ninja(), "-f", "build.ninja"]
    assert not asking([*command, "-n"])()
    assert not asking([*command, "-n", "nowhere"])()
    subprocess.run(command, check=True, capture_output=True)
    assert asking([*command, "-n"])()


@pytest.mark.parametrize("asking", WAYS)
def test_a_ninja_that_is_not_there_is_an_error(asking: Callable[[list[str]], Callable[[], bool]]) -> None:
    with pytest.raises(OSError, match="nowhere"):
        asking(["/nowhere/ninja"])


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors as POSIX has them")
def test_an_answer_that_nobody_wants_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "build.ninja").write_text(GRAPH)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    for _ in range(3):
        askninja.asking_ninja(find_ninja(), str(tmp_path / "build.ninja"), ("made",))
    assert not before or len(os.listdir("/proc/self/fd")) == before
