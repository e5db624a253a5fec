"""Paths of a manifest, and whatever else of it reaches a command line or the build file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath

from msgspec import Struct

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.manifest.reader import Document, Where
from wasmbuild.manifest.schema import Defaults, ExportsFile, Library, Manifest, Program, Target, TestLibrary

Place = tuple[Where, Target | Defaults | TestLibrary]

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""Not the tabulator: it may be part of a macro's value."""


def check_paths(document: Document[Manifest], targets: Iterator[Place]) -> Iterator[Diagnostic]:
    """`..` may stand only at the start of a path, so that a path means the same however links lie, and what is put
    into a directory stays in it. A recipe's sources are in its archive and nowhere else."""
    manifest = document.value
    yield from _licenses(document)
    libraries: list[Place] = [(("test_libraries", name), each) for name, each in manifest.test_libraries.items()]
    for where, owner in chain(targets, libraries, [(("defaults",), manifest.defaults)]):
        yield from _controls(document, where, owner)
        for name in getattr(owner, "defines", {}):
            if name.startswith("@"):
                yield Diagnostic("bad-text", f"no name of a macro: `{name}`", document.at(*where, "defines", name))
        for at, path in _paths(where, owner):
            yield from _path(document, at, path, is_recipe=bool(manifest.source))


def _paths(where: Where, owner: Target | Defaults | TestLibrary) -> Iterator[tuple[Where, str]]:
    for field in ("sources", "include", "headers"):
        for i, path in enumerate(getattr(owner, field, ())):
            yield (*where, field, i), path
    if isinstance(owner, Library) and owner.prebuilt is not None:
        yield (*where, "prebuilt"), owner.prebuilt
    if isinstance(owner, Library | Program) and isinstance(owner.exports, ExportsFile):
        yield (*where, "exports", "file"), owner.exports.file


def _licenses(document: Document[Manifest]) -> Iterator[Diagnostic]:
    """They are copied, so they lie below the top, of a project too."""
    for i, path in enumerate(document.value.license_files):
        yield from _path(document, ("license_files", i), path, is_recipe=True)


def _path(document: Document[Manifest], where: Where, path: str, is_recipe: bool) -> Iterator[Diagnostic]:
    parts = PurePosixPath(path).parts
    inner = [i for i, part in enumerate(parts) if part == ".." and i and parts[i - 1] != ".."]
    if inner:
        help_ = ("write the shorter path that it means",)
        yield Diagnostic("bad-path", f"`..` after a name: `{path}`", document.at(*where), help=help_)
    elif is_recipe and parts[:1] in (("..",), ("/",)):
        yield Diagnostic("outside", f"not in the source: `{path}`", document.at(*where))


def _controls(document: Document[Manifest], where: Where, value: object) -> Iterator[Diagnostic]:
    """No text of a target has line breaks: it becomes a part of commands, and of lists with a line for each entry."""
    match value:
        case str() if _CONTROL.search(value):
            yield Diagnostic("bad-text", f"a control character in `{value}`", document.at(*where))
        case Struct():
            for field in value.__struct_fields__:
                yield from _controls(document, (*where, field), getattr(value, field))
        case dict():
            for key, item in value.items():
                yield from chain(_controls(document, (*where, key), key), _controls(document, (*where, key), item))
        case tuple():
            for i, item in enumerate(value):
                yield from _controls(document, (*where, i), item)
