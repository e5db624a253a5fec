"""Patches: exactly or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.sources.patch import FileChange, apply_patch, plan_patch

FILES = {
    "f.c": b"one\ntwo\nthree\nfour\nfive\n",
    "dos.c": b"one\r\ntwo\r\n",
    "open.c": b"one\ntwo",
    "blank.c": b"one\n\nthree\n",
}


def plan(patch: str | bytes, files: dict[str, bytes] = FILES) -> tuple[FileChange, ...]:
    content = patch.encode() if isinstance(patch, str) else patch
    return plan_patch(content, "p.patch", files.get)


def refusal(patch: str | bytes) -> Diagnostic:
    with pytest.raises(WasmbuildError) as caught:
        plan(patch)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


HEAD = "--- a/f.c\n+++ b/f.c\n"
CHANGES = {
    "replaces a line": (
        HEAD + "@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n",
        b"one\nTWO\nthree\nfour\nfive\n",
    ),
    "two hunks": (
        HEAD + "@@ -1,2 +1,3 @@\n+zero\n one\n two\n@@ -5 +6 @@\n-five\n+FIVE\n",
        b"zero\none\ntwo\nthree\nfour\nFIVE\n",
    ),
    "inserts without context": (HEAD + "@@ -2,0 +3 @@\n+2.5\n", b"one\ntwo\n2.5\nthree\nfour\nfive\n"),
    "text before and a signature after": (
        "From: me\nSubject: x\n\n---\n f.c | 2 +-\n\n" + HEAD + "@@ -5 +5 @@\n-five\n+5\n-- \n2.39\n",
        b"one\ntwo\nthree\nfour\n5\n",
    ),
    "timestamps after the names": (
        "--- f.c\t2020-01-01 00:00:00\n+++ f.c\t2020-01-02 00:00:00\n@@ -5 +5 @@\n-five\n+5\n",
        b"one\ntwo\nthree\nfour\n5\n",
    ),
    "removes the last line's end": (
        HEAD + "@@ -5 +5 @@\n-five\n+five\n\\ No newline at end of file\n",
        b"one\ntwo\nthree\nfour\nfive",
    ),
    "a removed line that looks like a header": (
        HEAD + "@@ -5 +5,2 @@\n-five\n+++ x\n+--- y\n",
        b"one\ntwo\nthree\nfour\n++ x\n--- y\n",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_a_patch_changes(case: str) -> None:
    patch, expected = CHANGES[case]
    assert plan(patch) == (FileChange("f.c", expected),)


def test_line_ends_are_bytes_like_others() -> None:
    patch = b"--- a/dos.c\n+++ b/dos.c\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+2\r\n"
    assert plan(patch) == (FileChange("dos.c", b"one\r\n2\r\n"),)


def test_a_missing_line_end_must_be_stated() -> None:
    stated = "--- a/open.c\n+++ b/open.c\n@@ -2 +2 @@\n-two\n\\ No newline at end of file\n+2\n"
    assert plan(stated) == (FileChange("open.c", b"one\n2\n"),)
    diagnostic = refusal("--- a/open.c\n+++ b/open.c\n@@ -2 +2 @@\n-two\n+2\n")
    assert diagnostic.notes == ("the two lines differ only in how they end",)


def test_an_empty_context_line_may_have_lost_its_space() -> None:
    patch = "--- a/blank.c\n+++ b/blank.c\n@@ -1,3 +1,3 @@\n one\n\n-three\n+3\n"
    assert plan(patch) == (FileChange("blank.c", b"one\n\n3\n"),)


def test_files_are_created_and_deleted() -> None:
    patch = (
        "diff --git a/new.sh b/new.sh\nnew file mode 100755\n"
        "--- /dev/null\n+++ b/new.sh\n@@ -0,0 +1 @@\n+hello\n"
        "diff --git a/dos.c b/dos.c\ndeleted file mode 100644\n"
        "--- a/dos.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\r\n-two\r\n"
    )
    assert plan(patch) == (FileChange("new.sh", b"hello\n", True), FileChange("dos.c", None))


def test_a_file_may_be_patched_twice() -> None:
    patch = HEAD + "@@ -5 +5 @@\n-five\n+5\n" + HEAD + "@@ -5 +5 @@\n-5\n+V\n"
    assert plan(patch) == (FileChange("f.c", b"one\ntwo\nthree\nfour\nV\n"),)


def test_a_line_that_differs_is_shown_with_its_place_in_both_files() -> None:
    diagnostic = refusal(HEAD + "@@ -1,3 +1,3 @@\n one\n-zwei\n+TWO\n three\n")
    assert diagnostic.code == "patch-does-not-apply"
    assert diagnostic.at == Position("p.patch", 5, 1)
    assert diagnostic.facts == (("in file", "f.c:2"), ("expected", "`zwei`"), ("found", "`two`"))


def test_lines_at_another_place_do_not_count_but_are_pointed_at() -> None:
    diagnostic = refusal(HEAD + "@@ -1,2 +1,2 @@\n-three\n+3\n four\n")
    assert diagnostic.notes == (
        "the hunk's lines stand at line 3 instead of 1: the patch was made for another version",
    )


def test_a_line_beyond_the_end_is_told_so() -> None:
    diagnostic = refusal(HEAD + "@@ -5,2 +5,2 @@\n five\n-six\n+6\n")
    assert ("found", "the end of the file") in diagnostic.facts


REFUSED = {
    "no such file": ("--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n", "patch-does-not-apply", 1),
    "creates what exists": ("--- /dev/null\n+++ b/f.c\n@@ -0,0 +1 @@\n+a\n", "patch-does-not-apply", 1),
    "deletes what has more": ("--- a/f.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", "patch-does-not-apply", 1),
    "beyond the end": (HEAD + "@@ -9,0 +10 @@\n+x\n", "patch-does-not-apply", 3),
    "hunks out of order": (
        HEAD + "@@ -5 +5 @@\n-five\n+5\n@@ -1 +1 @@\n-one\n+1\n",
        "patch-does-not-apply",
        6,
    ),
    "hunk too short": (HEAD + "@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n", "patch-malformed", 3),
    "hunk too long": (HEAD + "@@ -1 +1 @@\n-one\n+1\n+2\n", "patch-malformed", 3),
    "hunk with wrong counts": (HEAD + "@@ -1,1 +1,2 @@\n-one\n-two\n+2\n+3\n", "patch-malformed", 3),
    "hunk without file": ("@@ -1 +1 @@\n-one\n+1\n", "patch-malformed", 1),
    "header without hunk": (HEAD, "patch-malformed", 1),
    "nothing": ("hello\n", "patch-malformed", 1),
    "empty": ("", "patch-malformed", 1),
    "line zero": (HEAD + "@@ -0,1 +1 @@\n-one\n+1\n", "patch-malformed", 3),
    "line number without an end": (HEAD + f"@@ -{'9' * 5000} +1 @@\n-one\n+1\n", "patch-malformed", 3),
    "count without an end": (HEAD + f"@@ -1,{'9' * 5000} +1 @@\n-one\n+1\n", "patch-malformed", 3),
    "absolute name": ("--- /f.c\n+++ /f.c\n@@ -1 +1 @@\n-a\n+b\n", "patch-malformed", 1),
    "name that climbs": ("--- a/../f.c\n+++ b/../f.c\n@@ -1 +1 @@\n-a\n+b\n", "patch-malformed", 1),
    "rename": ("diff --git a/f.c b/g.c\nrename from f.c\nrename to g.c\n", "patch-malformed", 2),
    "binary": ("diff --git a/f b/f\nGIT binary patch\nliteral 1\n", "patch-malformed", 2),
    "mode only": ("diff --git a/f.c b/f.c\nold mode 100644\nnew mode 100755\n", "patch-malformed", 1),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_where(case: str) -> None:
    patch, code, line = REFUSED[case]
    diagnostic = refusal(patch)
    assert (diagnostic.code, diagnostic.at) == (code, Position("p.patch", line, 1))


def test_a_patch_is_applied_to_a_tree(tmp_path: Path) -> None:
    (tmp_path / "f.c").write_bytes(FILES["f.c"])
    (tmp_path / "f.c").chmod(0o755)
    (tmp_path / "gone").write_bytes(b"x\n")
    patch = (
        HEAD.encode()
        + b"@@ -5 +5 @@\n-five\n+5\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
        + b"--- /dev/null\n+++ b/sub/dir/new\n@@ -0,0 +1 @@\n+hello\n"
    )
    apply_patch(patch, tmp_path, "p.patch")
    assert (tmp_path / "f.c").read_bytes().endswith(b"four\n5\n")
    assert (tmp_path / "f.c").stat().st_mode & 0o100
    assert (tmp_path / "sub" / "dir" / "new").read_bytes() == b"hello\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.c", "sub"]


def test_a_hard_linked_copy_is_not_changed_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(FILES["f.c"])
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "f.c").hardlink_to(tmp_path / "original")
    apply_patch(HEAD.encode() + b"@@ -5 +5 @@\n-five\n+5\n", tree, "p.patch")
    assert (tmp_path / "original").read_bytes() == FILES["f.c"]
    assert (tree / "f.c").read_bytes() != FILES["f.c"]


def test_nothing_is_changed_where_one_hunk_does_not_fit(tmp_path: Path) -> None:
    (tmp_path / "f.c").write_bytes(FILES["f.c"])
    (tmp_path / "g.c").write_bytes(b"x\n")
    patch = HEAD.encode() + b"@@ -5 +5 @@\n-five\n+5\n--- a/g.c\n+++ b/g.c\n@@ -1 +1 @@\n-y\n+z\n"
    with pytest.raises(WasmbuildError):
        apply_patch(patch, tmp_path, "p.patch")
    assert (tmp_path / "f.c").read_bytes() == FILES["f.c"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.c", "g.c"]


def test_a_patch_does_not_write_through_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "f.c").write_bytes(FILES["f.c"])
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "sub").symlink_to(outside)
    patch = b"--- a/sub/f.c\n+++ b/sub/f.c\n@@ -5 +5 @@\n-five\n+5\n"
    with pytest.raises(WasmbuildError, match="`sub` is a link"):
        apply_patch(patch, tree, "p.patch")
    assert (outside / "f.c").read_bytes() == FILES["f.c"]


def test_numbers_of_five_thousand_digits_are_no_hunk(tmp_path: Path) -> None:
    digits = "9" * 5000
    for head in (f"@@ -{digits} +1 @@", f"@@ -1,{digits} +1,1 @@", f"@@ -1 +{digits},{digits} @@"):
        with pytest.raises(WasmbuildError) as caught:
            apply_patch(f"--- a/x\n+++ b/x\n{head}\n-a\n+b\n".encode(), tmp_path, "p")
        assert caught.value.diagnostics[0].code == "patch-malformed"
