"""What is in the cache, by folder, and taking it out again. An entry is what stands under its own name in a folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wasmbuild.sources.store import Store, discard

_WITHIN = ("sources/sha256", "sources/git", "sources/apt")
"""Folders of a folder: their entries are counted one by one."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the cache: how many entries it has, and how many bytes these are."""

    name: str
    entries: int
    size_bytes: int


def look(store: Store) -> list[Folder]:
    """What is there; folders without entries are left out."""
    found = []
    for name, folder in _folders(store):
        sizes = [size_of(entry) for entry in _entries(folder)]
        if sizes:
            found.append(Folder(name, len(sizes), sum(sizes)))
    return found


def clean(store: Store, age_s: float) -> list[Folder]:
    """Remove the entries that were not used for so long; returns what was removed. What a build uses at this moment
    goes too if it is as old: that build fails then, and the next one makes it again."""
    found, oldest = [], time.time() - age_s
    for name, folder in _folders(store):
        sizes = []
        for entry in _entries(folder):
            if used_at(entry) <= oldest:
                size_bytes = size_of(entry)
                if discard(entry):
                    sizes.append(size_bytes)
        if sizes:
            found.append(Folder(name, len(sizes), sum(sizes)))
    return found


def _folders(store: Store) -> Iterator[tuple[str, Path]]:
    if not store.root.is_dir():
        return
    for folder in sorted(store.root.iterdir()):
        if folder.is_dir() and not folder.is_symlink():
            yield folder.name, folder


def _entries(folder: Path) -> Iterator[Path]:
    """Locks and what is being written are no entries."""
    for path in sorted(folder.iterdir()):
        if f"{folder.name}/{path.name}" in _WITHIN or folder.name == "from-stores":
            yield from _entries(path)
        elif path.suffix != ".lock" and ".tmp-" not in path.name:
            yield path


def used_at(entry: Path) -> float:
    """When an entry was last made or used."""
    with suppress(OSError):
        return entry.lstat().st_mtime
    return 0.0


def size_of(entry: Path) -> int:
    if entry.is_symlink() or not entry.is_dir():
        with suppress(OSError):
            return entry.lstat().st_size
        return 0
    total = 0
    for folder, _, files in os.walk(entry):
        for name in files:
            with suppress(OSError):
                total += Path(folder, name).lstat().st_size
    return total
