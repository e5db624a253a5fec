"""A source distribution from the Python package index that pip is configured for. Nothing of it is run.

`pip download` would run the project's build to learn its metadata, so pip is only asked where its index is;
the index is then read by its public interface (the simple repository API, as HTML or JSON).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.sources.download import Download, Progress, UnavailableError, redacted, run_tool
from wasmbuild.sources.fetch_url import download_url, read_page
from wasmbuild.sources.source import PypiSource

if TYPE_CHECKING:
    from html.parser import HTMLParser

_PROJECT = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_SUFFIXES = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
_ACCEPT = {"Accept": "application/vnd.pypi.simple.v1+json, text/html;q=0.5"}
_PAGE_LIMIT_BYTES = 64 << 20
# pip's configuration sections, the strongest last; we stand where `pip download` does.
_SECTIONS = ("global", "download", ":env:")


@dataclass(frozen=True, slots=True)
class PipSettings:
    """Where pip looks: simple indexes, then pages or directories with links; and whom it trusts."""

    indexes: tuple[str, ...]
    find_links: tuple[str, ...]
    certificates: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A file that a page of an index offers; `sha256` is what the index says of it."""

    file_name: str
    url: str
    sha256: str | None


def download_pypi(source: PypiSource, into: Path, *, progress: Progress | None = None) -> Download:
    """Download the source distribution into the directory `into`. Raises UnavailableError."""
    if not _PROJECT.fullmatch(source.project):
        raise UnavailableError("not the name of a project")
    settings = pip_settings(into)
    project = re.sub(r"[-_.]+", "-", source.project).lower()
    pages = [_project_page(index, project) for index in settings.indexes]
    problems: list[str] = []
    offered: list[Link] = []
    for page in (*pages, *settings.find_links):
        try:
            offered += _links_at(page, settings.certificates)
        except UnavailableError as unavailable:
            problems.append(unavailable.reason)
    wanted = [link for link in offered if is_sdist(link.file_name, source.project, source.version)]
    if not wanted:
        raise UnavailableError(_why_none(source, offered, problems))
    link = next((link for link in wanted if link.sha256 == source.sha256), wanted[0])
    found = download_url(link.url, into, progress=progress, certificates=settings.certificates)
    return Download(found.path, found.sha256, link.file_name, found.came_from)


def versions_of(project: str, into: Path) -> list[str]:
    """The versions that there are source distributions of. Raises UnavailableError where there are none."""
    settings, name = pip_settings(into), re.sub(r"[-_.]+", "-", project).lower()
    found, problems = list[str](), list[str]()
    for page in (*(_project_page(index, name) for index in settings.indexes), *settings.find_links):
        try:
            names = [link.file_name for link in _links_at(page, settings.certificates)]
        except UnavailableError as unavailable:
            problems.append(unavailable.reason)
            continue
        for file in names:
            suffix = next((suffix for suffix in _SUFFIXES if file.endswith(suffix)), None)
            version = file.removesuffix(suffix).rpartition("-")[2] if suffix else ""
            found += [version] if suffix and is_sdist(file, project, version) else []
    if not found:
        raise UnavailableError("; ".join(problems) or f"no source distribution of {project}")
    return found


def is_sdist(file_name: str, project: str, version: str) -> bool:
    """Whether a file of this name is that version's source distribution, however it spells the project."""
    suffix = next((suffix for suffix in _SUFFIXES if file_name.endswith(suffix)), None)
    if suffix is None:
        return False
    named, _, stated = file_name.removesuffix(suffix).rpartition("-")
    spelling = [re.sub(r"[-_.]+", "-", text).lower() for text in (named, project)]
    return spelling[0] == spelling[1] and stated.lower() == version.lower()


def pip_settings(cwd: Path) -> PipSettings:
    """Ask pip for its configuration. Raises UnavailableError where there is no pip."""
    pip = _pip()
    settings = parse_pip_configuration(run_tool([*pip, "config", "list"], cwd=cwd))
    index = settings.get("index-url") or _default_index(pip, cwd)
    indexes = [index, *settings.get("extra-index-url", "").split()]
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        indexes = []
    return PipSettings(tuple(indexes), tuple(settings.get("find-links", "").split()), settings.get("cert") or None)


def parse_pip_configuration(listing: str) -> dict[str, str]:
    """The settings in the output of `pip config list` that hold for a download, by their names."""
    import ast

    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        key, equals, value = line.partition("=")
        section, _, name = key.strip().rpartition(".")
        if not equals or section not in _SECTIONS:
            continue
        strength = _SECTIONS.index(section)
        if strength >= found.get(name, (-1, ""))[0]:
            found[name] = (strength, str(ast.literal_eval(value)))
    return {name: value for name, (_, value) in found.items()}


def parse_links(content: bytes, media_type: str, base_url: str) -> list[Link]:
    """The files that a page of the simple repository API (HTML or JSON) offers, with absolute URLs."""
    from urllib.parse import unquote, urldefrag, urljoin

    if media_type.endswith("json"):
        import json

        try:
            return [
                Link(file["filename"], urljoin(base_url, file["url"]), file.get("hashes", {}).get("sha256"))
                for file in json.loads(content)["files"]
            ]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UnavailableError(f"the index answers {redacted(base_url)} with broken JSON") from None
    parser = _anchor_parser()
    parser.feed(content.decode("utf-8", "replace"))
    links = []
    for target in parser.targets:  # type: ignore[attr-defined]
        url, fragment = urldefrag(urljoin(base_url, target))
        sha256 = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else None
        links.append(Link(unquote(url).rpartition("/")[2], url, sha256))
    return links


def _anchor_parser() -> HTMLParser:
    from html.parser import HTMLParser

    class Anchors(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.targets: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            target = dict(attrs).get("href") if tag == "a" else None
            if target:
                self.targets.append(target)

    return Anchors()


def _project_page(index: str, project: str) -> str:
    page = f"{index.rstrip('/')}/{project}/"
    return page + "index.html" if page.startswith("file:") else page


def _links_at(page: str, certificates: str | None) -> list[Link]:
    local = _local_directory(page)
    if local is not None:
        return [Link(path.name, path.as_uri(), None) for path in sorted(local.iterdir()) if path.is_file()]
    content, media_type, url = read_page(page, _ACCEPT, limit_bytes=_PAGE_LIMIT_BYTES, certificates=certificates)
    return parse_links(content, media_type, url)


def _local_directory(page: str) -> Path | None:
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    path = Path(url2pathname(urlsplit(page).path) if page.startswith("file:") else page)
    return path.absolute() if "://" not in str(path) and path.is_dir() else None


def _why_none(source: PypiSource, offered: Sequence[Link], problems: Sequence[str]) -> str:
    if problems and not offered:
        return f"no index can be read: {'; '.join(dict.fromkeys(problems))}"
    near = [link.file_name for link in offered if source.version in link.file_name]
    if near:
        return f"no source distribution of version {source.version}, only {', '.join(near[:3])}"
    return f"the index has no version {source.version}"


def _pip() -> list[str]:
    import importlib.util
    import shutil

    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found]
    raise UnavailableError("`pip` is not on this machine (a pypi source needs it to know the index)")


def _default_index(pip: Sequence[str], cwd: Path) -> str:
    """pip's own default, which its help names: this project names no registry."""
    text = run_tool([*pip, "download", "--help"], cwd=cwd, environment={"COLUMNS": "400"})
    found = re.search(r"--index-url.*?\(default:?\s+(https?://[^\s)]+)\)", text, re.DOTALL)
    if found is None:
        raise UnavailableError("pip does not say where its index is; set `index-url` in its configuration")
    return found[1]
