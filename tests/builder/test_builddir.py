"""The build directory: what lies in it and what it says does not lead out of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wasmbuild.builder.builddir import distrust, keep_only, refuse_link, remove_inside, remove_links
from wasmbuild.diagnostics import WasmbuildError


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "build/lib").mkdir(parents=True)
    (tmp_path / "build/obj").mkdir()
    (tmp_path / "build/lib/a.so").write_text("a")
    (tmp_path / "away").mkdir()
    (tmp_path / "away/file").write_text("mine")
    (tmp_path / "build/linked").symlink_to(tmp_path / "away")
    return tmp_path / "build"


@pytest.mark.parametrize(
    "place",
    ["../away/file", "lib/../../away/file", "{root}/away/file", "linked/file", "", ".", "lib", "a\0b", "lib/a.so/b"],
)
def test_only_files_inside_are_removed(build: Path, place: str) -> None:
    remove_inside(build, place.replace("{root}", str(build.parent)))
    assert (build.parent / "away/file").read_text() == "mine"
    assert (build / "lib/a.so").exists()


@pytest.mark.parametrize("text", ["[", "{}", "1", "null", '[1, null, ["lib/a.so"]]', "[" * 100_000, "\xff"])
def test_a_record_that_is_none_removes_nothing(build: Path, text: str) -> None:
    (build / "obj/r.json").write_bytes(text.encode("latin-1"))
    keep_only(build, "obj/r.json", {"lib/b.so"})
    assert (build / "lib/a.so").exists()
    assert json.loads((build / "obj/r.json").read_text()) == ["lib/b.so"]


def test_what_is_not_wanted_any_more_goes(build: Path) -> None:
    for name in ("b", "c"):
        (build / f"lib/{name}.so").write_text("")
    keep_only(build, "obj/r.json", {"lib/a.so", "lib/b.so", "lib/c.so"})
    keep_only(build, "obj/r.json", {"lib/a.so"}, spared={"lib/c.so"})
    assert sorted(path.name for path in (build / "lib").iterdir()) == ["a.so", "c.so"]


def test_links_are_removed_and_not_what_they_lead_to(build: Path) -> None:
    (build / "lib/to-file").symlink_to(build.parent / "away/file")
    (build / "lib/to-nothing").symlink_to("nothing")
    remove_links(build)
    assert not any(path.is_symlink() for path in build.rglob("*"))
    assert (build.parent / "away/file").read_text() == "mine"


def test_links_of_a_spared_directory_stay_unless_it_is_one_itself(build: Path) -> None:
    (build / "toolchain/headers").mkdir(parents=True)
    (build / "toolchain/headers/z").symlink_to(build.parent / "away")
    (build / "lib/toolchain").symlink_to(build.parent / "away")
    remove_links(build, spared=f"{build}/toolchain")
    assert [path.name for path in build.rglob("*") if path.is_symlink()] == ["z"]
    (build / "toolchain").rename(build / "moved")
    (build / "toolchain").symlink_to(build / "moved")
    remove_links(build, spared=f"{build}/toolchain")
    assert not any(path.is_symlink() for path in build.rglob("*"))


def test_a_build_directory_is_no_link(build: Path) -> None:
    refuse_link(build)
    with pytest.raises(WasmbuildError) as caught:
        refuse_link(build / "linked")
    assert caught.value.diagnostics[0].code == "build-is-link"


def test_of_a_strange_directory_the_logs_of_ninja_are_forgotten(build: Path) -> None:
    (build / ".ninja_log").write_text("# ninja log v6\n")
    distrust(build)
    distrust(build)
    assert not (build / ".ninja_log").exists()
