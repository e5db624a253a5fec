"""sha256 of files, streams and directory trees: what makes one source the same as another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK_BYTES = 1 << 18
# Version control's own directories change without the source changing.
_NOT_SOURCE = frozenset({".git", ".hg", ".svn"})


class SizeLimitError(Exception):
    """A stream went on beyond `limit_bytes`."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes


def hash_file(path: Path) -> str:
    """The sha256 of a file's bytes, as 64 lower-case hexadecimal digits."""
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_hashing(
    stream: IO[bytes], file: IO[bytes], limit_bytes: int, progress: Callable[[int], None] | None = None
) -> str:
    """Copy `stream` to `file` and return the sha256 of it. Raises SizeLimitError before writing too much.

    `progress` is called with the number of bytes copied so far.
    """
    import hashlib

    digest = hashlib.sha256()
    copied_bytes = 0
    while chunk := stream.read(CHUNK_BYTES):
        copied_bytes += len(chunk)
        if copied_bytes > limit_bytes:
            raise SizeLimitError(limit_bytes)
        digest.update(chunk)
        file.write(chunk)
        if progress is not None:
            progress(copied_bytes)
    return digest.hexdigest()


def hash_tree(directory: Path) -> str:
    """The sha256 over the names and contents of all files below `directory`, in the order of their names.

    Directories of version control are left out, and so are times, modes and empty directories. A link to a
    file counts as that file; a link to a directory counts as its target's text and is not entered.
    """
    import hashlib

    found: list[tuple[str, str]] = []
    for folder, directories, files in os.walk(directory):
        here = Path(folder)
        directories[:] = [name for name in directories if name not in _NOT_SOURCE]
        for name in directories:
            if (here / name).is_symlink():
                text = os.fsencode((here / name).readlink())
                found.append(((here / name).relative_to(directory).as_posix(), hashlib.sha256(text).hexdigest()))
        for name in files:
            path = here / name
            content = hash_file(path) if path.is_file() else "not a file"
            found.append((path.relative_to(directory).as_posix(), content))
    digest = hashlib.sha256()
    for relative, content in sorted(found):
        digest.update(os.fsencode(relative) + b"\0" + content.encode() + b"\n")
    return digest.hexdigest()
