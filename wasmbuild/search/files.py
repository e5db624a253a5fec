"""Files as they are: bytes, hashes, and what tells that one has changed. Every start of a program needs this, so it
imports little."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable

from wasmbuild.diagnostics import Diagnostic, WasmbuildError

FileState = tuple[int, ...]

LARGEST_BYTES = 1 << 30
"""Of a module: what engines take."""


def read_file(path: str | os.PathLike[str], shown: str | None = None, most_bytes: int = LARGEST_BYTES) -> bytes:
    """A file's bytes. Raises WasmbuildError where it cannot be read, or has more; its message says `shown` for the
    path."""
    try:
        # Nobody waits for who writes to a FIFO, and what a device has may be without an end.
        with open(path, "rb", opener=_open_at_once) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                problem = "it is no regular file"
            elif found.st_size > most_bytes:
                problem = f"its {found.st_size} bytes are more than the {most_bytes} that a module can have"
            else:
                return file.read(found.st_size + 1)  # of one that grows, enough to be no module
    except OSError as error:
        problem = error.strerror or str(error)
    except ValueError:  # NUL in a path
        problem = "no file has this name"
    raise WasmbuildError(Diagnostic("cannot-read", f"cannot read `{shown or shown_path(path)}`: {problem}"))


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def verified(data: bytes, path: str, sha256: str, name: str, show: Callable[[str], str] = str) -> bytes:
    """The bytes of a module whose link was decided. Raises WasmbuildError where they are others by now; its message
    says the path as `show` gives it."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise WasmbuildError(
            Diagnostic(
                "module-changed",
                f"changed since its link was checked: `{name}`",
                facts=(("file", show(path)), ("checked", f"sha256:{sha256}"), ("found", f"sha256:{found}")),
                notes=("its addresses and bindings were decided for the file as it was",),
                help=("load it again when whoever writes it has finished",),
            )
        )
    return data


def read_verified(path: str, sha256: str, name: str, most_bytes: int = LARGEST_BYTES) -> bytes:
    """As `verified`, of a file. `most_bytes` is its size, where that is known: it may have grown a lot."""
    return verified(read_file(path, most_bytes=most_bytes), path, sha256, name, shown_path)


def file_state(path: str) -> FileState:
    """What tells that another file is there: its mode, which one it is, its size and times. Empty where there is
    none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ()
    return state_of(found)


def state_of(found: os.stat_result) -> FileState:
    return (found.st_mode, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def shown_path(path: str | os.PathLike[str]) -> str:
    """A path as a user wants to read it: from here if it is below, else whole."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive, on Windows
        return str(path)
    return str(path) if relative.startswith("..") else relative.replace(os.sep, "/")


class Files:
    """The files that a search may look at, and how it names them: all of this machine's. Whatever is opened for a guest
    that runs is looked at through `loader.sight`."""

    def state(self, path: str) -> FileState:
        """As `file_state`; empty also for what may not be looked at."""
        return file_state(path)

    def real(self, path: str) -> str:
        """One path for each file, whatever leads to it."""
        return os.path.realpath(path)

    def read(self, path: str, shown: str) -> bytes:
        """The bytes of a file that is new here. Raises WasmbuildError; its message says `shown`."""
        return read_file(path, shown)

    def shown(self, path: str) -> str:
        return shown_path(path)

    def searched(self, directory: str) -> str | None:
        """How a message names a directory in which nothing was found; None for one that was not looked at."""
        return shown_path(directory)
