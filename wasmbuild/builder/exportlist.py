"""Lists of exports as upstream has them: plain names (.sym), GNU version scripts (.map), module definitions (.def).

Pure: text in, names with their places out. What is understood of each format is in docs/manifest.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase

from msgspec import Struct

from wasmbuild.builder import cxxpatterns
from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError


class ExportList(Struct, frozen=True):
    """`exported` are patterns, each with its place; `local` are names, and `local_patterns` wildcards, that no wildcard
    among them means. `*` alone is not one of those: it is for what nothing else is said of."""

    exported: tuple[tuple[str, Position], ...]
    local: frozenset[str] = frozenset()
    local_patterns: tuple[str, ...] = ()
    cxx: frozenset[str] = frozenset()
    """Those of `exported` that stand in `extern "C++"`: they mean names as people write them."""
    local_cxx: tuple[str, ...] = ()
    hides_others: bool = True
    """Whether what it does not name is not exported: in a version script, only where that says so."""

    def matches(self, pattern: str, name: str) -> bool:
        if pattern in self.cxx:
            return cxxpatterns.matches(pattern, name) and not self.is_local(name)
        return name == pattern or (fnmatchcase(name, pattern) and not self.is_local(name))

    def is_local(self, name: str) -> bool:
        return (
            name in self.local
            or any(fnmatchcase(name, pattern) for pattern in self.local_patterns)
            or any(cxxpatterns.matches(pattern, name) for pattern in self.local_cxx)
        )


def parse_export_list(text: str, path: str, format_: str | None = None) -> ExportList:
    """The suffix of `path` says the format, if nobody does. Raises WasmbuildError with the file and the line."""
    return FORMATS[format_ or path[path.rindex(".") :]](text, path)


def _names(text: str, path: str) -> ExportList:
    """A name a line; `#` starts a comment."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if len(words) > 1:
            raise _error(path, number, line.index(words[1]) + 1, f"more than one name in a line: `{line.strip()}`")
        found += [(word, Position(path, number, line.index(word) + 1)) for word in words]
    return ExportList(tuple(found))


_SCRIPT = re.compile(
    r'(?P<blank>\s+|/\*.*?\*/|#[^\n]*)|(?P<quoted>"[^"\n]*")|(?P<word>(?:[^\s{}:;"#]|::)+)|(?P<mark>[{}:;])', re.S
)


def _version_script(text: str, path: str) -> ExportList:
    """`NAME { global: patterns; local: patterns; } PARENT;`, any number of them. What a version is does not matter.
    Patterns may stand in `extern "C++" { … };` (LD, "VERSION Command")."""
    exported: list[tuple[str, Position]] = []
    local: list[str] = []
    cxx, local_cxx = set[str](), list[str]()
    inside, is_global, language, words = False, True, "", list[tuple[str, Position]]()

    def name(word: str, at: Position) -> None:
        if is_global:
            exported.append((word, at))
            cxx.update({word} if language == "C++" else ())
        else:
            (local_cxx if language == "C++" else local).append(word)

    for token, at in _tokens(text, path):
        spoken = [word for word, _ in words]
        match token:
            case "{" if not inside:
                inside, is_global, words = True, True, []
            case "{" if not language and spoken in (["extern", "C"], ["extern", "C++"]):
                language, words = spoken[1], []
            case "}" if language:
                for each in words:  # the last may stand without a semicolon
                    name(*each)
                language, words = "", [("}", at)]
            case "}" if inside and spoken in ([], ["}"]):
                inside, words = False, []
            case ":" if inside and not language and spoken in (["global"], ["local"]):
                is_global, words = spoken == ["global"], []
            case ";" if inside and spoken == ["}"] and not language:
                words = []
            case ";" if inside and len(words) == 1:
                name(*words.pop())
            case ";" if not inside:
                words = []
            case "{" | "}" | ":" | ";":
                raise _unexpected(token, at)
            case _:
                if inside and words and (language or spoken != ["extern"]):
                    raise _unexpected(token, at)
                words.append((token, at))
    if inside:
        raise _error(path, text.count("\n") + 1, 1, "the file ends inside of `{`")
    patterns = {each for each in local if set(each) & set("*?[")}
    return ExportList(
        tuple(exported),
        frozenset(local) - patterns,
        tuple(sorted(patterns - {"*"})),
        frozenset(cxx),
        tuple(each for each in local_cxx if each != "*"),
        "*" in local or "*" in local_cxx,
    )


def _tokens(text: str, path: str) -> Iterator[tuple[str, Position]]:
    offset = 0
    while offset < len(text):
        found = _SCRIPT.match(text, offset)
        line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
        if found is None:
            raise _error(path, line, column, f"unexpected {text[offset]!r}")
        if found.lastgroup != "blank":
            yield found[0].strip('"'), Position(path, line, column)
        offset = found.end()


_STATEMENTS = ("LIBRARY", "NAME", "DESCRIPTION", "HEAPSIZE", "STACKSIZE", "SECTIONS", "SEGMENTS", "STUB", "VERSION")
_EXPORT = re.compile(
    r'"?([^\s="@]+)"?(?:\s*=\s*"?([^\s"@]+)"?)?(?:\s+@\s*\d+)?((?:\s+(?:NONAME|DATA|CONSTANT|PRIVATE))*)$'
)


def _module_definition(text: str, path: str) -> ExportList:
    """What stands under EXPORTS: `NAME @ordinal KEYWORDS`, one a line; `;` starts a comment."""
    found = []
    inside = False
    for number, whole in enumerate(text.splitlines(), 1):
        line = whole.partition(";")[0].strip()
        word, _, rest = line.partition(" ")
        if word.upper() == "EXPORTS":
            inside, line = True, rest.strip()
        elif word.upper() in _STATEMENTS:
            inside = False
        if not inside or not line:
            continue
        column = whole.index(line) + 1
        entry = _EXPORT.match(line)
        if entry is None:
            raise _error(path, number, column, f"not an export: `{line}`")
        if entry[2] not in (None, entry[1]):
            raise _error(path, number, column, f"an export cannot have another name than its symbol: `{line}`")
        found.append((entry[1], Position(path, number, column)))
    return ExportList(tuple(found))


FORMATS: Mapping[str, Callable[[str, str], ExportList]] = {
    ".sym": _names,
    ".map": _version_script,
    ".def": _module_definition,
}


def _unexpected(token: str, at: Position) -> WasmbuildError:
    return WasmbuildError(Diagnostic("export-list", f"unexpected `{token}` in a list of exports", at))


def _error(path: str, line: int, column: int, headline: str) -> WasmbuildError:
    return WasmbuildError(Diagnostic("export-list", headline, Position(path, line, column)))
