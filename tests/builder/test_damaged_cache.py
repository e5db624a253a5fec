"""What is taken from the cache is what was put there: else it is built again, once, and that is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wasmbuild.builder import runtime as runtime_module
from wasmbuild.builder.runtime import ensure_runtime
from wasmbuild.builder.toolchain import Toolchain, read_settings
from wasmbuild.progress import Progress, Silent
from wasmbuild.sources.store import Store


def flip(path: Path) -> None:
    """Change one bit, and neither the size nor the time."""
    status, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


class Notes(Silent):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.mark.parametrize("name", ["libc.so", "libc.a", "crt1.o"])
def test_a_damaged_libc_is_built_again_once(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []

    def build(_zig: Toolchain, directory: Path, _progress: Progress) -> None:
        built.append(directory)
        for file in ("libc.so", "libc.a", "crt1.o"):
            (directory / file).write_bytes(b"made by zig")

    monkeypatch.setattr(runtime_module, "_build", build)
    settings, store, notes = read_settings(None), Store(tmp_path), Notes()
    runtime = ensure_runtime(settings, store, notes)
    assert ensure_runtime(settings, store, notes) == runtime
    assert (len(built), notes.notes) == (1, [])
    flip(runtime.directory / name)
    for _ in range(2):
        ensure_runtime(settings, store, notes)
        assert (runtime.directory / name).read_bytes() == b"made by zig"
    assert len(built) == 2
    assert notes.notes == [f"libc in the cache was damaged (`{name}` was changed): building it again"]
