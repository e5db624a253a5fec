"""How C declares a symbol: a tolerant search of the text, for messages. Nothing depends on what it finds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from wasmbuild.wasm.demangle import demangle

_MOST_FILES = 400
"""Headers that are read for one side: a bound, for sources that include half the world."""

_LONGEST = 2000
"""Characters of a declaration: a bound, for text in which none ends."""

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*", re.MULTILINE)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
_WORDS = re.compile(r"[\w\s*&:,()\[\]<>\"]+")
_STATEMENTS = frozenset({"return", "if", "while", "for", "switch", "else", "do", "case", "goto", "sizeof", "define"})


class Declaration(Struct, frozen=True):
    """`text` is one line, without comments and without a body."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.text}  {self.path}:{self.line}"


def find_declarations(name: str, text: str, path: str) -> Iterator[Declaration]:
    """Every declaration or definition of a function or a variable in C, as far as that can be seen without parsing."""
    if name not in text:
        return
    text = _DIRECTIVE.sub(_blank, _COMMENT.sub(_blank, text))
    # A macro may stand before the parameters, as in `int f OF((int));`.
    line, counted = 1, 0
    for found in re.finditer(rf"\b{re.escape(name)}\s*(?=[(;\[=]|[A-Z_]\w*\s*\(\()", text):
        first = max(found.start() - _LONGEST, 0)
        start = max(text.rfind(mark, first, found.start()) for mark in ";{}") + 1
        if first and not start:
            continue
        before = text[start : found.start()]
        if not before.strip() or not _WORDS.fullmatch(before) or before.count("(") != before.count(")"):
            continue
        if _STATEMENTS & set(re.findall(r"\w+", before)) or before.rstrip()[-1] in ",(":
            continue
        end = re.compile(r"[;{=]").search(text, found.end(), found.end() + _LONGEST)
        whole = " ".join(text[start : end.start() if end else found.end() + _LONGEST].split())
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        yield Declaration(path, line, f"{whole};")


def _blank(match: re.Match[str]) -> str:
    """As many lines as before, so that line numbers stay true."""
    return "\n" * match[0].count("\n") + " "


def as_written(symbol: str) -> str:
    """A symbol as C and C++ sources name it: of `_ZN3foo3barEi`, `bar`."""
    return demangle(symbol).partition("(")[0].rpartition("::")[2]


def seen_by(source: Path, directories: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """A source and the headers that it includes, with their text; headers of the compiler are left out."""
    directories = tuple(directories)
    todo, seen = [source], {source}
    while todo and len(seen) <= _MOST_FILES:
        path = todo.pop(0)
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        yield path, text
        for included in _INCLUDE.findall(text):
            places = (directory / included for directory in (path.parent, *directories))
            found = next((place for place in places if place.is_file()), None)
            if found is not None and found not in seen:
                seen.add(found)
                todo.append(found)


def declared_for_source(symbol: str, source: Path, build: Path) -> Declaration | None:
    """The first declaration that a source sees: its own, else that of the headers which it includes."""
    return _first(symbol, seen_by(source, _include_directories(source, build)))


def declared_by_prefix(symbol: str, prefix: Path) -> Declaration | None:
    """The declaration in the headers that lie beside a library: `include/` where it is `lib/`."""
    try:
        headers = sorted((prefix / "include").rglob("*.h*"))[:_MOST_FILES]
        return _first(symbol, ((path, path.read_text(encoding="utf-8", errors="replace")) for path in headers))
    except OSError:  # no directory, whatever wasm-ld said; or none that we may read
        return None


def _first(symbol: str, files: Iterable[tuple[Path, str]]) -> Declaration | None:
    name = as_written(symbol)
    for path, text in files:
        found = next(find_declarations(name, text, path.as_posix()), None)
        if found is not None:
            return found
    return None


def _include_directories(source: Path, build: Path) -> list[Path]:
    """Where the compiler looked, as `compile_commands.json` has it."""
    try:
        commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    for command in commands:
        if Path(command["directory"], command["file"]).resolve() == source.resolve():
            arguments = command.get("arguments", [])
            directories = [argument[2:] for argument in arguments if argument.startswith("-I") and argument != "-I"]
            directories += [after for flag, after in pairwise(arguments) if flag == "-isystem"]
            return [Path(directory) for directory in directories]
    return []
