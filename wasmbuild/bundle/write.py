"""A bundle's directory: what we put there, and nothing else, is written and removed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from wasmbuild.builder.builddir import remove_inside
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.diagnostics import Diagnostic, WasmbuildError

RECORD = "bundle.json"
"""What is in a bundle, with hashes; and that it is one."""


def record(to: str, files: Mapping[str, bytes]) -> bytes:
    """The document: which files there are, with sizes in bytes."""
    listed = {
        place: {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for place, data in sorted(files.items())
    }
    return (json.dumps({"wasmbuild_bundle": 1, "to": to, "files": listed}, indent=1) + "\n").encode()


def write_bundle(directory: Path, to: str, files: Mapping[str, bytes]) -> None:
    """Write files that differ, and remove what an older bundle had there. Raises WasmbuildError for a directory that
    has something else in it."""
    before = _files_of(directory)
    document = record(to, files)
    directory.mkdir(parents=True, exist_ok=True)
    for place, data in files.items():
        _refuse_way_out(directory, place)
        replace_if_different(directory / place, data)
    for place in before:
        if place not in files:
            remove_inside(directory, place)
            _remove_empty(directory, place)
    replace_if_different(directory / RECORD, document)


def _files_of(directory: Path) -> list[str]:
    """Those of the bundle that is there."""
    try:
        if not os.listdir(directory):
            return []
    except FileNotFoundError:
        return []
    try:
        found = json.loads((directory / RECORD).read_bytes())
        if isinstance(found, dict) and "wasmbuild_bundle" in found:
            return [place for place in found["files"] if isinstance(place, str)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise WasmbuildError(
        Diagnostic(
            "not-a-bundle",
            f"there is something else in `{directory}`",
            notes=("a bundle is written to an empty directory, or in the place of another bundle",),
            help=("name another directory with -o",),
        )
    )


def _refuse_way_out(directory: Path, place: str) -> None:
    """A link in an older bundle's directory may lead anywhere."""
    parent = (directory / place).parent
    if not parent.resolve().is_relative_to(directory.resolve()):
        help_ = (f"remove the link `{parent}`, or name another directory with -o",)
        raise WasmbuildError(Diagnostic("not-a-bundle", f"`{parent}` leads out of the bundle", help=help_))


def _remove_empty(directory: Path, place: str) -> None:
    for parent in [*(directory / place).parents]:
        if parent == directory or not parent.is_relative_to(directory):
            return
        try:
            parent.rmdir()
        except OSError:
            return
