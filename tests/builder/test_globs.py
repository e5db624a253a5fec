"""Patterns: which files they mean, in which order, and that a change of that shows in a watched directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from projects import expanded, not_expanded, write

from wasmbuild.builder.globs import Files, include_directory, installed_as
from wasmbuild.builder.uptodate import signature

TREE = (
    *("a.c", "b.c", "a1.c", "é.c", "src/a.c", "src/b.c", "src/ab.c", "src/x.h", "src/deep/a.c", "src/deep/er/z.c"),
    *("build/obj/gen.c", "src/.hidden/h.c", ".git/g.c", "other/a.c", "src/build/kept.c"),
)


def sources(root: Path, *patterns: str, exclude: tuple[str, ...] = ()) -> list[str]:
    manifest = f"name: x\nlibraries: {{z: {{sources: {list(patterns)}, exclude: {list(exclude)}}}}}"
    return list(expanded(root, manifest).targets[0].sources)


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["src/a.c"], ["src/a.c"]),
        (["./src//a.c"], ["src/a.c"]),
        (["src/*.c"], ["src/a.c", "src/ab.c", "src/b.c"]),
        (["src/?.c"], ["src/a.c", "src/b.c"]),
        (["src/a?.c"], ["src/ab.c"]),
        (["*.c"], ["a.c", "a1.c", "b.c", "é.c"]),
        (["src/[ab].c"], ["src/a.c", "src/b.c"]),
        (["src/[!a].c"], ["src/b.c"]),
        (["src/[b-z].c"], ["src/b.c"]),
        (["a[0-9].c"], ["a1.c"]),
        (["src/**/*.c"], ["src/a.c", "src/ab.c", "src/b.c", "src/build/kept.c", "src/deep/a.c", "src/deep/er/z.c"]),
        (["src/**/a.c"], ["src/a.c", "src/deep/a.c"]),
        (["**/a.c"], ["a.c", "other/a.c", "src/a.c", "src/deep/a.c"]),
        (["src/**/er/*.c"], ["src/deep/er/z.c"]),
        (["src/deep/**"], ["src/deep/a.c", "src/deep/er/z.c"]),
        (["*/a.c"], ["other/a.c", "src/a.c"]),
        (["s*/*/a.c"], ["src/deep/a.c"]),
        (["src/b.c", "src/*.c"], ["src/b.c", "src/a.c", "src/ab.c"]),
        (["other/*.c", "a.c", "src/b.c"], ["other/a.c", "a.c", "src/b.c"]),
        (["src/.hidden/*.c"], ["src/.hidden/h.c"]),
        (["build/obj/gen.c"], ["build/obj/gen.c"]),
    ],
)
def test_patterns_mean_files(tmp_path: Path, patterns: list[str], expected: list[str]) -> None:
    assert sources(write(tmp_path, *TREE), *patterns) == expected


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        (["src/a.c"], ["src/ab.c", "src/b.c", "src/deep/a.c"]),
        (["./src/a.c"], ["src/ab.c", "src/b.c", "src/deep/a.c"]),
        (["src/a*.c"], ["src/b.c", "src/deep/a.c"]),
        (["**/a.c"], ["src/ab.c", "src/b.c"]),
        (["src/deep/**"], ["src/a.c", "src/ab.c", "src/b.c"]),
        (["a.c"], ["src/a.c", "src/ab.c", "src/b.c", "src/deep/a.c"]),
        (["src[!x]a.c"], ["src/a.c", "src/ab.c", "src/b.c", "src/deep/a.c"]),  # a set stays within a name
    ],
)
def test_exclude_takes_some_out_again(tmp_path: Path, exclude: list[str], expected: list[str]) -> None:
    write(tmp_path, *TREE)
    assert sources(tmp_path, "src/*.c", "src/deep/a.c", exclude=tuple(exclude)) == expected


def test_hidden_directories_and_the_build_directory_are_skipped(tmp_path: Path) -> None:
    found = sources(write(tmp_path, *TREE), "**/*.c")
    assert not [path for path in found if path.startswith((".git", "build/")) or ".hidden" in path]
    assert "src/build/kept.c" in found


def test_a_hidden_file_is_not_meant_by_a_wild_card(tmp_path: Path) -> None:
    """Editors and archives leave `.#a.c` and `._a.c` beside `a.c`."""
    write(tmp_path, "a.c", "._a.c")
    (tmp_path / ".#a.c").symlink_to("nobody@nowhere")
    assert sources(tmp_path, "*.c") == ["a.c"]
    assert sources(tmp_path, "._*.c") == ["._a.c"]


@pytest.mark.parametrize("pattern", ["[!].c", "[z-a].c", "[a.c", "[]", "a[", "[[:alpha:].c"])
def test_a_pattern_that_is_none_is_an_error_and_no_crash(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, "b.c")
    (finding,) = not_expanded(tmp_path, f"name: x\nlibraries:\n  z: {{sources: ['{pattern}']}}")
    assert str(finding.at) == "wasmbuild.yaml:3:17"
    assert pattern in finding.headline


@pytest.mark.parametrize(
    ("manifest", "place", "code", "headline", "help_"),
    [
        ("sources: [src/ac.c]", "3:17", "no-such-file", "no such file: `src/ac.c`", ("did you mean `src/a.c`?",)),
        ("sources: [qq/a.c]", "3:17", "no-such-file", "no such file: `qq/a.c`", ()),
        ("sources: [a.c, src/*.cpp]", "3:22", "no-match", "no file matches `src/*.cpp`", ()),
        ("sources: [a.c], headers: [src/y*.h]", "3:33", "no-match", "no file matches `src/y*.h`", ()),
        ("sources: [a.c], exclude: ['*.c']", "3:32", "no-sources", "`exclude` leaves no source of `z`", ()),
    ],
)
def test_what_matches_nothing_is_said_with_its_place(
    tmp_path: Path, manifest: str, place: str, code: str, headline: str, help_: tuple[str, ...]
) -> None:
    (finding,) = not_expanded(write(tmp_path, *TREE), f"name: x\nlibraries:\n  z: {{{manifest}}}")
    assert (finding.code, finding.headline, str(finding.at)) == (code, headline, f"wasmbuild.yaml:{place}")
    assert finding.help == help_


@pytest.mark.parametrize(
    ("manifest", "offered"),
    [
        ("sources: [src]", "`src/*.c` or `src/*.cc`"),
        ("sources: [src/]", "`src/*.c` or `src/*.cc`"),
        ("sources: [lib]", "`lib/**/*.cpp`"),
        ("sources: [empty]", "`empty/*.c`"),
        ("sources: [.]", "`*.c`"),
        ("sources: [src/a.c], headers: [src]", "`src/*.h`"),
        ("sources: [src/a.c], headers: [lib]", "`lib/**/*.hpp`"),
    ],
)
def test_of_a_directory_a_pattern_of_its_files_is_offered(tmp_path: Path, manifest: str, offered: str) -> None:
    write(tmp_path, "src/a.c", "src/b.cc", "src/b.h", "lib/x/y.cpp", "lib/x/y.hpp", "empty/README", "a.c")
    (finding,) = not_expanded(tmp_path, f"name: x\nlibraries:\n  z: {{{manifest}}}")
    assert (finding.code, finding.headline.partition(":")[0]) == (
        "is-a-directory",
        "a directory, where files are wanted",
    )
    assert finding.help == (f"write a pattern of its files: {offered}",)


def test_all_patterns_that_match_nothing_are_said_at_once(tmp_path: Path) -> None:
    findings = not_expanded(
        write(tmp_path, "a.c"),
        "name: x\nlibraries: {z: {sources: [b.c, x*.c], headers: ['*.h']}}\nprograms: {p: {sources: [q.c]}}",
    )
    assert [finding.code for finding in findings] == ["no-such-file", "no-match", "no-match", "no-such-file"]


def changed(root: Path, files: Files) -> list[str]:
    """The directories that are not as they were when the patterns were expanded."""
    states = [line.partition(" ")[::2] for line in files.observed]
    return [path for state, path in states if signature(str(root / path)) != state]


@pytest.mark.parametrize(
    ("pattern", "added"),
    [
        ("*.c", "new.c"),
        ("src/*.c", "src/new.c"),
        ("src/**/*.c", "src/deep/er/new.c"),
        ("src/**/*.c", "src/empty/new.c"),
        ("src/**/*.c", "src/brand/new/dir/new.c"),
        ("**/new.c", "src/empty/new.c"),
        ("*/new*.c", "src/new.c"),
        ("*/new*.c", "brand/new.c"),
        ("s*/*/new.c", "src/empty/new.c"),
        ("src/[a-z]*/x/new.c", "src/empty/x/new.c"),
    ],
)
def test_a_new_match_changes_the_signature_of_a_watched_directory(tmp_path: Path, pattern: str, added: str) -> None:
    write(tmp_path, *TREE, "seed.c")
    (tmp_path / "src/empty").mkdir()
    manifest = f"name: x\nlibraries: {{z: {{sources: [seed.c, '{pattern}'], headers: [src/x.h]}}}}"
    seeds = {"**/new.c": "new.c", "*/new*.c": "other/new.c", "s*/*/new.c": "src/deep/new.c"}
    seeds["src/[a-z]*/x/new.c"] = "src/deep/x/new.c"
    write(tmp_path, *([seeds[pattern]] if pattern in seeds else []))
    for path in [tmp_path, *tmp_path.rglob("*")]:
        os.utime(path, ns=(10**18, 10**18))
    before = expanded(tmp_path, manifest)
    assert changed(tmp_path, before) == []
    write(tmp_path, added)
    assert expanded(tmp_path, manifest).targets != before.targets
    assert changed(tmp_path, before)


def test_a_lost_file_changes_the_signature_of_a_watched_directory(tmp_path: Path) -> None:
    for path in [*write(tmp_path, *TREE).rglob("*")]:
        os.utime(path, ns=(10**18, 10**18))
    files = expanded(tmp_path, "name: x\nlibraries: {z: {sources: [src/a.c]}}")
    (tmp_path / "src/a.c").unlink()
    assert changed(tmp_path, files) == ["src"]


def test_directories_that_no_pattern_looks_into_are_not_watched(tmp_path: Path) -> None:
    files = expanded(write(tmp_path, *TREE), "name: x\nlibraries: {z: {sources: ['src/*.c', other/a.c]}}")
    assert [line.partition(" ")[2] for line in files.observed] == ["other", "src"]


def test_a_file_outside_of_the_project_can_be_named(tmp_path: Path) -> None:
    write(tmp_path, "out/a.c", "out/b.c", "in/m.c")
    assert sources(tmp_path / "in", "../out/a.c", "../out/*.c") == ["../out/a.c", "../out/b.c"]


@pytest.mark.parametrize(
    ("header", "include", "installed"),
    [
        ("include/img.h", ("include",), "img.h"),
        ("include/img/a.h", ("include",), "img/a.h"),
        ("include/img/a.h", ("include", "include/img"), "a.h"),
        ("src/a.h", ("include",), "a.h"),
        ("src/deep/a.h", (), "a.h"),
        ("src/a.h", (".",), "src/a.h"),
        ("src/a.h", ("./src/",), "a.h"),
        ("a.h", (), "a.h"),
        ("../x/a.h", ("../x",), "a.h"),
    ],
)
def test_a_header_is_installed_as_its_users_write_it(header: str, include: tuple[str, ...], installed: str) -> None:
    assert installed_as(header, include) == installed
    directory = Path(include_directory(header, installed))
    assert directory / installed == Path(header)


def test_each_target_has_its_place_kind_and_name(tmp_path: Path) -> None:
    files = expanded(
        write(tmp_path, *TREE),
        "name: x\nlibraries: {z: {sources: [a.c], headers: [src/x.h]}}\nprograms: {p: {sources: [b.c]}}\n"
        "tests: [{name: n, run: p}, {name: t, program: {sources: [a1.c]}}]",
    )
    assert [(target.where, target.kind, target.name) for target in files.targets] == [
        (("libraries", "z"), "library", "z"),
        (("programs", "p"), "program", "p"),
        (("tests", 1, "program"), "test", "t"),
    ]
    assert files.targets[0].headers == (("src/x.h", "x.h"),)


@pytest.mark.parametrize("name", ["a|b.c", "a\nb.c", os.fsdecode(b"a\xff.c")])
def test_a_name_that_build_ninja_cannot_hold_is_refused_with_the_pattern_that_matched_it(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path, name)
    (finding,) = not_expanded(tmp_path, "name: x\nlibraries:\n  z: {sources: ['a*.c']}")
    assert str(finding.at) == "wasmbuild.yaml:3:17"


def test_a_pattern_of_exclude_that_is_none_is_an_error_and_no_crash(tmp_path: Path) -> None:
    write(tmp_path, "a.c")
    (finding,) = not_expanded(tmp_path, "name: x\nlibraries:\n  z: {sources: [a.c], exclude: ['[z-a].c']}")
    assert str(finding.at) == "wasmbuild.yaml:3:33"
    assert "[z-a].c" in finding.headline


def test_two_libraries_may_have_a_header_in_common_but_not_two_headers_one_place(tmp_path: Path) -> None:
    write(tmp_path, "a.c", "one/h.h", "two/h.h")
    text = "name: x\nlibraries:\n  a: {sources: [a.c], headers: [one/h.h]}\n  b: {sources: [a.c], headers: [one/h.h]}"
    assert [files.headers for files in expanded(tmp_path, text).targets] == [(("one/h.h", "h.h"),)] * 2
    (finding,) = not_expanded(tmp_path, text[:-9] + "two/h.h]}")
    assert "include/h.h" in finding.headline
    assert str(finding.at) == "wasmbuild.yaml:4:32"


@pytest.mark.skipif(os.name == "nt", reason="links and pipes as POSIX has them")
def test_a_wild_card_means_files_and_neither_pipes_nor_links_that_lead_nowhere(tmp_path: Path) -> None:
    write(tmp_path, "a.c")
    (tmp_path / "gone.c").symlink_to("nothing.c")
    (tmp_path / "linked.c").symlink_to("a.c")
    os.mkfifo(tmp_path / "pipe.c")
    assert sources(tmp_path, "*.c") == ["a.c", "linked.c"]
