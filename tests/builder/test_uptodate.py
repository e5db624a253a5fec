"""The state file: fresh while nothing changed, stale after any change, and never fresh by luck."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from wasmbuild.builder.uptodate import (
    forget,
    fresh_ninja,
    is_known,
    is_racy,
    now_ns,
    observe,
    remember,
    signature,
    state_path,
)

OLD_NS = 1_600_000_000_000_000_000


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("WASMBUILD_CACHE", str(tmp_path / "cache"))
    (tmp_path / "build").mkdir()
    (tmp_path / "build/build.ninja").write_text("rule")
    (tmp_path / "src").mkdir()
    (tmp_path / "a file.yaml").write_text("one")
    for path in (tmp_path / "a file.yaml", tmp_path / "src"):
        os.utime(path, ns=(OLD_NS, OLD_NS))
    return tmp_path


def store(tree: Path, asked: str = "asked") -> None:
    paths = [str(tree / name) for name in ("a file.yaml", "src", "toolchain.yaml")]
    remember(str(tree / "build"), asked, "/where/ninja is", observe(paths))


def state_of(tree: Path) -> Path:
    return Path(state_path(str(tree / "build")))


def fresh(tree: Path, asked: str = "asked") -> bool:
    ninja = fresh_ninja(str(tree / "build"), asked)
    assert ninja in (None, "/where/ninja is")
    return ninja is not None


def test_what_was_remembered_is_fresh_for_the_same_request_only(tree: Path) -> None:
    assert not fresh(tree)
    store(tree)
    assert fresh(tree)
    assert not fresh(tree, "asked for something else")
    assert not fresh(tree, "")


def edit_same_size(tree: Path) -> None:
    (tree / "a file.yaml").write_text("two")


def edit_same_time(tree: Path) -> None:
    (tree / "a file.yaml").write_text("longer")
    os.utime(tree / "a file.yaml", ns=(OLD_NS, OLD_NS))


def older(tree: Path) -> None:
    os.utime(tree / "a file.yaml", ns=(OLD_NS - 1, OLD_NS - 1))


@pytest.mark.parametrize(
    "change",
    [
        edit_same_size,
        edit_same_time,
        older,
        lambda tree: (tree / "a file.yaml").unlink(),
        lambda tree: (tree / "src/new.c").write_text(""),
        lambda tree: (tree / "src").rmdir(),
        lambda tree: (tree / "toolchain.yaml").write_text(""),
        lambda tree: forget(str(tree / "build")),
    ],
    ids=["same size", "same time", "older", "gone", "new in directory", "directory gone", "appeared", "forgotten"],
)
def test_any_change_makes_it_stale(tree: Path, change: Callable[[Path], object]) -> None:
    store(tree)
    assert fresh(tree)
    change(tree)
    assert not fresh(tree)


@pytest.mark.parametrize("kept", range(1, 60, 7))
def test_a_half_written_state_is_stale(tree: Path, kept: int) -> None:
    store(tree)
    data = state_of(tree).read_bytes()
    state_of(tree).write_bytes(data[:-kept])
    assert not fresh(tree)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"asked", b"end", b"asked\n", b"asked\n/where/ninja is\nnonsense\n00000000", b"a\0b\n\0\n\0"],
)
def test_a_damaged_state_is_stale(tree: Path, data: bytes) -> None:
    state_of(tree).parent.mkdir()
    state_of(tree).write_bytes(data)
    assert not fresh(tree)


def test_an_input_as_new_as_the_reading_of_it_is_not_trusted(tree: Path) -> None:
    """Its time could not tell a change that came right after."""
    read_ns = now_ns()
    for changed_ns, racy in ((read_ns, True), (read_ns - 10_000_000, True), (read_ns - 10**9, False)):
        os.utime(tree / "a file.yaml", ns=(changed_ns, changed_ns))
        assert is_racy(observe([str(tree / "a file.yaml"), str(tree / "src")]), read_ns) is racy


def test_a_name_with_a_line_break_is_not_remembered(tree: Path) -> None:
    remember(str(tree / "build"), "asked", "/where/ninja is", observe([str(tree / "a\nb")]))
    assert not fresh(tree)


def test_a_build_directory_is_known_while_its_build_file_is_the_one_that_we_wrote(tree: Path) -> None:
    assert not is_known(str(tree / "build"))
    remember(str(tree / "build"), None, "/where/ninja is", observe([str(tree / "src")]))
    assert is_known(str(tree / "build"))
    assert not fresh(tree)
    assert not fresh(tree, "")
    (tree / "src/new.c").touch()
    assert is_known(str(tree / "build"))
    (tree / "build/build.ninja").write_text("rule of another")
    assert not is_known(str(tree / "build"))
    remember(str(tree / "build"), "asked", "/where/ninja is", [])
    assert is_known(str(tree / "build"))
    assert fresh(tree)
    (tree / "build/build.ninja").unlink()
    assert not is_known(str(tree / "build"))
    remember(str(tree / "build"), "asked", "/where/ninja is", [])
    assert not is_known(str(tree / "build"))


def test_a_copied_state_is_not_that_of_the_copy(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(tree)
    (tree / "other/build").mkdir(parents=True)
    Path(state_path(str(tree / "other/build"))).write_bytes(state_of(tree).read_bytes())
    assert fresh_ninja(str(tree / "other/build"), "asked") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_state_in_a_cache_that_others_can_write_to_is_none(tree: Path) -> None:
    store(tree)
    (tree / "cache").chmod(0o777)
    assert not fresh(tree)
    assert not is_known(str(tree / "build"))


def test_a_state_with_any_other_byte_is_none(tree: Path) -> None:
    store(tree)
    good = state_of(tree).read_bytes()
    for place in range(len(good)):
        state_of(tree).write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        assert not fresh(tree)
        assert not is_known(str(tree / "build"))


def test_forgetting_twice_does_no_harm(tree: Path) -> None:
    forget(str(tree / "build"))
    forget(str(tree / "build"))
    assert not state_of(tree).exists()


def test_a_signature_tells_files_directories_and_nothing_apart(tree: Path) -> None:
    assert signature(str(tree / "nothing")) == "-"
    assert signature(str(tree / "a file.yaml")) == f"3:{OLD_NS}"
    empty = signature(str(tree / "src"))
    assert empty.startswith("names:")
    (tree / "src" / "a.c").touch()
    assert signature(str(tree / "src")) not in (empty, f"0:{OLD_NS}")
    assert signature(str(tree / "a file.yaml" / "below")) == "-"


def test_a_link_that_leads_elsewhere_is_a_change_though_there_it_is_all_the_same(tree: Path) -> None:
    (tree / "src/a.h").write_text("")
    shutil.copytree(tree / "src", tree / "other")
    link = tree / "headers"
    link.symlink_to(tree / "src")
    before = signature(str(link))
    assert before == signature(str(link))
    link.unlink()
    link.symlink_to(tree / "other")
    assert signature(str(link)) != before
    assert signature(str(tree / "src")) == signature(str(tree / "other"))
    link.unlink()
    link.symlink_to(tree / "nothing with blanks")
    assert " " not in signature(str(link))
    assert not is_racy(observe([str(link)]), now_ns())
