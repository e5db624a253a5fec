"""The tarball of an npm package, through the machine's own npm and its registry. No script runs."""

from __future__ import annotations

import re
from pathlib import Path

from wasmbuild.sources.download import Download, UnavailableError, find_tool, run_tool
from wasmbuild.sources.hashing import hash_file
from wasmbuild.sources.source import NpmSource

_PACKAGE = re.compile(r"(@[a-z0-9~][a-z0-9._~-]*/)?[a-z0-9~][a-z0-9._~-]*", re.IGNORECASE)
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]*")


def download_npm(source: NpmSource, into: Path) -> Download:
    """Pack `source` into the directory `into`: the bytes that the registry has. Raises UnavailableError."""
    if not _PACKAGE.fullmatch(source.package) or not _VERSION.fullmatch(source.version):
        raise UnavailableError("not the name of an npm package and its exact version")
    npm = find_tool("npm", "an npm source")
    wanted = f"{source.package}@{source.version}"
    # Beside other files, npm would read a package.json there; `into` is empty.
    run_tool([npm, "pack", wanted, "--ignore-scripts", "--loglevel=error", "--no-update-notifier"], cwd=into)
    packed = sorted(into.glob("*.tgz"))
    if len(packed) != 1:
        raise UnavailableError(f"`npm pack {wanted}` left {len(packed)} tarballs instead of one")
    return Download(packed[0], hash_file(packed[0]), source.file_name(), wanted)
