"""The newest version of what a source names: Debian's by apt, PyPI's by its pages, npm's by npm."""

from __future__ import annotations

import re
from pathlib import Path

from wasmbuild.manifest.requirement import version_key
from wasmbuild.sources.download import find_tool, run_tool
from wasmbuild.sources.source import DebianSource, NpmSource, PypiSource, Source, UrlSource
from wasmbuild.sources.store import Store

_PRERELEASE = re.compile(r"\d(?:a|b|rc|dev|alpha|beta|pre)\d*", re.IGNORECASE)


def newest(source: Source, store: Store, into: Path) -> str | None:
    """Upstream's newest version that there is; None of places that have no index of versions, as a URL has none. Raises
    UnavailableError where it could not be asked, and for a URL at which nothing is any more."""
    match source:
        case DebianSource():
            from wasmbuild.sources.fetch_debian import offered, upstream_version

            return _last([upstream_version(each.version) for each in offered(source.package, store, into)])
        case PypiSource():
            from wasmbuild.sources.fetch_pypi import versions_of

            return _last(versions_of(source.project, into))
        case NpmSource():
            npm = find_tool("npm", "an npm source")
            return run_tool([npm, "view", source.package, "version", "--no-update-notifier"], cwd=into).strip() or None
        case UrlSource():
            from wasmbuild.sources.fetch_url import look

            look(source.url)
    return None


def _last(versions: list[str]) -> str | None:
    released = [version for version in versions if not _PRERELEASE.search(version)] or versions
    return max(released, key=version_key, default=None)
