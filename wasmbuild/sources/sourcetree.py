"""What a source tree says of the library in it: which files it is compiled from, by the words of its own build files.

Nothing of the tree is run. All of it is a guess, and a start for who writes the recipe.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath

SOURCES = (".c", ".cc", ".cpp", ".cxx")
_HEADERS = (".h", ".hpp", ".hh")
_MOST_FILES = 20_000
_MOST_MAINS = 20
_MOST_WORDS = 200_000
"""Of all lists together: one that is appended to itself doubles."""
_MOST_BYTES = 1 << 20
"""Of a file that is read: no build file is larger."""

_ELSEWHERE = re.compile(
    r"(\..*|tests?|testing|examples?|docs?|bench(marks?)?|fuzz(ing|ers?)?|contrib|demos?|tools?|programs?|utils?|apps?|bin"
    r"|build.*|cmake|win(32|64|dows)?|msvc.*|mingw.*|python|perl|java|ruby|bindings|swig|third[_-]?party|vendor|m4|man"
    r"|debian|scripts?|packaging|etc|sandbox|mtest|logs|os2|vms|amiga|ports?|po|api_test|samples?)",
    re.IGNORECASE,
)
"""Directories that hold no part of a library."""

_MAIN = re.compile(r"^[ \t]*(?:(?:int|void)\s+)*w?main\s*\((?:[^;{]*$|[^;{}]*\)\s*\{)", re.MULTILINE)


@dataclass(frozen=True)
class SourceTree:
    """The files of a tree, as paths from its root."""

    root: Path
    files: tuple[str, ...]

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.files)

    def read(self, path: str) -> str:
        """A file of the tree; nothing of what is none, whatever a build file calls it."""
        if path not in self.known:
            return ""
        try:
            with (self.root / path).open("rb") as file:
                return file.read(_MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""

    def named(self, *names: str) -> list[str]:
        """Files of a name that are no part of tests and the like."""
        return [path for path in self.files if PurePosixPath(path).name in names and not is_elsewhere(path)]


def read_tree(root: Path) -> SourceTree:
    found = []
    for folder, directories, names in os.walk(root):
        directories[:] = sorted(name for name in directories if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not path.is_symlink() and path.is_file():
                found.append(path.relative_to(root).as_posix())
        if len(found) > _MOST_FILES:
            break
    return SourceTree(root, tuple(found))


def is_elsewhere(path: str) -> bool:
    return any(_ELSEWHERE.fullmatch(part) for part in PurePosixPath(path).parts[:-1])


@dataclass(frozen=True, slots=True)
class Found:
    """`system` is what it is built with upstream; `headers` are those that it installs, as far as that is said."""

    system: str
    sources: tuple[str, ...]
    headers: tuple[str, ...]


def find_library(tree: SourceTree) -> Found:
    """By automake's, CMake's or Meson's own lists; without any, all that is no test, example or tool."""
    for system, read in (("autotools", _automake), ("cmake", _cmake), ("meson", _meson)):
        sources, headers = read(tree)
        sources = [path for path in dict.fromkeys(sources) if path in tree.known and not is_elsewhere(path)]
        sources = [path for path in sources if path.endswith(SOURCES)]
        if system == "meson":  # whose lists are not told apart here
            sources = [path for path in sources if not _is_program(tree.read(path))]
        if sources:
            headers = [path for path in dict.fromkeys(headers) if path in tree.known]
            return Found(system, tuple(sources), tuple(headers))
    everything = [path for path in tree.files if path.endswith(SOURCES) and not is_elsewhere(path)]
    rest = [path for path in everything if not _is_program(tree.read(path))]
    top = {PurePosixPath(path).parts[0] for path in rest if "/" in path}
    for preferred in ("src", "lib", "source"):
        if preferred in top and any(path.startswith(f"{preferred}/") for path in rest):
            rest = [path for path in rest if path.startswith(f"{preferred}/")]
            break
    return Found("make" if tree.named("Makefile", "makefile", "GNUmakefile") else "none", tuple(rest), ())


_BUILDS = (
    ("configure", "autotools"),
    ("CMakeLists.txt", "cmake"),
    ("meson.build", "meson"),
    ("Makefile", "make"),
    ("makefile", "make"),
    ("GNUmakefile", "make"),
)


def find_build(tree: SourceTree) -> str | None:
    """The system by which upstream's own build can be run as it is: `configure.ac` alone would have to be processed."""
    return next((system for name, system in _BUILDS if name in tree.known), None)


def _is_program(text: str) -> bool:
    """Whether it defines `main`; not one that is there for a test only, within a condition."""
    for match in islice(_MAIN.finditer(text), _MOST_MAINS):
        before = text[: match.start()]
        opened, closed = (len(re.findall(rf"^[ \t]*#[ \t]*{word}", before, re.MULTILINE)) for word in ("if", "endif"))
        if opened == closed:
            return True
    return False


def public_headers(tree: SourceTree, found: Found, name: str) -> tuple[str, ...]:
    """What is installed; where nobody says, the header with the library's name, those in `include`, or those beside the
    sources that do not say that they are internal."""
    if found.headers:
        return found.headers
    all_of_them = [path for path in tree.files if path.endswith(_HEADERS) and not is_elsewhere(path)]
    stems = {name, name.removeprefix("lib"), f"lib{name}"}
    if main := [path for path in all_of_them if PurePosixPath(path).stem in stems]:
        return tuple(main)
    if included := [path for path in all_of_them if "include" in PurePosixPath(path).parts[:-1]]:
        return tuple(included)
    beside = {str(PurePosixPath(path).parent) for path in found.sources} | {"."}
    internal = re.compile(r"intern|priv|config|impl|[-_]int\.h|common|util", re.IGNORECASE)
    near = [path for path in all_of_them if str(PurePosixPath(path).parent) in beside]
    return tuple(path for path in near if not internal.search(PurePosixPath(path).name))


def _automake(tree: SourceTree) -> tuple[list[str], list[str]]:
    sources, headers = list[str](), list[str]()
    for path in tree.named("Makefile.am"):
        variables = _make_variables(_with_includes(tree, path))
        directory = PurePosixPath(path).parent
        if any(name.endswith("LTLIBRARIES") and not name.startswith(("check_", "EXTRA_")) for name in variables):
            for name in variables:
                if name.endswith("_la_SOURCES"):
                    sources += _beside(directory, _expanded(variables, name))
        for name in variables:
            if name.endswith("include_HEADERS"):
                headers += _beside(directory, _expanded(variables, name))
    return sources, [path for path in headers if path.endswith(_HEADERS)]


def _with_includes(tree: SourceTree, path: str) -> str:
    def included(match: re.Match[str]) -> str:
        name = match[1].replace("$(srcdir)/", "").replace("$(top_srcdir)/", "/")
        return tree.read(os.path.normpath(PurePosixPath(path).parent / name) if not name.startswith("/") else name[1:])

    return re.sub(r"^include\s+(\S+)\s*$", included, tree.read(path), flags=re.MULTILINE)


def _make_variables(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in re.sub(r"\\\n", " ", text).splitlines():
        match = re.match(r"\s*([A-Za-z_0-9.]+)\s*(\+?=)(.*)", line.partition("#")[0])
        if match is not None:
            found.setdefault(match[1], []).extend(match[3].split())
    return found


def _expanded(variables: Mapping[str, list[str]], name: str) -> list[str]:
    """Each variable once, however often it is named: it may be in itself."""
    found, todo, seen = list[str](), [name], {name}
    while todo:
        for word in variables.get(todo.pop(), ()):
            reference = re.fullmatch(r"\$[({]([A-Za-z_0-9.]+)[)}]", word)
            if reference is None:
                found.append(word)
            elif reference[1] not in seen:
                seen.add(reference[1])
                todo.append(reference[1])
    return found


def _beside(directory: PurePosixPath, names: Iterable[str]) -> list[str]:
    prefixes = ("$(srcdir)/", "$(top_srcdir)/", "${CMAKE_CURRENT_SOURCE_DIR}/", "${PROJECT_SOURCE_DIR}/")
    found = []
    for name in names:
        base = PurePosixPath() if name.startswith((prefixes[1], prefixes[3])) else directory
        for prefix in prefixes:
            name = name.removeprefix(prefix)
        found.append(os.path.normpath(str(base / name)))
    return found


_COMMAND = re.compile(r"^[ \t]*([A-Za-z_]+)[ \t]*\(", re.MULTILINE)
_TOKEN = re.compile(r"\"[^\"]*\"|[()]|[^\s\"()]+")


def cmake_commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """(name, words) of each command, in order; what is conditional counts. Ends where a command has no end."""
    text = re.sub(r"#[^\n\"]*$", "", text, flags=re.MULTILINE)
    at = 0
    while (start := _COMMAND.search(text, at)) is not None:
        words, opened, at = list[str](), 1, start.end()
        while opened and (token := _TOKEN.search(text, at)) is not None:
            at, word = token.end(), token[0]
            opened += (word == "(") - (word == ")")
            words += [word.strip('"')] if word not in "()" else []
        if opened:
            return
        yield start[1].lower(), words


def _cmake(tree: SourceTree) -> tuple[list[str], list[str]]:
    sources, headers = list[str](), list[str]()
    variables: dict[str, list[str]] = {}
    left = _MOST_WORDS
    for path in sorted(tree.named("CMakeLists.txt"), key=lambda path: path.count("/")):
        directory = PurePosixPath(path).parent

        def expanded(words: Iterable[str], directory: PurePosixPath = directory) -> list[str]:
            nonlocal left
            found = list[str]()
            for word in words:
                reference = re.fullmatch(r"\$\{(\w+)\}", word)
                more = variables.get(reference[1], []) if reference else _beside(directory, [word])
                found += more[: max(left, 0)]
                left -= len(more)
            return found

        for command, words in cmake_commands(tree.read(path)):
            if "PUBLIC_HEADER" in words[:-1]:
                at = words.index("PUBLIC_HEADER") + 1
                headers += [each for each in expanded(words[at : at + 1]) if each.endswith(_HEADERS)]
            match command, words:
                case "set", [name, *rest]:
                    variables[name] = expanded(rest)
                case "list", ["APPEND", name, *rest]:
                    variables[name] = variables.get(name, []) + expanded(rest)
                case "add_library" | "target_sources", [_, *rest]:
                    sources += expanded(rest)
                case "install", ["FILES", *rest]:
                    headers += [each for each in expanded(rest) if each.endswith(_HEADERS)]
    return sources, headers


def _meson(tree: SourceTree) -> tuple[list[str], list[str]]:
    sources, headers = list[str](), list[str]()
    for path in tree.named("meson.build"):
        text, directory = tree.read(path), PurePosixPath(path).parent
        if path == "meson.build" or "library(" in text or "files(" in text:
            sources += _beside(directory, re.findall(r"'([^'\s]+\.(?:c|cc|cpp|cxx))'", text))
        for match in re.finditer(r"install_headers\(([^)]{0,9999})\)", text):
            headers += _beside(directory, re.findall(r"'([^'\s]+\.(?:h|hpp|hh))'", match[1]))
    return sources, headers
