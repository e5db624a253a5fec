"""Private directories: whatever a guest makes of one, it is measured and removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wasmbuild.testing import scratch
from wasmbuild.testing.scratch import listing, remove_tree, too_much


def nest(directory: Path, depth: int, name: str = "d") -> None:
    """Directories in each other, as a guest makes them: it starts each time where it is."""
    here = os.open(directory, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)


@pytest.mark.parametrize("name", ["d", "d" * 255])
@pytest.mark.parametrize("depth", [1, 50, 3000])
def test_directories_nested_to_any_depth_are_removed(tmp_path: Path, name: str, depth: int) -> None:
    top = tmp_path / "top"
    (top / "root").mkdir(parents=True)
    nest(top / "root", depth, name)
    remove_tree(top)
    assert not top.exists()


def test_whatever_is_there_is_removed_and_nothing_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "kept").mkdir(parents=True)
    (outside / "kept" / "file").write_text("kept")
    top = tmp_path / "top"
    root = top / "root"
    (root / "removed-0" / "removed-1" / "root").mkdir(parents=True)
    (root / "removed-2").mkdir()
    for place in (root, root / "removed-0"):
        (place / "out").symlink_to(outside)
        (place / "up").symlink_to("..")
        (place / "gone").symlink_to("nowhere")
        os.link(outside / "kept" / "file", place / "hard")
    os.mkfifo(root / "fifo")
    for name in (b"\xff\xfe", b"a\nb", b"*", b"-rf", b"x" * 255):
        (root / os.fsdecode(name)).mkdir()
        (root / os.fsdecode(name) / "file").touch()
    closed = root / "removed-0" / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0)
    (root / "removed-2").chmod(0o500)
    remove_tree(top)
    assert not top.exists()
    assert (outside / "kept" / "file").read_text() == "kept"


def test_what_is_not_there_is_removed(tmp_path: Path) -> None:
    remove_tree(tmp_path / "gone")


def test_descriptors_are_given_back(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "a" / "b" / "c").mkdir(parents=True)
    first = os.dup(0)
    os.close(first)
    remove_tree(top)
    again = os.dup(0)
    os.close(again)
    assert first == again


def test_what_was_written_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert too_much(tmp_path / "gone") is None
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"x" * 100_000)
    (tmp_path / "loop").symlink_to(".")
    os.truncate(tmp_path / "a" / "file", 1 << 30)  # takes no room
    assert too_much(tmp_path) is None
    monkeypatch.setattr(scratch, "DIRECTORY_LIMIT_BYTES", 90_000)
    assert too_much(tmp_path) == "wrote more than 0 MiB"
    monkeypatch.undo()
    monkeypatch.setattr(scratch, "ENTRIES_LIMIT", 2)
    assert too_much(tmp_path) == "made more than 2 files and directories"


def test_what_is_nested_too_deeply_to_look_at_is_said(tmp_path: Path) -> None:
    nest(tmp_path / ".", 3000)
    assert too_much(tmp_path) == "made directories that are nested too deeply to look at"
    assert listing(tmp_path) == "nothing"
    top = tmp_path.parent / "top"
    tmp_path.rename(top)
    remove_tree(top)
    tmp_path.mkdir()


def test_a_listing_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for number in range(9):
        (tmp_path / "b" / str(number)).touch()
    (tmp_path / "c").touch()
    assert listing(tmp_path, 3) == "c, b/0, b/1 and more"
    assert listing(tmp_path, 10) == "c, b/0, b/1, b/2, b/3, b/4, b/5, b/6, b/7, b/8"
