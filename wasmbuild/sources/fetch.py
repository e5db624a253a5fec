"""Get a source from the first of its alternatives that can be had and verifies.

Identity is the sha256, so a file that is already in the store serves whichever alternative asks for it.
What has another hash than was written is never kept; what cannot be had is remembered with its reason.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.sources.download import Download, Progress, UnavailableError
from wasmbuild.sources.hashing import hash_file, hash_tree
from wasmbuild.sources.source import (
    DebianSource,
    GitSource,
    NpmSource,
    PathSource,
    PypiSource,
    RequiredBy,
    Source,
    ToolchainSource,
    UrlSource,
)
from wasmbuild.sources.store import Store, explaining_cache_errors, publish_file, scratch, writing


@dataclass(frozen=True, slots=True)
class FetchedArchive:
    """A verified source: an archive in the store, or a directory that is used in place (`path.is_dir()`).

    `sha256` is the hash of the archive's bytes, or of a directory's files (`hashing.hash_tree`).
    """

    path: Path
    sha256: str
    file_name: str
    came_from: str


@dataclass(frozen=True, slots=True)
class _Mismatch:
    source: Source
    expected: str
    download: Download


@dataclass(slots=True)
class _Attempt:
    """One call of `fetch`: what it may use, and what it has met so far."""

    store: Store
    offline: bool
    toolchain_lib: Path | None
    progress: Progress | None
    report: Callable[[Diagnostic], None]
    unavailable: list[tuple[Source, str]] = field(default_factory=list)
    mismatches: list[_Mismatch] = field(default_factory=list)


def fetch(
    alternatives: Sequence[Source],
    *,
    name: str,
    store: Store,
    offline: bool = False,
    required_by: RequiredBy | None = None,
    toolchain_lib: Path | None = None,
    report: Callable[[Diagnostic], None] | None = None,
    progress: Progress | None = None,
) -> FetchedArchive:
    """The source of the library `name`.

    What is in the store is taken from there, before anything is downloaded. `report` receives warnings: a
    checksum mismatch that another alternative made up for, a stored file that was damaged. `offline` starts
    neither a download nor a program. `toolchain_lib` is where `toolchain` sources lie. Raises
    WasmbuildError `source-unavailable` or `checksum-mismatch`, or as `store.building` does.
    """
    attempt = _Attempt(store, offline, toolchain_lib, progress, report or _ignore)
    found = _stored(alternatives, attempt)
    for source in alternatives if found is None else ():
        try:
            found = _get(source, attempt)
        except UnavailableError as unavailable:
            attempt.unavailable.append((source, unavailable.reason))
        if found is not None:
            break
    if found is None:
        raise WasmbuildError(_failure(name, attempt, required_by))
    for mismatch in attempt.mismatches:
        attempt.report(_mismatch_warning(mismatch, found))
    return found


def _stored(alternatives: Sequence[Source], attempt: _Attempt) -> FetchedArchive | None:
    """The first alternative that the store holds. One on this machine keeps its rank in the order."""
    for source in alternatives:
        if isinstance(source, PathSource) and source.path.exists():
            return None
        if isinstance(source, ToolchainSource):
            return None
        sha256 = _expected_sha256(source, attempt.store)
        if sha256 is None:
            continue
        blob = attempt.store.blob(sha256)
        if not blob.is_file():
            continue
        if hash_file(blob) == sha256:
            return FetchedArchive(blob, sha256, source.file_name(), "the cache")
        _drop_damaged(blob, attempt)
    return None


def _expected_sha256(source: Source, store: Store) -> str | None:
    """The hash that the file must have; of a commit, the one of its archive as packed the first time."""
    if isinstance(source, UrlSource | DebianSource | PypiSource | NpmSource):
        return source.sha256.lower()
    if isinstance(source, GitSource):
        try:
            return _packed_commit(source, store).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None
    return None


def _packed_commit(source: GitSource, store: Store) -> Path:
    return store.entry("sources", "git", source.commit.lower().replace("/", "_"))


def _drop_damaged(blob: Path, attempt: _Attempt) -> None:
    with explaining_cache_errors(blob):
        blob.unlink(missing_ok=True)
    attempt.report(
        Diagnostic(
            "cache-damaged",
            "a stored source was damaged and has been removed",
            facts=(("path", str(blob)),),
            severity="warning",
        )
    )


def _get(source: Source, attempt: _Attempt) -> FetchedArchive | None:
    """The source, or None if its hash was wrong. Raises UnavailableError."""
    if isinstance(source, ToolchainSource):
        return _in_toolchain(source, attempt.toolchain_lib)
    if isinstance(source, PathSource):
        return _on_this_machine(source, attempt.store)
    is_local = isinstance(source, UrlSource) and source.url.startswith("file:")
    if attempt.offline and not is_local:
        raise UnavailableError("not in the cache, and `--offline` was given")
    expected = None if isinstance(source, GitSource) else source.sha256.lower()
    store = attempt.store
    with scratch(store.entry("sources", "sha256", "new")) as directory:
        download = _download(source, directory, attempt)
        if expected is not None and download.sha256 != expected:
            attempt.mismatches.append(_Mismatch(source, expected, download))
            return None
        blob = store.blob(download.sha256)
        with explaining_cache_errors(blob):
            publish_file(download.path, blob)
    if isinstance(source, GitSource):
        with writing(_packed_commit(source, store)) as file:
            file.write(download.sha256.encode("ascii"))
    return FetchedArchive(blob, download.sha256, download.file_name, download.came_from)


def _download(source: Source, into: Path, attempt: _Attempt) -> Download:
    if isinstance(source, UrlSource):
        from wasmbuild.sources.fetch_url import download_url

        return download_url(source.url, into, progress=attempt.progress)
    if isinstance(source, DebianSource):
        from wasmbuild.sources.fetch_debian import download_debian

        return download_debian(source, into, attempt.store, progress=attempt.progress)
    if isinstance(source, PypiSource):
        from wasmbuild.sources.fetch_pypi import download_pypi

        return download_pypi(source, into, progress=attempt.progress)
    if isinstance(source, NpmSource):
        from wasmbuild.sources.fetch_npm import download_npm

        return download_npm(source, into)
    assert isinstance(source, GitSource), source
    from wasmbuild.sources.fetch_git import download_git

    return download_git(source, into)


def _in_toolchain(source: ToolchainSource, toolchain_lib: Path | None) -> FetchedArchive:
    if toolchain_lib is None:
        raise UnavailableError("this toolchain has no library directory")
    directory = toolchain_lib / source.directory
    if not directory.resolve().is_relative_to(toolchain_lib.resolve()):
        raise UnavailableError("it lies outside the toolchain's library directory")
    if not directory.is_dir():
        raise UnavailableError("the toolchain's library directory has no such directory")
    return FetchedArchive(directory, hash_tree(directory), source.file_name(), source.describe())


def _on_this_machine(source: PathSource, store: Store) -> FetchedArchive:
    """A directory in place; an archive through the store, so that what was hashed is what is unpacked."""
    if source.path.is_dir():
        return FetchedArchive(source.path, hash_tree(source.path), source.path.name, str(source.path))
    try:
        if not stat.S_ISREG(source.path.stat().st_mode):  # to open a pipe is to wait for who writes to it
            raise UnavailableError("it is neither a file nor a directory")
        opened = source.path.open("rb")
    except OSError as error:
        raise UnavailableError(error.strerror or "it cannot be read") from error
    from wasmbuild.sources.download import LIMIT_BYTES
    from wasmbuild.sources.hashing import SizeLimitError, copy_hashing

    with opened, scratch(store.entry("sources", "sha256", "new")) as directory:
        copy = directory / "copy"
        try:
            with copy.open("xb") as file:
                sha256 = copy_hashing(opened, file, LIMIT_BYTES)
        except SizeLimitError:
            raise UnavailableError(f"it is larger than {LIMIT_BYTES} bytes") from None
        with explaining_cache_errors(store.blob(sha256)):
            publish_file(copy, store.blob(sha256))
    return FetchedArchive(store.blob(sha256), sha256, source.path.name, str(source.path))


def _failure(name: str, attempt: _Attempt, required_by: RequiredBy | None) -> Diagnostic:
    notes = [f"`{name}` is required by {required_by}"] if required_by else []
    if attempt.mismatches:
        first = attempt.mismatches[0]
        facts = [fact for mismatch in attempt.mismatches for fact in _mismatch_facts(mismatch)]
        notes += [f"not available either: {source.describe()}: {why}" for source, why in attempt.unavailable]
        return Diagnostic(
            "checksum-mismatch",
            f"checksum mismatch: {first.download.file_name}",
            facts=tuple(facts),
            notes=tuple(notes),
        )
    facts = [(source.kind, f"{source.describe()}\n{reason}") for source, reason in attempt.unavailable]
    first_at = next((source.at for source, _ in attempt.unavailable if source.at), None)
    recipe = name.partition(" ")[0]
    if attempt.offline:
        help_ = f"run `wasmbuild recipe fetch {recipe}` with a network once, or leave out `--offline`"
    else:
        help_ = (
            f"check the network, or run `wasmbuild recipe fetch {recipe}` where there is one and copy its "
            "cache here (WASMBUILD_CACHE names the place)"
        )
    return Diagnostic(
        "source-unavailable",
        f"source of `{name}` is not available",
        at=first_at,
        facts=tuple(facts),
        notes=tuple(notes),
        help=(help_,),
    )


def _mismatch_facts(mismatch: _Mismatch) -> list[tuple[str, str]]:
    written_at = mismatch.source.sha256_at or mismatch.source.at
    return [
        ("expected", f"sha256:{mismatch.expected}" + (f"  {written_at}" if written_at else "")),
        ("computed", f"sha256:{mismatch.download.sha256}  {mismatch.download.came_from}"),
    ]


def _mismatch_warning(mismatch: _Mismatch, used: FetchedArchive) -> Diagnostic:
    return Diagnostic(
        "checksum-mismatch",
        f"checksum mismatch: {mismatch.download.file_name}",
        facts=tuple(_mismatch_facts(mismatch)),
        notes=(f"used instead, and verified: {used.came_from}",),
        severity="warning",
    )


def _ignore(_warning: Diagnostic) -> None:
    pass
