"""Sealed directories of the cache: whatever is done to them is seen, and said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wasmbuild.sources.seal import SEAL_FILE, damage, seal


def flip(path: Path) -> None:
    """Change one bit, and neither the size nor the time."""
    import os

    status, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    directory = tmp_path / "sealed"
    (directory / "lib").mkdir(parents=True)
    (directory / "lib" / "liba.so").write_bytes(b"library")
    (directory / "a.h").write_bytes(b"header")
    (directory / "empty").write_bytes(b"")
    seal(directory)
    return directory


def test_what_nobody_touched_is_whole(sealed: Path) -> None:
    assert damage(sealed) is None


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "flipped": (lambda d: flip(d / "lib" / "liba.so"), "`lib/liba.so` was changed"),
    "truncated": (lambda d: (d / "a.h").write_bytes(b"head"), "`a.h` was changed"),
    "longer": (lambda d: (d / "empty").write_bytes(b"x"), "`empty` was changed"),
    "gone": (lambda d: (d / "a.h").unlink(), "`a.h` is gone"),
    "more": (lambda d: (d / "b.h").write_bytes(b""), "`b.h` was put there by somebody else"),
    "another's": (lambda d: (d / "a.h").write_bytes((d / "lib" / "liba.so").read_bytes()), "`a.h` was changed"),
    "no seal": (lambda d: (d / SEAL_FILE).unlink(), "it has no list of its files"),
    "half a seal": (lambda d: (d / SEAL_FILE).write_bytes(b'{"a.h":'), "its list of files cannot be read"),
    "no list": (lambda d: (d / SEAL_FILE).write_bytes(b"[]"), "its list of files cannot be read"),
    "deep": (lambda d: (d / SEAL_FILE).write_bytes(b"[" * 100_000), "its list of files cannot be read"),
}


@pytest.mark.parametrize("case", DAMAGES)
def test_what_was_done_to_it_is_said(case: str, sealed: Path) -> None:
    act, says = DAMAGES[case]
    act(sealed)
    assert damage(sealed) == says


def test_what_is_not_there_is_not_there(tmp_path: Path) -> None:
    assert damage(tmp_path / "nothing") == "it is not there"
