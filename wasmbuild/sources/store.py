"""The user's cache. Everything enters it the same way: written aside, then renamed into place.

    with building(store.entry("libraries", key)) as directory:    a directory entry
    with writing(store.entry("compiled", key)) as file:           a file entry

Invariant: what stands under its final name is whole. Any process may be killed at any moment and any number
may build the same entry at once: a reader sees all of it or nothing, and the first directory published wins.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.sources.cacheroot import cache_path, who_else

STALE_AFTER_S = 24 * 60 * 60
UNUSED_AFTER_S = 30 * STALE_AFTER_S
_TIDIED_FILE = ".tidied"
_BOUNDS = {"compiled": (4096, 2 << 30), "plans": (4096, 1 << 28)}
"""Folders of files that are made again in a moment: how many they hold at most, and how many bytes. Guests can fill
them, with modules that they write and open."""
_TEMPORARY = re.compile(r"\.tmp-(\d+)-[0-9a-f]{16}")
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_SAID_FULL = re.compile("NoSpaceLeft|No space left|DiskQuota|Disk quota|FileTooBig|File too large")
_ROOM_BYTES = 1 << 20
"""With less than that, a tool that failed had no room: it takes away again what it half wrote."""
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST}
_HELP = "set WASMBUILD_CACHE to a directory that you can write to"
_HELP_PRIVATE = "set WASMBUILD_CACHE to a directory that only you can write to"


def cache_root() -> Path:
    """The cache directory, absolute. Need not exist."""
    return Path(cache_path())


class Store(Struct, frozen=True):
    """The layout of a cache directory. Names only: nothing here but `of_user` touches the disk."""

    root: Path

    @classmethod
    def of_user(cls) -> Store:
        """The user's. Raises WasmbuildError `cache-not-private`."""
        root = cache_root()
        claim(root)
        return cls(root)

    def entry(self, *parts: str) -> Path:
        return self.root.joinpath(*parts)

    def blob(self, sha256: str) -> Path:
        """Where the file whose content has this hash lies, if it is there."""
        return self.entry("sources", "sha256", sha256.lower())


def claim(root: Path) -> None:
    """Make the cache directory, for this user alone, or see that nobody else could have put machine code into it.

    A directory that this user or the administrator owns, and nobody else can write to, will do; also for root, whom
    anybody could otherwise make run what they like. One that cannot be made is no error yet. POSIX only.
    """
    if os.name == "nt":
        return
    try:
        status = root.stat()
    except OSError:
        with suppress(OSError):
            root.parent.mkdir(parents=True, exist_ok=True)
            root.mkdir(mode=0o700)
        return
    said = who_else(status)
    if said is None:
        return
    make_private = f"if nobody else did so yet, `chmod go-w {root}`; else {_HELP_PRIVATE}"
    help_ = f"{_HELP_PRIVATE}, or run it as its owner" if said[0] == "owner" else make_private
    raise WasmbuildError(
        Diagnostic(
            "cache-not-private",
            f"the cache is not this user's alone: `{root}`",
            facts=(said,),
            notes=("it holds machine code, which is run as it is found there",),
            help=(help_,),
        )
    )


@contextmanager
def building(final: Path) -> Iterator[Path]:
    """Build the directory `final` whole: yields a fresh directory beside it, renamed when the block ends.

    If the block raises, the directory is removed. If somebody else published `final` meanwhile, theirs stays
    and ours is removed. Raises WasmbuildError `cache-not-writable` or `disk-full`. Its files are not flushed
    one by one: this withstands killed processes; after a power failure an entry can always be deleted.
    """
    temporary = _fresh_sibling(final)
    with explaining_cache_errors(final):
        try:
            temporary.mkdir()
            yield temporary
            publish_directory(temporary, final)
        finally:
            _remove(temporary)


@contextmanager
def writing(final: Path) -> Iterator[BinaryIO]:
    """Write the file `final` whole: yields a binary file beside it, renamed when the block ends.

    If the block raises, the file is removed and what stood at `final` stays. Raises as `building` does.
    """
    temporary = _fresh_sibling(final)
    with explaining_cache_errors(final):
        try:
            with temporary.open("xb") as file:
                yield file
            publish_file(temporary, final)
            if final.parent.name in _BOUNDS:
                _keep_within(final.parent, *_BOUNDS[final.parent.name])
        finally:
            _remove(temporary)


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """A fresh directory beside `beside`, on its file system, removed at the end. Raises as `building`."""
    temporary = _fresh_sibling(beside)
    with explaining_cache_errors(beside):
        try:
            temporary.mkdir()
            yield temporary
        finally:
            _remove(temporary)


def publish_file(temporary: Path, final: Path) -> None:
    """Flush `temporary` to the disk and rename it to `final` (same file system), replacing what is there."""
    with temporary.open("r+b") as file:
        os.fsync(file.fileno())
    try:
        if final.is_dir() and not final.is_symlink():
            _remove(final)  # somebody else's: an entry of ours is a file
        _rename(temporary, final)
    except PermissionError:
        # Windows refuses to replace a file that is open: somebody reads an entry of this key, as good.
        if not final.is_file():
            raise
        _remove(temporary)


def publish_directory(temporary: Path, final: Path) -> None:
    """Rename a whole directory to `final` (same file system); one that is already there stays, ours goes."""
    try:
        _rename(temporary, final)
    except OSError:
        if not final.is_dir():
            raise
        _remove(temporary)


def discard(final: Path) -> bool:
    """Take a directory entry out of the cache, at once; False where there is none."""
    aside = _fresh_sibling(final)
    try:
        final.replace(aside)
    except FileNotFoundError:
        return False
    _remove(aside)
    return True


def mark_used(entry: Path, age_s: float) -> None:
    """Say that a file entry of this age is in use: `tidy` goes by the time of its file. Once a day will do."""
    if age_s > STALE_AFTER_S:
        with suppress(OSError):
            os.utime(entry)


def mark_directory_used(entry: Path) -> None:
    """The same of a directory entry, whose age nobody has looked up."""
    with suppress(OSError):
        mark_used(entry, time.time() - entry.stat().st_mtime)


def tidy(store: Store) -> None:
    """Once a day: remove what killed processes left behind, wherever it is, and what nobody used for a month of what is
    made again in a moment. Failing to is no error."""
    mark = store.entry(_TIDIED_FILE)
    try:
        if time.time() - mark.stat().st_mtime < STALE_AFTER_S:
            return
    except FileNotFoundError:
        pass
    except OSError:
        return
    try:
        mark.touch()
        folders = [
            path for parent in (store.root, store.entry("sources")) if parent.is_dir() for path in parent.iterdir()
        ]
    except OSError:
        return
    for folder in folders:
        if folder.is_dir() and not folder.is_symlink():
            _remove_stale(folder)
    for name in (*_BOUNDS, "builds"):
        if not store.entry(name).is_symlink():
            _remove_unused(store.entry(name))


def _remove_unused(folder: Path) -> None:
    oldest = time.time() - UNUSED_AFTER_S
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.stat(follow_symlinks=False).st_mtime < oldest and entry.is_file():
                    _remove(Path(entry.path))
    except OSError:
        pass


def _keep_within(folder: Path, most: int, most_bytes: int) -> None:
    """Remove what was not used for longest, and more than must be: so not each of the next ones removes another."""
    found = list[tuple[float, int, str]]()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            found.append((status.st_mtime, status.st_size, entry.path))
    count, size_bytes = len(found), sum(size for _, size, _ in found)
    if count <= most and size_bytes <= most_bytes:
        return
    for _, size, path in sorted(found)[:-1]:
        if count <= most * 3 // 4 and size_bytes <= most_bytes * 3 // 4:
            return
        _remove(Path(path))
        count, size_bytes = count - 1, size_bytes - size


@contextmanager
def explaining_cache_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal to write at or beside `path` into a WasmbuildError; others pass."""
    try:
        yield
    except OSError as error:
        diagnostic = _explain(error, path)
        if diagnostic is None:
            raise
        raise WasmbuildError(diagnostic) from error


def refuse_full_disk(directory: Path, said: str = "") -> None:
    """Where a tool failed: one that has no room says so in words of its own, or says nothing. Raises OSError."""
    import shutil

    if _SAID_FULL.search(said) or shutil.disk_usage(directory).free < _ROOM_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(directory))


def _explain(error: OSError, path: Path) -> Diagnostic | None:
    place = str(error.filename or path)
    facts = (("path", place), ("system says", error.strerror or str(error)))
    if error.errno in _FULL:
        return Diagnostic(
            "disk-full",
            f"no space left for the cache: `{path.parent}`",
            facts=facts,
            help=("free some space or " + _HELP,),
        )
    ours = error.filename is None or Path(os.fsdecode(error.filename)).is_relative_to(path.parent)
    if error.errno in _REFUSED and ours:
        return _not_writable(path.parent, facts)
    return None


def _not_writable(directory: Path, facts: tuple[tuple[str, str], ...]) -> Diagnostic:
    return Diagnostic("cache-not-writable", f"cannot write to the cache: `{directory}`", facts=facts, help=(_HELP,))


def _fresh_sibling(final: Path) -> Path:
    """A new name beside `final`; its parent exists afterwards, without what dead processes left."""
    parent = final.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        known = _explain(error, final) if error.errno in _FULL else None
        facts = (("path", str(error.filename or parent)), ("system says", error.strerror or str(error)))
        raise WasmbuildError(known or _not_writable(parent, facts)) from error
    _remove_stale(parent)
    return parent / f".tmp-{os.getpid()}-{os.urandom(8).hex()}"


def _remove_stale(parent: Path) -> None:
    """Remove temporaries that are older than a day and whose process is gone. Failing to is no error.

    Not younger ones: their process may run elsewhere, in a container or on another machine that has this cache too.
    """
    oldest = time.time() - STALE_AFTER_S
    try:
        with os.scandir(parent) as entries:
            for entry in entries:
                found = _TEMPORARY.fullmatch(entry.name)
                if found and entry.stat(follow_symlinks=False).st_mtime < oldest and not _runs(int(found[1])):
                    _remove(Path(entry.path))
    except OSError:
        pass


def _runs(process_id: int) -> bool:
    """Whether a process of this number may be running. Windows has no harmless signal: there age decides."""
    if os.name == "nt":
        return False
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _rename(temporary: Path, final: Path) -> None:
    # On Windows a virus scanner that looks at a new file holds it for a moment.
    for pause_s in (0.05, 0.2, 0.5) if os.name == "nt" else ():
        try:
            temporary.replace(final)
            return
        except PermissionError:
            if final.exists():
                break
            time.sleep(pause_s)
    temporary.replace(final)


def _remove(path: Path) -> None:
    """Remove a file or a directory as far as the system lets us: what remains goes another day."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError:
        import shutil

        shutil.rmtree(path, ignore_errors=True)
