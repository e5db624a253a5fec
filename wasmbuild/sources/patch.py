"""Apply unified diffs exactly: every hunk at the line it states, every context line byte for byte.

No fuzz and no offsets: a patch that fits only roughly was made for another version of the source.
`plan_patch` is pure and works on bytes, so line endings stay as they are; `apply_patch` carries a whole
plan out, or nothing of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.printing import printable

_HUNK = re.compile(rb"@@ -(\d{1,18})(?:,(\d{1,18}))? \+(\d{1,18})(?:,(\d{1,18}))? @@")
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_NO_FILE = b"/dev/null"


@dataclass(frozen=True, slots=True)
class FileChange:
    """What becomes of one file: its whole new content, or None where it is deleted; `path` uses `/`.

    `executable` is None where the patch does not say.
    """

    path: str
    content: bytes | None
    executable: bool | None = None


@dataclass(frozen=True, slots=True)
class _Hunk:
    """`start` counts from 0: the old file's index of the first old line, or of the line to insert before."""

    start: int
    old: tuple[bytes, ...]
    new: tuple[bytes, ...]
    line: int
    old_lines_at: tuple[int, ...]


@dataclass(slots=True)
class _FilePatch:
    path: str
    line: int
    creates: bool
    deletes: bool
    executable: bool | None
    hunks: list[_Hunk] = field(default_factory=list)


def plan_patch(patch: bytes, patch_name: str, read: Callable[[str], bytes | None]) -> tuple[FileChange, ...]:
    """The changes that a unified diff asks for, in order of first mention; writes nothing.

    `read` gives the present content of a file of the tree, or None if there is none. Names that start with
    `a/` and `b/` are taken without that prefix. An empty line in a hunk counts as an empty context line,
    which is what some editors leave of one. Raises WasmbuildError `patch-malformed` or
    `patch-does-not-apply`, both at the line of the patch.
    """
    planned: dict[str, FileChange] = {}
    for file_patch in _Parser(patch, patch_name).parse():
        path = file_patch.path
        before = planned[path].content if path in planned else read(path)
        content = _patched(file_patch, before, patch_name)
        executable = file_patch.executable
        if executable is None and path in planned:
            executable = planned[path].executable
        planned[path] = FileChange(path, content, executable)
    return tuple(planned.values())


def apply_patch(patch: bytes, tree: Path, patch_name: str) -> tuple[FileChange, ...]:
    """Apply a unified diff to the files below `tree`; returns the changes. Raises as `plan_patch` does."""
    changes = plan_patch(patch, patch_name, lambda path: _read(tree, path, patch_name))
    _write(changes, tree)
    return changes


class _Parser:
    def __init__(self, patch: bytes, patch_name: str) -> None:
        self.lines: list[bytes] = _LINE.findall(patch)
        self.name = patch_name
        self.next = 0

    def parse(self) -> list[_FilePatch]:
        files: list[_FilePatch] = []
        git_line: int | None = None  # of a `diff --git` whose hunks have not come yet
        executable: bool | None = None
        while self.next < len(self.lines):
            line = self.lines[self.next].rstrip(b"\r\n")
            following = self.lines[self.next + 1] if self.next + 1 < len(self.lines) else b""
            if line.startswith(b"diff --git "):
                self._require_hunks(git_line)
                git_line, executable = self.next, None
            elif git_line is not None and line.startswith((b"rename from ", b"copy from ")):
                self._malformed(self.next, "renames and copies are not supported: delete and create the file")
            elif git_line is not None and line.startswith((b"GIT binary patch", b"Binary files ")):
                self._malformed(self.next, "binary patches are not supported")
            elif git_line is not None and line.startswith((b"new file mode ", b"new mode ")):
                executable = line.endswith(b"755")
            elif line.startswith(b"--- ") and following.startswith(b"+++ "):
                files.append(self._file(line, following, executable))
                git_line, executable = None, None
                continue
            elif line.startswith(b"@@ -"):
                self._malformed(self.next, "a hunk without a file: no `---` and `+++` lines stand before it")
            self.next += 1
        self._require_hunks(git_line)
        if not files:
            self._malformed(0, "it holds no changes in unified diff format")
        return files

    def _require_hunks(self, git_line: int | None) -> None:
        if git_line is not None:
            self._malformed(git_line, "it changes no lines of this file (only its mode, or it creates it empty)")

    def _file(self, old_line: bytes, new_line: bytes, executable: bool | None) -> _FilePatch:
        old = old_line[4:].split(b"\t")[0]
        new = new_line[4:].rstrip(b"\r\n").split(b"\t")[0]
        prefixed = old in (_NO_FILE,) or old.startswith(b"a/")
        prefixed = prefixed and (new == _NO_FILE or new.startswith(b"b/"))
        named = old if new == _NO_FILE else new
        path = self._path(named[2:] if prefixed else named)
        file = _FilePatch(path, self.next, old == _NO_FILE, new == _NO_FILE, executable)
        self.next += 2
        while self.next < len(self.lines) and self.lines[self.next].startswith(b"@@"):
            file.hunks.append(self._hunk())
        if not file.hunks:
            self._malformed(file.line, "no hunk follows for this file")
        return file

    def _path(self, named: bytes) -> str:
        path = os.fsdecode(named)
        parts = path.split("/")
        if named.startswith(b'"') or "\\" in path or "\0" in path:
            self._malformed(self.next, f"quoted file names are not supported: {path}")
        if not path or path.startswith("/") or re.match("[A-Za-z]:", path) or {"", ".", ".."} & set(parts):
            self._malformed(self.next, f"the file name leads out of the source tree: `{path}`")
        return path

    def _hunk(self) -> _Hunk:
        head = self.next
        found = _HUNK.match(self.lines[head])
        if found is None:
            self._malformed(head, "not a hunk header of the form `@@ -line,count +line,count @@`")
        start = int(found[1])
        old_count, new_count = (1 if count is None else int(count) for count in (found[2], found[4]))
        old: list[bytes] = []
        new: list[bytes] = []
        old_lines_at: list[int] = []
        self.next += 1
        while len(old) < old_count or len(new) < new_count:
            if self.next >= len(self.lines):
                self._malformed(head, "the hunk is shorter than its header says")
            line = self.lines[self.next]
            mark, text = line[:1], line[1:] if line.endswith(b"\n") else line[1:] + b"\n"
            if line in (b"\n", b"\r\n"):
                mark, text = b" ", line
            if mark not in (b" ", b"-", b"+"):
                self._malformed(self.next, "the hunk is shorter than its header says")
            if self.next + 1 < len(self.lines) and self.lines[self.next + 1].startswith(b"\\"):
                text = text[:-1]
            if mark in (b" ", b"-"):
                old.append(text)
                old_lines_at.append(self.next)
            if mark in (b" ", b"+"):
                new.append(text)
            self.next += 1
            if self.next < len(self.lines) and self.lines[self.next].startswith(b"\\"):
                self.next += 1
        if len(old) > old_count or len(new) > new_count:
            self._malformed(head, "the counts in the hunk's header do not fit its lines")
        self._refuse_excess(head)
        if old_count and not start:
            self._malformed(head, "lines count from 1")
        return _Hunk(start - 1 if old_count else start, tuple(old), tuple(new), head, tuple(old_lines_at))

    def _refuse_excess(self, head: int) -> None:
        """A mail's signature (`-- `) may follow a hunk, and the next file; a changed line may not."""
        line = self.lines[self.next] if self.next < len(self.lines) else b""
        if line.startswith((b" ", b"+")) or (line.startswith(b"-") and not line.startswith((b"-- ", b"--- "))):
            self._malformed(head, "the hunk is longer than its header says")

    def _malformed(self, line: int, reason: str) -> NoReturn:
        raise WasmbuildError(
            Diagnostic(
                "patch-malformed",
                f"cannot read the patch: `{self.name}`",
                at=Position(self.name, line + 1, 1),
                facts=(("reason", reason),),
            )
        )


def _patched(file: _FilePatch, before: bytes | None, patch_name: str) -> bytes | None:
    def refuse(line: int, *facts: tuple[str, str], notes: tuple[str, ...] = ()) -> NoReturn:
        raise WasmbuildError(
            Diagnostic(
                "patch-does-not-apply",
                f"patch does not apply to `{file.path}`",
                at=Position(patch_name, line + 1, 1),
                facts=facts,
                notes=notes,
            )
        )

    only_adds = len(file.hunks) == 1 and not file.hunks[0].old and file.hunks[0].start == 0
    if file.creates and before is not None:
        refuse(file.line, ("reason", "the patch creates this file, and the source has it already"))
    if before is None and not (file.creates or only_adds):
        refuse(file.line, ("reason", "the source has no such file"))
    lines: list[bytes] = _LINE.findall(before or b"")
    result: list[bytes] = []
    done = 0
    for hunk in file.hunks:
        if hunk.start < done:
            refuse(hunk.line, ("reason", "the hunk overlaps or precedes the one before it"))
        if hunk.start > len(lines):
            refuse(hunk.line, ("reason", f"the hunk is for line {hunk.start + 1}, the file has {len(lines)}"))
        for index, expected in enumerate(hunk.old):
            at = hunk.start + index
            found = lines[at] if at < len(lines) else b""
            if found != expected:
                refuse(
                    hunk.old_lines_at[index],
                    ("in file", f"{file.path}:{at + 1}"),
                    ("expected", _shown(expected)),
                    ("found", _shown(found) if found else "the end of the file"),
                    notes=_hints(expected, found, hunk, lines),
                )
        result += lines[done : hunk.start]
        result += hunk.new
        done = hunk.start + len(hunk.old)
    result += lines[done:]
    if not file.deletes:
        return b"".join(result)
    if result:
        refuse(file.line, ("reason", "the patch deletes this file, but not all of its lines"))
    return None


def _hints(expected: bytes, found: bytes, hunk: _Hunk, lines: list[bytes]) -> tuple[str, ...]:
    if expected != found and expected.rstrip(b"\r\n") == found.rstrip(b"\r\n"):
        return ("the two lines differ only in how they end",)
    for start in range(len(lines) - len(hunk.old) + 1):
        if tuple(lines[start : start + len(hunk.old)]) == hunk.old:
            return (
                f"the hunk's lines stand at line {start + 1} instead of {hunk.start + 1}: "
                "the patch was made for another version",
            )
    return ()


def _shown(line: bytes) -> str:
    """A line of a file as one printable line; a carriage return, or a missing end, shows."""
    text = line.removesuffix(b"\n").decode("utf-8", "backslashreplace")
    return f"`{printable(text)}`" + ("" if line.endswith(b"\n") else " (without a line end)")


def _read(tree: Path, path: str, patch_name: str) -> bytes | None:
    """The content of a file of the tree. A link on the way is refused: it may lead elsewhere."""
    target = tree
    for part in path.split("/"):
        target = target / part
        if target.is_symlink():
            raise WasmbuildError(
                Diagnostic(
                    "patch-does-not-apply",
                    f"patch does not apply to `{path}`",
                    facts=(
                        ("patch", patch_name),
                        ("reason", f"`{target.relative_to(tree).as_posix()}` is a link"),
                    ),
                )
            )
    return target.read_bytes() if target.is_file() else None


def _write(changes: tuple[FileChange, ...], tree: Path) -> None:
    """Carry a plan out: all new contents are on the disk before the first file is replaced."""
    written: list[tuple[Path, Path]] = []
    try:
        for change in changes:
            if change.content is None:
                continue
            target = tree.joinpath(*change.path.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = target.with_name(f".tmp-{os.urandom(8).hex()}")
            written.append((aside, target))
            aside.write_bytes(change.content)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
            if change.executable is not None:
                mode = 0o755 if change.executable else 0o644
            aside.chmod(mode)
    except OSError:
        for aside, _ in written:
            aside.unlink(missing_ok=True)
        raise
    for aside, target in written:
        aside.replace(target)
    for change in changes:
        if change.content is None:
            # A file that the patch both creates and deletes was never there.
            tree.joinpath(*change.path.split("/")).unlink(missing_ok=True)
