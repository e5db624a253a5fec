"""libc's place in the cache, and what is shown while it is built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wasmbuild.builder import runtime
from wasmbuild.builder.toolchain import read_settings
from wasmbuild.sources.store import Store


@pytest.mark.parametrize("name", ["malloc.c", "include/dlfcn.h", "old-llvm/setjmp.h"])
def test_every_source_of_ours_is_part_of_the_key(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = Path(shutil.copytree(runtime._CSRC, tmp_path / "csrc"))
    monkeypatch.setattr(runtime, "_CSRC", sources)
    settings, store = read_settings(None), Store(tmp_path / "cache")
    before = runtime.runtime_entry(settings, store)
    assert runtime.runtime_entry(settings, store) == before
    with (sources / name).open("a") as file:
        file.write("/* changed */\n")
    assert runtime.runtime_entry(settings, store) != before


def test_progress_counts_sources_first_and_then_objects(tmp_path: Path) -> None:
    def files(directory: str, count: int) -> None:
        for number in range(count):
            (tmp_path / directory / str(number)).mkdir(parents=True, exist_ok=True)

    reading = "building libc (once): the sources that zig has read"
    assert runtime.how_far(tmp_path) == (reading, 0, None)
    files("z", 40)
    files("o", 2)
    assert runtime.how_far(tmp_path) == (reading, 40, None)
    files("o", 12)
    assert runtime.how_far(tmp_path) == ("building libc (once)", 12, runtime._OBJECTS_OF_LIBC)
    files("o", runtime._OBJECTS_OF_LIBC + 1)
    assert runtime.how_far(tmp_path) == ("building libc (once)", runtime._OBJECTS_OF_LIBC, runtime._OBJECTS_OF_LIBC)
