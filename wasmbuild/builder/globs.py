"""Which files the manifest's patterns mean today, and which directories must be watched for that to change."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from msgspec.structs import replace

from wasmbuild.builder.operands import C_SUFFIXES, CXX_SUFFIXES, READY_MADE, ZIG_SUFFIX
from wasmbuild.builder.uptodate import names_signature, signature
from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError, did_you_mean
from wasmbuild.manifest.check import targets
from wasmbuild.manifest.reader import Document, Where
from wasmbuild.manifest.requirement import own_name, own_names
from wasmbuild.manifest.schema import ExportsFile, Library, Manifest, Program

_HEADERS = (".h", ".hh", ".hpp", ".hxx", ".inc")
UNSPEAKABLE = re.compile("[|\n\r\0\ud800-\udfff]")
"""In a path, what `build.ninja` has no way to write: `|`, line breaks, bytes that are no text."""

_LOST_IN_DEPFILES = re.compile(r"[\t*;<>\\^`]")
"""In a source's name, what ninja does not find again in what clang writes down: it would be compiled each time."""

INSTALLED = "_installed"
"""In a source tree: what upstream's own build has installed (`foreign.py`)."""

WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class TargetFiles:
    """A target with its patterns replaced by files: paths from the project's directory, with `/`."""

    where: Where
    kind: Literal["library", "program", "test"]
    name: str
    target: Library | Program
    sources: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    """(file, its place under `include/`)"""


@dataclass(frozen=True, slots=True)
class Files:
    targets: tuple[TargetFiles, ...]
    observed: tuple[str, ...]
    """Directories, as `uptodate` observes them: while these have the same names in them, the same patterns match the
    same files."""


def expand(document: Document[Manifest], root: Path, build_directory: Path) -> Files:
    """Expand every pattern. Raises WasmbuildError naming each pattern that matches nothing, with its place."""
    walker = _Walker(root, build_directory)
    errors: list[Diagnostic] = []
    found = []
    shared = _test_libraries(document, walker, errors)
    for where, name, target in targets(document.value):
        sources = _matches(document, walker, (*where, "sources"), target.sources, errors)
        if target.exclude:
            dropped = _excluded(document, where, target.exclude, errors)
            sources = [path for path in sources if not any(regex.fullmatch(path) for regex in dropped)]
            if not sources:
                at = document.at(*where, "exclude")
                errors.append(Diagnostic("no-sources", f"`exclude` leaves no source of `{name}`", at))
        errors += _not_sources(document, where, sources)
        if isinstance(target.exports, ExportsFile) and not walker.has(target.exports.file):
            errors.append(_nothing(document, walker, (*where, "exports", "file"), target.exports.file))
        headers = []
        if isinstance(target, Library):
            if target.prebuilt is not None and not walker.has(target.prebuilt):
                errors.append(_nothing(document, walker, (*where, "prebuilt"), target.prebuilt))
            include = (*document.value.defaults.include, *target.include)
            include += (f"{INSTALLED}/include",) if document.value.build else ()
            matched = _matches(document, walker, (*where, "headers"), target.headers, errors)
            headers = [(path, installed_as(path, include)) for path in matched]
        if isinstance(target, Program) and where[0] == "tests":
            target, more = _with_test_libraries(document.value, target, shared)
            sources = list(dict.fromkeys([*sources, *more]))
        kind: Literal["library", "program", "test"] = "library" if where[0] == "libraries" else "program"
        kind = "test" if where[0] == "tests" else kind
        found.append(TargetFiles(where, kind, name, target, tuple(sources), tuple(headers)))
    errors += _clashing_headers(document, found)
    if errors:
        raise WasmbuildError(*errors)
    return Files(tuple(found), tuple(f"{token} {path}" for path, token in sorted(walker.watched.items())))


def match_cxx(patterns: Iterable[str], root: Path, build_directory: Path) -> bool:
    """Whether one of the patterns matches C++: what does not say so is looked up."""
    walker = _Walker(root, build_directory)
    return any(
        pattern.endswith(CXX_SUFFIXES) or any(path.endswith(CXX_SUFFIXES) for path in walker.match(pattern))
        for pattern in patterns
    )


def may_be_cxx(pattern: str) -> bool:
    """Whether it matches C++, or does not say what it matches, as `src/*` and `*.c*` do not."""
    ending = WILD.split(pattern.rpartition("/")[2])[-1]
    return pattern.endswith(CXX_SUFFIXES) or "." not in ending.rstrip("]")


def _test_libraries(document: Document[Manifest], walker: _Walker, errors: list[Diagnostic]) -> dict[str, list[str]]:
    """Name → files."""
    found = {}
    for name, library in document.value.test_libraries.items():
        where: Where = ("test_libraries", name)
        found[name] = _matches(document, walker, (*where, "sources"), library.sources, errors)
        errors += _not_sources(document, where, found[name])
    return found


def _with_test_libraries(
    manifest: Manifest, program: Program, shared: Mapping[str, list[str]]
) -> tuple[Program, list[str]]:
    """A test's program as if all that it takes from test libraries were its own, and the sources of those. They are
    compiled with its flags, once for each program, so that what builds it need not know of them."""
    names = [name for name in own_names(program.requires) if name in shared]
    libraries = [manifest.test_libraries[name] for name in names]
    requires = [entry for entry in program.requires if own_name(entry) not in shared]
    requires += [name for library in libraries for name in library.requires]
    include = [*program.include, *(directory for library in libraries for directory in library.include)]
    merged = replace(program, requires=tuple(dict.fromkeys(requires)), include=tuple(dict.fromkeys(include)))
    return merged, [source for name in names for source in shared[name]]


def _not_sources(document: Document[Manifest], where: Where, sources: list[str]) -> Iterator[Diagnostic]:
    known = (*C_SUFFIXES, *CXX_SUFFIXES, ZIG_SUFFIX, *READY_MADE)
    for path in sources:
        if not path.endswith(known):
            help_ = f"sources end in {', '.join(known)}; leave it out with `exclude`"
            yield Diagnostic("not-a-source", f"not a source: `{path}`", document.at(*where, "sources"), help=(help_,))
        elif not path.endswith(READY_MADE) and PurePosixPath(path).name.startswith("@"):
            headline = f"a source's name that clang takes for a file of more arguments: `{path}`"
            help_ = "rename it, or leave it out with `exclude`"
            yield Diagnostic("bad-name", headline, document.at(*where, "sources"), help=(help_,))
        elif not path.endswith(READY_MADE) and (found := _LOST_IN_DEPFILES.search(path)):
            headline = f"a source's name with {found[0]!r} in it, which ninja cannot keep track of: {path!r}"
            help_ = "rename it, or leave it out with `exclude`"
            yield Diagnostic("bad-name", headline, document.at(*where, "sources"), help=(help_,))


def _excluded(
    document: Document[Manifest], where: Where, patterns: tuple[str, ...], errors: list[Diagnostic]
) -> list[re.Pattern[str]]:
    found = []
    for i, pattern in enumerate(patterns):
        try:
            found.append(_translate(pattern))
        except re.error as error:
            errors.append(_bad_pattern(pattern, error, document.at(*where, "exclude", i)))
    return found


def _bad_pattern(pattern: str, error: re.error, at: Position) -> Diagnostic:
    return Diagnostic("bad-pattern", f"not a pattern: `{pattern}`: {error.msg}", at)


def _clashing_headers(document: Document[Manifest], found: list[TargetFiles]) -> Iterator[Diagnostic]:
    """Two different files that would be installed at one place. One file in two libraries is fine."""
    first: dict[str, tuple[str, TargetFiles]] = {}
    for files in found:
        for header, place in files.headers:
            other, owner = first.setdefault(place, (header, files))
            if other != header:
                yield Diagnostic(
                    "header-clash",
                    f"two headers would be `include/{place}`",
                    document.at(*files.where, "headers"),
                    facts=((f"of `{owner.name}`", other), (f"of `{files.name}`", header)),
                    help=("rename one, or keep them in directories of their own below an `include` directory",),
                )


def installed_as(header: str, include: tuple[str, ...]) -> str:
    """A header's place under `include/`: as its users write it, so from the nearest of the include directories."""
    path = PurePosixPath(header)
    parents = [directory for directory in map(PurePosixPath, include) if path.is_relative_to(directory)]
    parents = [directory for directory in parents if ".." not in path.relative_to(directory).parts]
    nearest = max(parents, key=lambda directory: len(directory.parts), default=path.parent)
    return str(path.relative_to(nearest))


def include_directory(header: str, installed: str) -> str:
    """The directory to give to `-I` so that `installed` finds `header`."""
    directory = PurePosixPath(header)
    for _ in PurePosixPath(installed).parts:
        directory = directory.parent
    return str(directory)


def _matches(
    document: Document[Manifest],
    walker: _Walker,
    where: Where,
    patterns: tuple[str, ...],
    errors: list[Diagnostic],
) -> list[str]:
    """The files of several patterns: in the patterns' order, each pattern's sorted, each file once."""
    found: dict[str, None] = {}
    for i, pattern in enumerate(patterns):
        try:
            matched = walker.match(pattern)
        except re.error as error:
            errors.append(_bad_pattern(pattern, error, document.at(*where, i)))
            continue
        if not matched:
            errors.append(_nothing(document, walker, (*where, i), pattern))
        for path in filter(UNSPEAKABLE.search, matched):
            help_ = f"rename it, or leave it out: `{pattern}` matches it"
            at = document.at(*where, i)
            errors.append(Diagnostic("bad-name", f"a name that ninja cannot hold: {path!r}", at, help=(help_,)))
        found.update(dict.fromkeys(matched))
    return list(found)


def _nothing(document: Document[Manifest], walker: _Walker, where: Where, pattern: str) -> Diagnostic:
    at = document.at(*where)
    if WILD.search(pattern):
        base = str(_base(pattern))
        searched = str(walker.root / base)
        return Diagnostic("no-match", f"no file matches `{pattern}`", at, facts=(("searched", searched),))
    if (walker.root / pattern).is_dir():
        directory = PurePosixPath(pattern)
        ends = _ends_in(walker.root / directory, (*C_SUFFIXES, *CXX_SUFFIXES) if "headers" not in where else _HEADERS)
        offered = " or ".join(f"`{directory / each}`" for each in ends)
        headline = f"a directory, where files are wanted: `{pattern}`"
        return Diagnostic("is-a-directory", headline, at, help=(f"write a pattern of its files: {offered}",))
    parent = walker.root / PurePosixPath(pattern).parent
    names = [path.name for path in parent.iterdir() if path.is_file()] if parent.is_dir() else []
    near = did_you_mean(PurePosixPath(pattern).name, names)
    help_ = (f"did you mean `{PurePosixPath(pattern).with_name(near)}`?",) if near else ()
    return Diagnostic("no-such-file", f"no such file: `{pattern}`", at, facts=(("in", str(walker.root)),), help=help_)


def _ends_in(directory: Path, suffixes: tuple[str, ...]) -> list[str]:
    """Patterns for the files of a directory that end so; one for the first suffix if there are none."""
    names = [path.name for path in directory.iterdir()]
    found = [f"*{suffix}" for suffix in suffixes if any(name.endswith(suffix) for name in names)]
    below = [f"**/*{suffix}" for suffix in suffixes if next(directory.rglob(f"*{suffix}"), None) is not None]
    return found or below or [f"*{suffixes[0]}"]


class _Walker:
    """Matches patterns below one directory and notes the directories that it read."""

    def __init__(self, root: Path, build_directory: Path) -> None:
        self.root = root
        self.build_directory = build_directory.resolve()
        self.watched: dict[str, str] = {}

    def match(self, pattern: str) -> list[str]:
        if not WILD.search(pattern):
            return [str(PurePosixPath(pattern))] if self.has(pattern) else []
        regex, base = _translate(pattern), _base(pattern)
        # As in a shell, `*.c` does not mean `.#a.c`, which editors leave beside `a.c`; `.*.c` does.
        hidden = PurePosixPath(pattern).name.startswith(".")
        found = []
        for directory, names, files in os.walk(self.root / base):
            here = PurePosixPath(Path(os.path.relpath(directory, self.root)).as_posix())
            self.watched[str(here)] = names_signature([*names, *files])
            names[:] = [name for name in names if not self._skipped(Path(directory) / name)]
            if "**" not in pattern and len(here.parts) >= len(PurePosixPath(pattern).parts) - 1:
                names.clear()
            shown = [name for name in files if hidden or not name.startswith(".")]
            found += [path for name in shown if regex.fullmatch(path := str(here / name))]
        # Links that lead nowhere are listed too, and so are pipes, which nobody could read to their end.
        return sorted(path for path in found if (self.root / path).is_file())

    def has(self, path: str) -> bool:
        # Deleting or adding the file changes the directory, so it is watched as well.
        parent = str(PurePosixPath(path).parent)
        self.watched[parent] = signature(str(self.root / parent))
        return (self.root / path).is_file()

    def _skipped(self, directory: Path) -> bool:
        return directory.name.startswith(".") or directory.resolve() == self.build_directory


def _base(pattern: str) -> PurePosixPath:
    """The directory above the first wild part."""
    parts: list[str] = []
    for part in PurePosixPath(pattern).parts[:-1]:
        if WILD.search(part):
            break
        parts.append(part)
    return PurePosixPath(*parts)


def _translate(pattern: str) -> re.Pattern[str]:
    """`*` and `?` stay within a name, `**` is any number of directories, `[…]` a set of characters."""
    text, i = "", 0
    pattern = str(PurePosixPath(pattern))
    while i < len(pattern):
        if pattern.startswith("**/", i):
            text, i = text + "(?:[^/]+/)*", i + 3
        elif pattern.startswith("**", i):
            text, i = text + ".*", i + 2
        elif pattern[i] == "*":
            text, i = text + "[^/]*", i + 1
        elif pattern[i] == "?":
            text, i = text + "[^/]", i + 1
        elif pattern[i] == "[" and (end := pattern.find("]", i + (3 if pattern.startswith("[!", i) else 2))) > 0:
            inner = re.sub(r"([\\^\[&~|])", r"\\\1", pattern[i + 1 : end])
            text, i = text + f"(?!/)[{'^' + inner[1:] if inner[0] == '!' else inner}]", end + 1
        else:
            text, i = text + re.escape(pattern[i]), i + 1
    return re.compile(text)
