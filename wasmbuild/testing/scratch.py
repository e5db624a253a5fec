"""The private directory of a test: made, watched and removed, whatever a guest does in it."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DIRECTORY_LIMIT_BYTES = 1 << 30
"""What a test's files may take on the disk in all, and each of them alone. A guest may write some more before somebody
looks."""

ENTRIES_LIMIT = 100_000
"""Files and directories."""


def too_much(directory: Path) -> str | None:
    """What is wrong with how much a guest has written, if anything is. It may be writing still."""
    size_bytes = entries = 0
    try:
        for entry in _entries(directory):
            entries += 1
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            size_bytes += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
            if size_bytes > DIRECTORY_LIMIT_BYTES:
                return f"wrote more than {DIRECTORY_LIMIT_BYTES >> 20} MiB"
            if entries > ENTRIES_LIMIT:
                return f"made more than {ENTRIES_LIMIT} files and directories"
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return "made directories that are nested too deeply to look at"
    return None


def listing(directory: Path, most: int = 20) -> str:
    """The files that there are, for a message."""
    names = []
    try:
        for entry in _entries(directory):
            if not entry.is_dir(follow_symlinks=False):
                names.append(os.path.relpath(entry.path, directory).replace(os.sep, "/"))
            if len(names) > most:
                return f"{', '.join(names[:most])} and more"
    except OSError:
        pass
    return ", ".join(names) or "nothing"


def _entries(directory: Path) -> Iterator[os.DirEntry[str]]:
    """All that is below, breadth-first. Raises OSError where a path is too long; what went meanwhile is left out."""
    todo = deque([os.fspath(directory)])
    while todo:
        try:
            with os.scandir(todo.popleft()) as found:
                here = sorted(found, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        yield from here
        todo += [entry.path for entry in here if entry.is_dir(follow_symlinks=False)]


def remove_tree(scratch: Path) -> None:
    """Remove a directory of ours with all that guests made in it. What cannot be removed stays, without a word.

    They nest directories more deeply than a path can say, and than Python calls itself. So each directory is moved to
    the top before it is emptied: no path has more than two names, and two descriptors do.
    """
    if os.rename not in os.supports_dir_fd:
        shutil.rmtree(scratch, ignore_errors=True)
        return
    try:
        top = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        moved = 0
        todo = _empty(top, top, moved)
        while todo:
            name = todo.pop()
            try:
                os.chmod(name, stat.S_IRWXU, dir_fd=top)
                here = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
            except OSError:
                continue
            try:
                inner = _empty(here, top, moved)
            finally:
                os.close(here)
            moved += len(inner)
            todo += inner
            with suppress(OSError):
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)
    with suppress(OSError):
        scratch.rmdir()


def _empty(here: int, top: int, moved: int) -> list[str]:
    """Remove the files of a directory, and move its directories to the top: their names there."""
    directories = []
    for name in os.listdir(here):
        try:
            if not stat.S_ISDIR(os.stat(name, dir_fd=here, follow_symlinks=False).st_mode):
                os.unlink(name, dir_fd=here)
                continue
            if here == top:
                directories.append(name)
                continue
            place = f"removed-{moved + len(directories)}"
            os.chmod(name, stat.S_IRWXU, dir_fd=here)  # else it cannot be told where it is
            os.rename(name, place, src_dir_fd=here, dst_dir_fd=top)
            directories.append(place)
        except OSError:
            continue
    return directories
