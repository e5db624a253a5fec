"""The upstream tarball of a Debian source package, through the machine's own apt.

apt gets a private state: its own index of source packages, made from the mirror that the machine uses for
its binary packages. That needs no root and changes nothing outside our cache. apt verifies the archive's
signatures and downloads; proxies and credentials are the machine's apt's business.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from wasmbuild.sources.apt_sources import Mirror, mirrors
from wasmbuild.sources.download import (
    LIMIT_BYTES,
    Download,
    Progress,
    UnavailableError,
    find_tool,
    redacted,
    run_tool,
)
from wasmbuild.sources.hashing import hash_file
from wasmbuild.sources.source import DebianSource
from wasmbuild.sources.store import Store, building

SUITES = ("bookworm", "trixie", "sid")
INDEX_LIFETIME_S = 6 * 60 * 60
_INDEXING = Lock()
"""Several sources may be fetched at once, and one index will do."""
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+~:-]*")
_SUITE = re.compile(r"[a-z][a-z0-9-]*")
_OFFERED = re.compile(r"'([^']+)' (\S+) (\d+) \S*")


@dataclass(frozen=True, slots=True)
class Offer:
    """A file of a source package, as `apt-get source --print-uris` names it."""

    uri: str
    file_name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Apt:
    """apt reading one index; `cwd` must hold none of a package's files, or apt would not name them again."""

    index: Path
    cwd: Path

    def run(self, tool: str, *arguments: str) -> str:
        configuration = self.cwd / "apt.conf"
        configuration.write_text(_configuration(self.index, self.cwd), encoding="utf-8")
        command = [find_tool(tool, "a Debian source"), f"--config-file={configuration}", *arguments]
        return run_tool(command, cwd=self.cwd, environment={"LC_ALL": "C"})


def download_debian(source: DebianSource, into: Path, store: Store, *, progress: Progress | None = None) -> Download:
    """Download the package's upstream tarball into the directory `into`. Raises UnavailableError.

    Indexes are kept in the cache for some hours, one for each suite and mirror. A suite that the source
    does not name is searched for only among SUITES.
    """
    _check(source)
    find_tool("apt-get", "a Debian source")
    known = mirrors(_source_files(into))
    if not known:
        raise UnavailableError("apt's configuration on this machine names no Debian mirror")
    problems: list[str] = []
    versions: list[str] = []
    for suite in (source.suite,) if source.suite else SUITES:
        for mirror in known:
            try:
                apt = _Apt(_index(mirror, suite, store, into), into)
                wanted, offer = source, _resolve(apt, source)
                if offer is None:
                    offered = _versions(apt, source.package)
                    revision = other_revision(source.version, offered)
                    if revision is None:
                        versions += [f"{version} ({suite})" for version in offered]
                        continue
                    wanted = replace(source, version=revision)
                    offer = _resolve(apt, wanted)
                if offer is not None:
                    return _download(apt, wanted, offer, progress)
            except UnavailableError as unavailable:
                problems.append(f"{suite}: {unavailable.reason}")
    raise UnavailableError(_why_none(source, versions, problems))


@dataclass(frozen=True, slots=True)
class Offered:
    """A version of a source package that a suite has."""

    version: str
    suite: str
    homepage: str | None


def offered(package: str, store: Store, into: Path) -> list[Offered]:
    """What there is of a source package, by suites, from the oldest release on. Raises UnavailableError where no suite
    could be asked, or none has it."""
    _check(DebianSource(package, "0", ""))
    known = mirrors(_source_files(into))
    found, problems = dict[tuple[str, str], Offered](), list[str]()
    for suite in SUITES:
        for mirror in known:
            try:
                apt = _Apt(_index(mirror, suite, store, into), into)
                text = apt.run("apt-cache", "showsrc", "--only-source", package)
            except UnavailableError as unavailable:
                problems.append(f"{suite}: {unavailable.reason}")
                continue
            homepage = re.search(r"^Homepage: (\S+)$", text, re.MULTILINE)
            for version in re.findall(r"^Version: (\S+)$", text, re.MULTILINE):
                found.setdefault((version, suite), Offered(version, suite, homepage[1] if homepage else None))
    if not found:
        raise UnavailableError(
            "; ".join(dict.fromkeys(problems)) or f"no source package {package} in {', '.join(SUITES)}"
        )
    return list(found.values())


def upstream_version(version: str) -> str:
    """Of a Debian version, upstream's part: without epoch, revision, and what says that it was repacked."""
    plain = version.partition(":")[2] or version
    if really := re.search(r".*really\.?(\d[^+~-]*)", plain):  # one that went back
        return really[1]
    return re.split(r"[+~.](?:dfsg|ds|really)", plain.rpartition("-")[0] or plain)[0]


def upstream_tarball(offers: list[Offer]) -> Offer | None:
    """The main upstream tarball among a source package's files: no signature, component or Debian part.

    A native package has no `.orig`: its one tarball is the source.
    """
    tarballs = [offer for offer in offers if re.search(r"\.tar\.\w+$", offer.file_name)]
    tarballs = [offer for offer in tarballs if not offer.file_name.endswith((".asc", ".sig"))]
    main = [offer for offer in tarballs if re.search(r"\.orig\.tar\.\w+$", offer.file_name)]
    if main:
        return main[0]
    native = [offer for offer in tarballs if not re.search(r"\.(debian|orig-[\w-]+)\.tar\.", offer.file_name)]
    return native[0] if len(native) == 1 else None


def other_revision(version: str, offered: Sequence[str]) -> str | None:
    """Another Debian revision of the same upstream version, the last one offered. Its tarball should be the same one;
    the hash says whether it is. Suites that are not released yet forget a revision when the next one comes."""
    upstream = version.rpartition("-")[0]
    same = [other for other in offered if upstream and other.rpartition("-")[0] == upstream]
    return same[-1] if same else None


def parse_offers(output: str) -> list[Offer]:
    """The files in the output of `apt-get source --print-uris`."""
    found = (_OFFERED.fullmatch(line.strip()) for line in output.splitlines())
    return [Offer(line[1], line[2], int(line[3])) for line in found if line is not None]


def _check(source: DebianSource) -> None:
    """Names go into a command line and a configuration file, so they must be names."""
    if not _PACKAGE.fullmatch(source.package) or not _VERSION.fullmatch(source.version):
        raise UnavailableError("not the name of a Debian source package and its version")
    if source.suite is not None and not _SUITE.fullmatch(source.suite):
        raise UnavailableError(f"not the name of a suite: `{source.suite}`")


def _resolve(apt: _Apt, source: DebianSource) -> Offer | None:
    wanted = f"{source.package}={source.version}"
    try:
        output = apt.run("apt-get", "source", "--print-uris", "--only-source", wanted)
    except UnavailableError as unavailable:
        if "Unable to find a source package" in unavailable.reason or "Can not find" in unavailable.reason:
            return None
        raise
    offer = upstream_tarball(parse_offers(output))
    if offer is None:
        raise UnavailableError(f"{wanted} has no upstream tarball")
    return offer


def _download(apt: _Apt, source: DebianSource, offer: Offer, progress: Progress | None) -> Download:
    if offer.size_bytes > LIMIT_BYTES:
        raise UnavailableError(f"{offer.file_name} is larger than {LIMIT_BYTES} bytes")
    if progress is not None:
        progress(offer.file_name, 0, offer.size_bytes)
    wanted = f"{source.package}={source.version}"
    apt.run("apt-get", "source", "--download-only", "--tar-only", "--only-source", wanted)
    path = apt.cwd / offer.file_name
    if not path.is_file():
        raise UnavailableError(f"apt did not download {offer.file_name}")
    if progress is not None:
        progress(offer.file_name, offer.size_bytes, offer.size_bytes)
    return Download(path, hash_file(path), offer.file_name, redacted(offer.uri))


def _versions(apt: _Apt, package: str) -> list[str]:
    output = apt.run("apt-cache", "showsrc", "--only-source", package)
    return list(dict.fromkeys(re.findall(r"^Version: (\S+)$", output, re.MULTILINE)))


def _why_none(source: DebianSource, versions: list[str], problems: list[str]) -> str:
    reasons = list(dict.fromkeys(problems))
    if versions:
        reasons.insert(0, f"no version {source.version}; there is {', '.join(versions)}")
    elif not reasons:
        searched = source.suite or ", ".join(SUITES)
        reasons = [f"no source package {source.package} in {searched}"]
    return "; ".join(reasons)


def _index(mirror: Mirror, suite: str, store: Store, scratch: Path) -> Path:
    """The directory with apt's index of a suite's source packages, at most some hours old.

    An index that others may be reading is never updated: its name holds the period of its making.
    """
    import hashlib

    entry = mirror.source_entry(suite)
    stem = f"{suite}-{hashlib.sha256(entry.encode()).hexdigest()[:12]}-"
    period = int(time.time() // INDEX_LIFETIME_S)
    final = store.entry("sources", "apt", f"{stem}{period}")
    with _INDEXING:
        if final.is_dir():
            return final
        _make_index(entry, final, scratch)
    _remove_outdated(final.parent, stem, period)
    return final


def _make_index(entry: str, final: Path, scratch: Path) -> None:
    with building(final) as temporary:
        (temporary / "lists" / "partial").mkdir(parents=True)
        (temporary / "parts").mkdir()
        (temporary / "status").touch()
        (temporary / "parts" / "wasmbuild.sources").write_text(entry, encoding="utf-8")
        _Apt(temporary, scratch).run("apt-get", "update", "--quiet")
        if not any("Sources" in path.name for path in (temporary / "lists").iterdir()):
            raise UnavailableError("the mirror has no index of source packages")


def _remove_outdated(parent: Path, stem: str, period: int) -> None:
    import shutil

    for old in parent.glob(f"{stem}*"):
        made = old.name.removeprefix(stem)
        # One period's grace for those who read the previous one now.
        if made.isdigit() and int(made) < period - 1:
            shutil.rmtree(old, ignore_errors=True)


def _source_files(cwd: Path) -> list[tuple[str, str]]:
    """The files in which this machine's apt names its sources, with their texts."""
    import shlex

    command = [find_tool("apt-config", "a Debian source"), "shell"]
    answer = run_tool([*command, "L", "Dir::Etc::sourcelist/f", "P", "Dir::Etc::sourceparts/d"], cwd=cwd)
    named = dict(word.partition("=")[::2] for word in shlex.split(answer))
    paths = [Path(named["L"])] if "L" in named else []
    if "P" in named and Path(named["P"]).is_dir():
        paths += sorted(Path(named["P"]).iterdir())
    texts: list[tuple[str, str]] = []
    for path in paths:
        try:
            texts.append((path.name, path.read_text(encoding="utf-8", errors="replace")))
        except OSError:
            continue  # apt would complain; another file may still name a mirror
    return texts


def _configuration(index: Path, scratch: Path) -> str:
    """Read by apt after the machine's own configuration. Without caches reading needs no writing."""
    settings = {
        "Dir::State": index,
        "Dir::State::lists": index / "lists",
        "Dir::State::status": index / "status",
        "Dir::Cache": scratch,
        "Dir::Cache::archives": scratch / "archives",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Dir::Etc::sourcelist": os.devnull,
        "Dir::Etc::sourceparts": index / "parts",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
        "Acquire::http::Timeout": "30",
        "Acquire::https::Timeout": "30",
        "Acquire::IndexTargets::deb-src::Contents-dsc::DefaultEnabled": "false",
        "Acquire::IndexTargets::deb-src::DEP-11::DefaultEnabled": "false",
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Run by root, apt would download as a user who cannot enter root's cache.
        settings["APT::Sandbox::User"] = "root"
    # The machine's own actions after an update concern the machine's own indexes.
    cleared = "".join(f"#clear APT::Update::{when};\n" for when in _UPDATE_ACTIONS)
    return cleared + "".join(f'{name} "{value}";\n' for name, value in settings.items())


_UPDATE_ACTIONS = ("Pre-Invoke", "Post-Invoke", "Post-Invoke-Success", "Post-Invoke-Stats")
