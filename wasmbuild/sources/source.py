"""The places a source can come from, as the user wrote them. The first alternative that verifies is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, TypeAlias

from wasmbuild.diagnostics import Position

# Positions say where a value was written, not what it is: two equal sources may stand in two files.
# Of a source without a sha256, `sha256_at` is where that which identifies it (its commit) is written.


@dataclass(frozen=True, slots=True)
class UrlSource:
    """An archive at an http, https or file URL."""

    kind: ClassVar[str] = "url"
    url: str
    sha256: str
    at: Position | None = field(default=None, compare=False)
    sha256_at: Position | None = field(default=None, compare=False)

    def describe(self) -> str:
        return self.url

    def file_name(self) -> str:
        return file_name_of_url(self.url)


@dataclass(frozen=True, slots=True)
class DebianSource:
    """The upstream (`.orig`) tarball of a Debian source package; without `suite`, several are searched."""

    kind: ClassVar[str] = "debian"
    package: str
    version: str
    sha256: str
    suite: str | None = None
    at: Position | None = field(default=None, compare=False)
    sha256_at: Position | None = field(default=None, compare=False)

    def describe(self) -> str:
        where = f" in {self.suite}" if self.suite else ""
        return f"Debian source package {self.package} {self.version}{where}"

    def file_name(self) -> str:
        upstream = self.version.partition(":")[2] or self.version
        return f"{self.package}_{upstream.rpartition('-')[0] or upstream}.orig.tar"


@dataclass(frozen=True, slots=True)
class PypiSource:
    """The source distribution of a project on the Python package index that pip is configured for."""

    kind: ClassVar[str] = "pypi"
    project: str
    version: str
    sha256: str
    at: Position | None = field(default=None, compare=False)
    sha256_at: Position | None = field(default=None, compare=False)

    def describe(self) -> str:
        return f"PyPI source distribution {self.project} {self.version}"

    def file_name(self) -> str:
        return f"{self.project}-{self.version}.tar.gz"


@dataclass(frozen=True, slots=True)
class NpmSource:
    """The tarball of a package in the registry that npm is configured for."""

    kind: ClassVar[str] = "npm"
    package: str
    version: str
    sha256: str
    at: Position | None = field(default=None, compare=False)
    sha256_at: Position | None = field(default=None, compare=False)

    def describe(self) -> str:
        return f"npm package {self.package} {self.version}"

    def file_name(self) -> str:
        return f"{self.package.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


@dataclass(frozen=True, slots=True)
class GitSource:
    """One commit, by its full hash, of a git repository."""

    kind: ClassVar[str] = "git"
    repository: str
    commit: str
    at: Position | None = field(default=None, compare=False)
    sha256_at: Position | None = field(default=None, compare=False)

    def describe(self) -> str:
        return f"{self.repository} at commit {self.commit}"

    def file_name(self) -> str:
        stem = self.repository.rstrip("/").rpartition("/")[2].removesuffix(".git") or "repository"
        return f"{stem}-{self.commit[:12]}.tar"


@dataclass(frozen=True, slots=True)
class PathSource:
    """An archive or a directory on this machine, absolute. A directory is used in place."""

    kind: ClassVar[str] = "path"
    path: Path
    at: Position | None = field(default=None, compare=False)
    sha256_at: Position | None = field(default=None, compare=False)

    def describe(self) -> str:
        return str(self.path)

    def file_name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class ToolchainSource:
    """A directory inside the toolchain's library directory, used in place."""

    kind: ClassVar[str] = "toolchain"
    directory: str
    at: Position | None = field(default=None, compare=False)
    sha256_at: Position | None = field(default=None, compare=False)

    def describe(self) -> str:
        return f"toolchain directory {self.directory}"

    def file_name(self) -> str:
        return self.directory.rstrip("/").rpartition("/")[2]


Source: TypeAlias = UrlSource | DebianSource | PypiSource | NpmSource | GitSource | PathSource | ToolchainSource


@dataclass(frozen=True, slots=True)
class RequiredBy:
    """Who asked for a library, and where: the last line of an error about its source."""

    name: str
    at: Position | None = None

    def __str__(self) -> str:
        return f"`{self.name}`" + (f", at {self.at}" if self.at else "")


def file_name_of_url(url: str) -> str:
    """The last part of a URL's path, decoded; `download` where there is none."""
    from urllib.parse import unquote, urlsplit

    try:
        path = urlsplit(url).path
    except ValueError:  # such as `http://[::1`; `fetch_url` says so
        return "download"
    return unquote(path).rstrip("/").rpartition("/")[2] or "download"
