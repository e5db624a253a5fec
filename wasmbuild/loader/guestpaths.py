"""A path as the program writes it, on this machine: only below the directories that the program may see."""

from __future__ import annotations

import posixpath
from pathlib import Path

Directories = tuple[tuple[Path, str], ...]
"""(place on this machine, name in the program), as in `World`."""


def host_path(directories: Directories, name: str) -> Path | None:
    """Where a file of the program's is, or None where it cannot see one: outside of its directories, or behind a link
    that leads out of them."""
    path = posixpath.normpath(posixpath.join("/", name))
    best: tuple[str, Path] | None = None
    for place, guest in directories:
        root = posixpath.normpath(posixpath.join("/", guest))
        inside = path == root or path.startswith(root.rstrip("/") + "/")
        if inside and (best is None or len(root) > len(best[0])):
            best = root, place
    if best is None:
        return None
    root, place = best
    found = (place / path[len(root) :].lstrip("/")).resolve()
    return found if found.is_relative_to(place.resolve()) else None
