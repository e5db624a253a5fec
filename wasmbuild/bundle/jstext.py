"""JavaScript as text: its comments, and what it imports. Enough of the language for files that are well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["code", "string", "template", "regexp", "comment"]

_NEXT = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`|[/{}]""", re.DOTALL)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(`|\$\{)", re.DOTALL)
_REGEXP = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BEFORE_REGEXP = re.compile(r"(?:^|[(,=:\[!&|?{;+\-*%<>~^\n]|\b(?:return|typeof|case|in|of|delete|void|await))\s*$")

_IMPORT = re.compile(r'(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)"(\.{1,2}/[^"]+)"')


def pieces(text: str) -> Iterator[tuple[Kind, str]]:
    """The text in pieces: together they are all of it. What stands between the braces of a template is code again."""
    place = start = 0
    braces: list[bool] = []  # of each open brace, whether it is a template's
    before = ""  # the code before this place, as far as it says what a slash means
    while True:
        found = _NEXT.search(text, place)
        if found is None:
            break
        before = (before + text[place : found.start()])[-32:]
        token = found[0]
        kind: Kind = "string"
        end = found.end()
        if token in ("{", "}"):
            if token == "{":
                braces.append(False)
            if token == "{" or not braces or not braces.pop():
                before, place = before + token, end
                continue
            end, opened = _template(text, end)
            braces += [True] if opened else []
            kind = "template"
        elif token == "`":
            end, opened = _template(text, end)
            braces += [True] if opened else []
            kind = "template"
        elif token == "/":
            regexp = _REGEXP.match(text, found.start()) if _BEFORE_REGEXP.search(before) else None
            if regexp is None:
                before, place = before + token, end
                continue
            end, kind = regexp.end(), "regexp"
        elif token.startswith("/"):
            kind = "comment"
        if start < found.start():
            yield "code", text[start : found.start()]
        yield kind, text[found.start() : end]
        if kind == "template":
            before = "(" if braces and braces[-1] else '"'
        elif kind != "comment":
            before = '"'
        place = start = end
    if start < len(text):
        yield "code", text[start:]


def _template(text: str, place: int) -> tuple[int, bool]:
    """Where a template's text ends that goes on at this place, and whether code follows."""
    found = _TEMPLATE.match(text, place)
    if found is None:
        raise ValueError("a template without an end")
    return found.end(), found[1] == "${"


def without_comments(text: str) -> str:
    """The same program, shorter: without comments, indentation and empty lines."""
    kept: list[str] = []
    at_start = True  # of a line, outside of templates
    after_code = False
    for kind, piece in pieces(text):
        if kind == "comment":
            # A comment over several lines ends a line, as a line break does.
            kept += ["\n"] if "\n" in piece and not at_start else []
            at_start = at_start or "\n" in piece
        elif kind == "code":
            piece = re.sub(r"[ \t]*\n\s*", "\n", piece)
            piece = piece.lstrip() if at_start else piece
            if piece.startswith("\n") and after_code:  # a comment stood between
                kept[-1] = kept[-1].rstrip(" \t")
            kept.append(piece)
            at_start = piece.endswith("\n") if piece else at_start
        else:
            kept.append(piece)
            at_start = False
        after_code = kind == "code" or (after_code and kind == "comment")
    return re.sub(r"[ \t]+$", "", "".join(kept).strip()) + "\n"


_SPACES = re.compile(r" *([{}()\[\],;:?=<>!&|*%^~]) *")
_SIGN = re.compile(r"(?<![+\- ]) *([+\-]) *(?![+\- ])")
_LINE_BREAK = re.compile(r"(?<=[{(\[,?:=&|])\n|(?<==>)\n|\n(?=[})\]])")
"""Statements keep their lines: engines show the line of an error, and count by lines."""


def compact(text: str) -> str:
    """The same program without the spaces and line breaks that no engine needs. Of text that has no comments, and a
    semicolon behind each statement."""
    return "".join(_tight(piece) if kind == "code" else piece for kind, piece in pieces(text))


def _tight(code: str) -> str:
    return _LINE_BREAK.sub("", _SIGN.sub(r"\1", _SPACES.sub(r"\1", code)))


def imported(text: str) -> tuple[str, ...]:
    """The files that it names from where it is: statically, when it runs, or to start a worker with."""
    code = "".join(piece for kind, piece in pieces(text) if kind != "comment")
    return tuple(dict.fromkeys(_IMPORT.findall(code)))
