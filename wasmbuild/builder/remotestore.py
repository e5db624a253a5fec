"""Built libraries from a store of somebody else's: what `wasmbuild store export` wrote, behind any server of files.

An entry is taken if its inputs give the key that was asked for, and all its files are those of its seal. That finds a
server's mistakes. Who may write to a store can change what is built with it: what came from one is kept apart in the
cache, and only who names that store again is given it.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from wasmbuild.builder.keys import INPUTS_FILE, key_of, read_inputs_of
from wasmbuild.builder.locking import locked
from wasmbuild.builder.toolchain import digest
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.progress import Progress
from wasmbuild.sources.download import UnavailableError, redacted
from wasmbuild.sources.fetch_url import download_url
from wasmbuild.sources.seal import damage
from wasmbuild.sources.store import Store, discard, explaining_cache_errors, publish_directory, scratch, writing
from wasmbuild.sources.unpack import unpack

FOLDER = "libraries"
"""In a store, and in the cache."""

SUFFIX = ".tar.gz"
_FROM_STORES = "from-stores"
_NOT_THERE = ("the server answers 404", "the server answers 410", "No such file")


class Stores:
    """The stores that a build may take from, and which of them were found to be of no use: that is said once."""

    def __init__(self, urls: tuple[str, ...], offline: bool) -> None:
        self._lock = Lock()  # several entries are asked for at once
        self.urls = [url.rstrip("/") for url in urls if not offline or url.startswith("file:")]

    def take(self, name: str, key: str, store: Store, progress: Progress) -> Path | None:
        """The directory of an entry that a store has, in the cache; None where none has it."""
        for url in list(self.urls):
            final = store.entry(_FROM_STORES, digest(url)[:16], name)
            if damage(final) is None:
                return final
            try:
                _download(url, name, key, final, progress)
            except UnavailableError as error:
                if not error.reason.startswith(_NOT_THERE):
                    self._give_up(url, error.reason, progress)
            except WasmbuildError as error:
                self._give_up(url, error.diagnostics[0].headline, progress)
            else:
                progress.note(f"{name.rpartition('-')[0]} came from {redacted(url)}")
                return final
        return None

    def _give_up(self, url: str, reason: str, progress: Progress) -> None:
        with self._lock:
            if url in self.urls:
                self.urls.remove(url)
                progress.note(f"the store {redacted(url)} is not used: {reason}")


def _download(url: str, name: str, key: str, final: Path, progress: Progress) -> None:
    """Put an entry into the cache. Raises UnavailableError, also for one that is not what it says, and WasmbuildError
    for an archive that cannot be unpacked."""
    with explaining_cache_errors(final):
        final.parent.mkdir(parents=True, exist_ok=True)
    with locked(final.with_name(final.name + ".lock"), lambda: progress.step(f"waiting for {name}")):
        if damage(final) is None:
            return
        with scratch(final) as directory:
            progress.step(f"fetching {name.rpartition('-')[0]}")
            archive = download_url(f"{url}/{FOLDER}/{name}{SUFFIX}", directory).path
            unpacked = directory / "entry"
            unpack(archive, unpacked, name=f"{name}{SUFFIX}", strip_single_top=False)
            _verify(unpacked, name, key)
            with explaining_cache_errors(final):
                discard(final)  # what is there is damaged
                publish_directory(unpacked, final)


def _verify(directory: Path, name: str, key: str) -> None:
    inputs = read_inputs_of(directory)
    if inputs is None or key_of(inputs) != key:
        raise UnavailableError(f"its `{name}` is another library: `{INPUTS_FILE}` in it gives another key")
    if problem := damage(directory):
        raise UnavailableError(f"its `{name}` is damaged: {problem}")


def export(store: Store, directory: Path) -> Iterator[tuple[Path, bool]]:
    """Write each whole entry of the cache as an archive that any server can serve; yields it, and whether it is new.
    The same entry gives the same bytes."""
    parent = store.entry(FOLDER)
    for entry in sorted(parent.iterdir()) if parent.is_dir() else ():
        if not entry.is_dir() or read_inputs_of(entry) is None or damage(entry) is not None:
            continue
        archive = directory / FOLDER / f"{entry.name}{SUFFIX}"
        is_new = not archive.is_file()
        if is_new:
            archive.parent.mkdir(parents=True, exist_ok=True)
            with writing(archive) as file:
                file.write(_archive(entry))
        yield archive, is_new


def _archive(entry: Path) -> bytes:
    packed = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", fileobj=packed, mtime=0) as compressed,
        tarfile.open(mode="w", fileobj=compressed) as tar,
    ):
        for path in sorted(entry.rglob("*")):
            if path.is_file():
                member = tarfile.TarInfo(path.relative_to(entry).as_posix())
                data = path.read_bytes()
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()
