"""Licence files: which ones a source has, and that they come along with what is built of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.schema import Manifest

LICENSES = "licenses"
"""The directory of them: in what was built of a recipe, and for all of it in the build directory."""

USUAL = ("LICENSE", "LICENSE.txt", "LICENSE.md", "COPYING", "NOTICE")
"""What most of those are called that a project may get later."""

_NAME = re.compile(r"(un)?licen[cs]es?|copying|copyright|notice", re.IGNORECASE)
_PARTS = re.compile(r"[._-]")
_TEXTS = ("", ".txt", ".md", ".rst", ".html")


def license_files(document: Document[Manifest], root: Path, directories: Iterable[str] = ()) -> tuple[Path, ...]:
    """The licence files of a source tree, from its root: what the manifest lists, else those at its top and at that of
    `directories` that are called so. Raises WasmbuildError where one that is listed is not there."""
    listed = document.value.license_files
    for i, name in enumerate(listed):
        if not _is_inside(root, root / name):
            at = document.at("license_files", i)
            raise WasmbuildError(Diagnostic("no-such-file", f"no such licence file: `{name}`", at))
    return tuple(map(Path, listed)) or tuple(_found(root, ("", *directories)))


def copy_licenses(document: Document[Manifest], root: Path, directories: Iterable[str], destination: Path) -> None:
    for path in license_files(document, root, directories):
        target = destination / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, target)


def _found(root: Path, directories: Iterable[str]) -> Iterator[Path]:
    for directory in directories:
        for path in sorted((root / directory).iterdir()):
            # `LICENSE-APACHE` and `COPYING.LESSER`, but no `license.c`; REUSE has a directory of them.
            is_one = _NAME.fullmatch(_PARTS.split(path.name)[0]) is not None
            if is_one and path.is_dir() and path.name in ("LICENSES", "licenses"):
                yield from (each.relative_to(root) for each in sorted(path.iterdir()) if _is_inside(root, each))
            elif is_one and (path.suffix in _TEXTS or path.suffix.isupper()) and _is_inside(root, path):
                yield path.relative_to(root)


def _is_inside(root: Path, path: Path) -> bool:
    """Whether it is a file, and one of this tree: a link may lead anywhere."""
    return path.is_file() and path.resolve().is_relative_to(root.resolve())
