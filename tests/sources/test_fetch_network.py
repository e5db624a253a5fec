"""Real downloads, small ones, through the machine's own apt, pip and npm."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.sources.fetch import FetchedArchive, fetch
from wasmbuild.sources.source import DebianSource, NpmSource, PypiSource
from wasmbuild.sources.store import Store
from wasmbuild.sources.unpack import place_source

pytestmark = pytest.mark.network

needs_apt = pytest.mark.skipif(shutil.which("apt-get") is None, reason="apt is not on this machine")
LUA = "9fbf5e28ef86c69858f6d3d34eccc32e911c1a28b4120ff3e84aaa70cfbf1e30"


def unpacked(found: FetchedArchive, beside: Path) -> Path:
    place_source(found, beside / "tree")
    return beside / "tree"


@needs_apt
def test_debian_gives_the_upstream_tarball(store: Store, tmp_path: Path) -> None:
    source = DebianSource("lua5.4", "5.4.7-1", LUA, suite="trixie")
    found = fetch([source], name="lua", store=store)
    assert found.file_name == "lua5.4_5.4.7.orig.tar.gz"
    assert (unpacked(found, tmp_path) / "src" / "lua.h").is_file()
    assert [path.name.split("-")[0] for path in store.entry("sources", "apt").iterdir()] == ["trixie"]


@needs_apt
def test_debian_tells_which_versions_there_are(store: Store) -> None:
    with pytest.raises(WasmbuildError, match=r"no version 5\.4\.0-1; there is 5\.4\.7-1 \(trixie\)"):
        fetch([DebianSource("lua5.4", "5.4.0-1", LUA, suite="trixie")], name="lua", store=store)


def test_pypi_gives_the_source_distribution(store: Store, tmp_path: Path) -> None:
    sha256 = "2d91e135bf72d31a410b17c16da610a82cb55f6b0477d1a902134b24a455b8b3"
    found = fetch([PypiSource("iniconfig", "2.0.0", sha256)], name="iniconfig", store=store)
    assert found.file_name == "iniconfig-2.0.0.tar.gz"
    assert (unpacked(found, tmp_path) / "pyproject.toml").is_file()


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on this machine")
def test_npm_gives_the_registrys_tarball(store: Store, tmp_path: Path) -> None:
    sha256 = "13c23b3f1f3a5c146b8906e23c8e674f8e4a6ff44b77720e1d4bddb7b2caf312"
    found = fetch([NpmSource("is-odd", "3.0.1", sha256)], name="is-odd", store=store)
    assert (unpacked(found, tmp_path) / "package.json").is_file()
