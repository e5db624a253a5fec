"""What is not YAML, in plain words and with what to write instead; and values as YAML has them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable
from typing import Any

from wasmbuild.diagnostics import Diagnostic, Position

_PLAIN = re.compile(r"[\w./+-][^,\[\]{}#:&*!|>'\"%@`]*")

_UNTIL_ITS_END = re.compile(r"[^\s,\]}]*")


def written_list(entries: Iterable[str]) -> str:
    """A list in one line, with quotes where YAML wants them."""
    return f"[{', '.join(entry if _PLAIN.fullmatch(entry) else json.dumps(entry) for entry in entries)}]"


def entries_in(text: str) -> list[str]:
    """The entries that were meant by text where a list is wanted. A requirement (`zlib >=1.3`) is one."""
    if re.search(r"\s[<>=!]", text):
        return [text]
    try:
        return shlex.split(text) if text.startswith("-") else re.split(r"[,\s]+", text.strip())
    except ValueError:
        return [text]


def not_yaml(error: Any, text: str, shown_as: str) -> Diagnostic:
    """`error` is a `yaml.MarkedYAMLError`."""
    mark, start = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
    if mark is None:
        return Diagnostic("not-yaml", f"not valid YAML: {error.problem}", Position(shown_as, 1, 1))
    lines = text.splitlines() or [""]
    said = " ".join(part for part in (error.context, error.problem) if part)
    for known, at in (
        (_tab, mark), (_unquoted, start), (_unclosed, start), (_escape, mark), (_keyless, start), (_colon, mark),
        (_indentation, mark),
    ):  # fmt: skip
        found = known(said, lines[at.line] if at.line < len(lines) else "", at.column)
        if found is not None:
            headline, help_, column = found
            return Diagnostic("not-yaml", headline, Position(shown_as, at.line + 1, column + 1), help=(help_,))
    return Diagnostic("not-yaml", f"not valid YAML: {said}", Position(shown_as, mark.line + 1, mark.column + 1))


_Found = tuple[str, str, int] | None
"""A headline, what to do, and the column, from 0."""


def _tab(said: str, line: str, column: int) -> _Found:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" not in indent and line[column : column + 1] != "\t":
        return None
    place = line.index("\t") if "\t" in indent else column
    return "a tab where YAML has spaces", "indent with spaces", place


def _unquoted(said: str, line: str, column: int) -> _Found:
    """Text that starts with a character to which YAML gives a meaning of its own."""
    if not ("alias" in said or "cannot start any token" in said or "scanning a tag" in said or "an anchor" in said):
        return None
    if line[column : column + 1] not in ("*", "&", "!", "@", "`", "%"):
        return None
    word = _UNTIL_ITS_END.match(line, column)
    assert word is not None
    # A pattern of files that is all there is behind its key was meant as a list of one.
    alone = line[:column].rstrip().endswith(":") and word[0].startswith("*") and ("." in word[0] or "/" in word[0])
    form = '["{}"]' if alone else '"{}"'
    return f"text that starts with `{line[column]}` needs quotes: `{word[0]}`", f"write {form.format(word[0])}", column


def _unclosed(said: str, line: str, column: int) -> _Found:
    if "quoted scalar" in said and ("end of stream" in said or "document indicator" in said):
        return "a quote that is not closed", "close it, or leave both out", column
    if "flow" not in said or line[column : column + 1] not in ("[", "{"):
        return None
    what, end = ("a list", "]") if line[column] == "[" else ("a mapping", "}")
    return f"{what} that is not closed, or a comma that is missing in it", f"close it with `{end}`", column


def _escape(said: str, _line: str, column: int) -> _Found:
    if "unknown escape character" not in said:
        return None
    return "a backslash in double quotes that YAML does not know", "use single quotes: in them it is itself", column


def _keyless(said: str, _line: str, column: int) -> _Found:
    if "simple key" not in said:
        return None
    return "a key without `:` behind it", "write `key: value`, with a space", column


def _colon(said: str, line: str, column: int) -> _Found:
    if "mapping values are not allowed" not in said:
        return None
    if ": " in line[:column]:
        return "a second `:` in one line", "put quotes around text that has `: ` in it", column
    indent = len(line) - len(line.lstrip())
    return "a key that is indented more than those above it", "give it the indentation of its neighbours", indent


def _indentation(said: str, _line: str, column: int) -> _Found:
    if "block mapping" not in said and "block collection" not in said:
        return None
    return (
        "what stands here is neither a key nor in line with those above it",
        "give it the indentation of its neighbours; a key is `key: value`, an entry of a list starts with `- `",
        column,
    )
