"""Files as they are: bytes, hashes, and what tells that one has changed. Every start of a program needs this, so it
imports little."""

from __future__ import annotations

import hashlib
import os
import stat

from wasmbuild.diagnostics import Diagnostic, WasmbuildError

FileState = tuple[int, ...]

LARGEST_BYTES = 1 << 30
"""Of a module: what engines take."""


def read_file(path: str | os.PathLike[str], shown: str | None = None) -> bytes:
    """A file's bytes. Raises WasmbuildError where it cannot be read; its message says `shown` for the path."""
    try:
        # Nobody waits for who writes to a FIFO, and what a device has may be without an end.
        with open(path, "rb", opener=_open_at_once) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                problem = "it is no regular file"
            elif found.st_size > LARGEST_BYTES:
                problem = f"its {found.st_size} bytes are more than the {LARGEST_BYTES} that a module can have"
            else:
                return file.read(found.st_size + 1)  # of one that grows, enough to be no module
    except OSError as error:
        problem = error.strerror or str(error)
    except ValueError:  # NUL in a path
        problem = "no file has this name"
    raise WasmbuildError(Diagnostic("cannot-read", f"cannot read `{shown or shown_path(path)}`: {problem}"))


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_verified(path: str, sha256: str, name: str) -> bytes:
    """The bytes of a module whose link was decided. Raises WasmbuildError where they are others by now."""
    data = read_file(path)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise WasmbuildError(
            Diagnostic(
                "module-changed",
                f"changed since its link was checked: `{name}`",
                facts=(("file", shown_path(path)), ("checked", f"sha256:{sha256}"), ("found", f"sha256:{found}")),
                notes=("its addresses and bindings were decided for the file as it was",),
                help=("load it again when whoever writes it has finished",),
            )
        )
    return data


def file_state(path: str) -> FileState:
    """What tells that another file is there: its mode, which one it is, its size and times. Empty where there is
    none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ()
    return (found.st_mode, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def shown_path(path: str | os.PathLike[str]) -> str:
    """A path as a user wants to read it: from here if it is below, else whole."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive, on Windows
        return str(path)
    return str(path) if relative.startswith("..") else relative.replace(os.sep, "/")
