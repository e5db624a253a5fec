"""What a running guest may look at, whatever names it: itself, what a library needs, runtime paths, links.

All must lie in a directory that the guest was given, or where the host put libraries. Paths are walked from there, a
directory at a time, without following what leads out: nothing is checked first and opened then, so a guest that changes
links meanwhile gains nothing.
"""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from collections.abc import Iterable
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.search.files import Files, FileState, state_of, verified

Directories = tuple[tuple[Path, str], ...]
"""(place on this machine, name in the program), as in `World`."""

OPENED_LIMIT_BYTES = 64 << 20
"""What the libraries that a guest opens may have in all: each is read, decoded and compiled on the host's account."""

_LINKS_AT_MOST = 40


class Sight(Files):
    """The files that one guest may have opened for it. Messages name them as the guest knows them, or not at all."""

    def __init__(
        self,
        directories: Directories,
        library_path: Iterable[Path],
        libraries: Iterable[str],
        limit_bytes: int | None = None,
    ) -> None:
        """`libraries` are directories in which the host has libraries of the process, the root's first. All real paths
        are found out now: later, the guest may have changed what leads to them."""
        self.directories = tuple((os.path.realpath(place), posixpath.join("/", guest)) for place, guest in directories)
        self.library_path = tuple(map(os.path.realpath, library_path))
        self.libraries = tuple(dict.fromkeys([*map(os.path.realpath, libraries), *self.library_path]))
        places = {place for place, _ in self.directories} | set(self.libraries)
        # Of places inside each other, the outermost: how to come to it, nobody inside can change.
        self.roots = [place for place in places if not any(_inside(place, other) for other in places - {place})]
        self.limit_bytes = min(OPENED_LIMIT_BYTES, OPENED_LIMIT_BYTES if limit_bytes is None else limit_bytes)
        self.left_bytes = self.limit_bytes

    # Names.

    def place(self, name: str) -> str | None:
        """Where on this machine a path of the guest's is, as it is written; None outside of its directories."""
        path, best = posixpath.normpath(posixpath.join("/", name)), None
        for place, guest in self.directories:
            root = posixpath.normpath(guest)
            if _inside(path, root, "/") and (best is None or len(root) > len(best[0])):
                best = root, place
        return os.path.join(best[1], path[len(best[0]) :].lstrip("/")) if best else None

    def visible(self, path: str) -> str | None:
        """The guest's own path for one of this machine; None for what is not in its directories."""
        for place, guest in self.directories:
            if _inside(path, place):
                return posixpath.normpath(posixpath.join(guest, os.path.relpath(path, place).replace(os.sep, "/")))
        return None

    def shown(self, path: str) -> str:
        return self.visible(os.path.normpath(path)) or os.path.basename(path)

    def named(self, path: str) -> str:
        """A path for a guest: its own, or nobody's. Programs look for the slash."""
        return self.visible(path) or f"./{os.path.basename(path)}"

    def searched(self, directory: str) -> str | None:
        path = os.path.normpath(directory)
        place = next((place for place in self.libraries if _inside(path, place)), None)
        if place is None:
            return self.visible(path)
        start = place if place == self.libraries[0] else os.path.dirname(place)
        return self.visible(path) or os.path.relpath(path, start).replace(os.sep, "/")

    # Files.

    def state(self, path: str) -> FileState:
        opened = self._open(path)
        if opened is None:
            return ()
        try:
            return state_of(os.fstat(opened[0]))
        finally:
            os.close(opened[0])

    def real(self, path: str) -> str:
        opened = self._open(path)
        if opened is None:
            return os.path.normpath(path)
        os.close(opened[0])
        return opened[1]

    def read(self, path: str, shown: str) -> bytes:
        data = self._read(path, shown, self.left_bytes)
        self.left_bytes -= len(data)
        if self.visible(os.path.normpath(path)) is None and data[:4] != b"\0asm":
            # Its own files the guest can read; of others, a message must not say what is in them.
            raise WasmbuildError(Diagnostic("malformed-module", f"not a WebAssembly module: `{shown}`"))
        return data

    def read_verified(self, path: str, sha256: str, name: str) -> bytes:
        """The bytes of a library that was opened before. Raises WasmbuildError where they are others by now."""
        shown = self.shown(path)
        return verified(self._read(path, shown, self.limit_bytes), shown, sha256, name)

    def _read(self, path: str, shown: str, most_bytes: int) -> bytes:
        opened = self._open(path)
        if opened is None:
            raise WasmbuildError(Diagnostic("cannot-read", f"cannot read `{shown}`: no such file"))
        with open(opened[0], "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise WasmbuildError(Diagnostic("cannot-read", f"cannot read `{shown}`: not a file"))
            # It may be longer than it says: whoever writes it goes on.
            data = file.read(min(status.st_size, most_bytes) + 1)
        if len(data) > most_bytes:
            facts = (("it has", f"{max(status.st_size, len(data))} bytes"), ("left", f"{most_bytes} bytes"))
            raise WasmbuildError(
                Diagnostic("library-too-large", f"too large for this process to open: `{shown}`", facts=facts)
            )
        return data

    def _open(self, path: str) -> tuple[int, str] | None:
        """A descriptor, and the path without links; None for what is not there or may not be looked at."""
        path = os.path.normpath(path)
        root = next((place for place in self.roots if _inside(path, place)), None)
        if root is None:
            return None
        try:
            return open_beneath(root, os.path.relpath(path, root))
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
                problem = f"cannot look for libraries: {os.strerror(error.errno).lower()}"
                raise WasmbuildError(Diagnostic("cannot-read", problem)) from None
            return None


def open_beneath(root: str, path: str) -> tuple[int, str] | None:
    """Open what is below a directory: a descriptor to read from, and its path without links. None where a link leads
    out, or has no end. Raises OSError and ValueError where it cannot be opened."""
    if os.open not in os.supports_dir_fd:
        real = os.path.realpath(os.path.join(root, path))
        return (os.open(real, os.O_RDONLY), real) if _inside(real, os.path.realpath(root)) else None
    todo, done, links = path.split(os.sep)[::-1], list[str](), 0
    here = _directory(root, done)
    try:
        while todo:
            part = todo.pop()
            if part in ("", "."):
                continue
            target = ".." if part == ".." else _link(part, here)
            if target is None:
                following = _entry(part, here, is_last=not todo)
                done.append(part)
            else:
                links += part != ".."
                if links > _LINKS_AT_MOST or target.startswith("/") or (part == ".." and not done):
                    return None
                if part == "..":
                    done.pop()
                else:
                    todo += target.split("/")[::-1]
                    continue
                following = _directory(root, done)
            os.close(here)
            here = following
        found, here = here, -1
        return found, os.path.join(root, *done)
    finally:
        if here >= 0:
            os.close(here)


_ONLY_THIS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def _entry(name: str, directory: int, is_last: bool) -> int:
    # Without waiting: a pipe has no other end.
    flags = os.O_NONBLOCK | os.O_NOCTTY if is_last else os.O_DIRECTORY
    return os.open(name, os.O_RDONLY | _ONLY_THIS | flags, dir_fd=directory)


def _directory(root: str, names: list[str]) -> int:
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | getattr(os, "O_CLOEXEC", 0))
    for name in names:
        try:
            following = _entry(name, here, is_last=False)
        finally:
            os.close(here)
        here = following
    return here


def _link(name: str, directory: int) -> str | None:
    """Where a link leads; None for what is none."""
    try:
        return os.readlink(name, dir_fd=directory)
    except OSError as error:
        if error.errno == errno.EINVAL:
            return None
        raise


def _inside(path: str, directory: str, separator: str = os.sep) -> bool:
    return path == directory or path.startswith(directory.rstrip(separator) + separator)
