"""What is taken from the cache is what was put there: else it is built again, once, and that is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wasmbuild.builder.runtime import Runtime, make_runtime
from wasmbuild.progress import Silent


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
def test_a_damaged_libc_is_built_again_once(name: str, tmp_path: Path) -> None:
    built = []

    def build(directory: Path) -> None:
        built.append(directory)
        for file in ("libc.so", "libc.a", "crt1.o"):
            (directory / file).write_bytes(b"made by zig")

    directory, notes = tmp_path / "key", Notes()
    runtime = Runtime(directory, "upstream", directory / "libc.so", (), (), directory / "licenses")
    assert make_runtime(runtime, build, notes) == make_runtime(runtime, build, notes) == runtime
    assert (len(built), notes.notes) == (1, [])
    flip(runtime.directory / name)
    for _ in range(2):
        make_runtime(runtime, build, notes)
        assert (runtime.directory / name).read_bytes() == b"made by zig"
    assert len(built) == 2
    assert notes.notes == [f"libc in the cache was damaged (`{name}` was changed): building it again"]
