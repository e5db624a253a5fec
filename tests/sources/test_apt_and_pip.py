"""What apt's and pip's configurations and answers mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback import Server

from wasmbuild.sources import fetch_pypi
from wasmbuild.sources.apt_sources import Mirror, mirrors
from wasmbuild.sources.download import UnavailableError, redacted
from wasmbuild.sources.fetch_debian import Offer, other_revision, parse_offers, upstream_tarball
from wasmbuild.sources.fetch_pypi import Link, PipSettings, is_sdist, parse_links, parse_pip_configuration
from wasmbuild.sources.source import PypiSource

DEB822 = """\
# the main archive
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
# a comment inside
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://off.example/debian
Suites: sid
Components: main
Enabled: no

Types: deb
URIs: https://vendor.example/repo
Suites: nodistro
Components: stable
"""

ONE_LINE = """\
# deb http://commented.example/debian bookworm main
deb cdrom:[Debian]/ bookworm main
deb [arch=amd64 signed-by=/k/debian.gpg check-valid-until=no] http://one.example/debian/ bookworm main # x
deb-src http://one.example/debian bookworm main
deb http://one.example/debian bookworm-updates main
deb http://two.example/debian stable contrib main
deb http://vendor.example/debian bookworm stable
"""


def test_mirrors_in_deb822_format() -> None:
    key = "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n -----END PGP PUBLIC KEY BLOCK-----"
    found = mirrors([("debian.sources", DEB822)])
    assert found == (Mirror("http://mirror.example/debian", (("Signed-By", key),)),)
    assert found[0].source_entry("sid") == (
        "Types: deb-src\nURIs: http://mirror.example/debian\nSuites: sid\nComponents: main\nSigned-By: " + key + "\n"
    )


def test_mirrors_in_one_line_format() -> None:
    assert mirrors([("sources.list", ONE_LINE)]) == (
        Mirror("http://one.example/debian/", (("Signed-By", "/k/debian.gpg"), ("Check-Valid-Until", "no"))),
        Mirror("http://two.example/debian"),
    )


def test_files_that_apt_ignores_are_ignored() -> None:
    assert mirrors([("sources.list.disabled", ONE_LINE), ("debian.sources.save", DEB822)]) == ()


OFFERS = """\
Reading package lists...
Need to get 1346 kB of source archives.
'http://m.example/zlib_1.3%2breally1.3.1-1.dsc' zlib_1.3+really1.3.1-1.dsc 2682 SHA256:3
'http://m.example/zlib_1.3%2breally1.3.1.orig-extra.tar.gz' zlib_1.3+really1.3.1.orig-extra.tar.gz 5 SHA256:1
'http://m.example/zlib_1.3%2breally1.3.1.orig.tar.gz' zlib_1.3+really1.3.1.orig.tar.gz 1325737 SHA256:60
'http://m.example/zlib_1.3%2breally1.3.1.orig.tar.gz.asc' zlib_1.3+really1.3.1.orig.tar.gz.asc 1 SHA256:2
'http://m.example/zlib_1.3%2breally1.3.1-1.debian.tar.xz' zlib_1.3+really1.3.1-1.debian.tar.xz 17 SHA256:16
"""


def test_the_upstream_tarball_is_told_from_the_other_files() -> None:
    offers = parse_offers(OFFERS)
    assert len(offers) == 5
    wanted = "zlib_1.3+really1.3.1.orig.tar.gz"
    assert upstream_tarball(offers) == Offer("http://m.example/zlib_1.3%2breally1.3.1.orig.tar.gz", wanted, 1325737)


def test_a_native_package_is_its_one_tarball() -> None:
    native = [Offer("u", "apt_2.6.dsc", 1), Offer("u", "apt_2.6.tar.xz", 2)]
    assert upstream_tarball(native) == native[1]
    assert upstream_tarball([Offer("u", "x_1-1.dsc", 1), Offer("u", "x_1-1.debian.tar.xz", 2)]) is None


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.6-2", "1.2.6-3"),
        ("1:1.3.dfsg+really1.3.1-1", "1:1.3.dfsg+really1.3.1-3"),
        ("1.3.dfsg+really1.3.1-1", None),
        ("1.2.4-1", None),
        ("1.2.6", None),
    ],
)
def test_a_debian_revision_stands_in_for_one_that_is_gone(version: str, expected: str | None) -> None:
    offered = ["1.2.5-3", "1:1.3.dfsg+really1.3.1-3", "1.2.6-1", "1.2.6-3"]
    assert other_revision(version, offered) == expected


def test_pips_strongest_section_wins() -> None:
    listing = (
        ":env:.index-url='http://env.example/simple'\n"
        "global.index-url='http://global.example/simple'\n"
        "download.find-links='/wheels'\n"
        "global.find-links='/other'\n"
        "install.cert='/x.pem'\n"
        "global.extra-index-url='file:///a file:///b'\n"
    )
    assert parse_pip_configuration(listing) == {
        "index-url": "http://env.example/simple",
        "find-links": "/wheels",
        "extra-index-url": "file:///a file:///b",
    }


PAGES = {
    "html": (
        b'<html><a href="../../f/Some.Lib-1.0.tar.gz#sha256=ab">Some.Lib-1.0.tar.gz</a>'
        b'<a href="http://x.example/some_lib-1.0-py3-none-any.whl">w</a><a>none</a></html>',
        "text/html",
    ),
    "json": (
        b'{"files": [{"filename": "Some.Lib-1.0.tar.gz", "url": "../../f/Some.Lib-1.0.tar.gz",'
        b' "hashes": {"sha256": "ab"}},'
        b' {"filename": "some_lib-1.0-py3-none-any.whl",'
        b' "url": "http://x.example/some_lib-1.0-py3-none-any.whl", "hashes": {}}]}',
        "application/vnd.pypi.simple.v1+json",
    ),
}


@pytest.mark.parametrize("form", PAGES)
def test_an_index_page_is_read_in_both_forms(form: str) -> None:
    content, media_type = PAGES[form]
    assert parse_links(content, media_type, "http://i.example/simple/some-lib/") == [
        Link("Some.Lib-1.0.tar.gz", "http://i.example/f/Some.Lib-1.0.tar.gz", "ab"),
        Link("some_lib-1.0-py3-none-any.whl", "http://x.example/some_lib-1.0-py3-none-any.whl", None),
    ]


def test_broken_json_is_a_reason() -> None:
    with pytest.raises(UnavailableError, match="broken JSON"):
        parse_links(b"{", "application/json", "http://i.example/")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Some.Lib-1.0.tar.gz", True),
        ("some_lib-1.0.zip", True),
        ("some-lib-1.0.1.tar.gz", False),
        ("some-lib-extra-1.0.tar.gz", False),
        ("some_lib-1.0-py3-none-any.whl", False),
    ],
)
def test_which_file_is_the_source_distribution(name: str, expected: bool) -> None:
    assert is_sdist(name, "some-lib", "1.0") is expected


@pytest.mark.parametrize("place", ["web index", "directory index", "links"])
def test_a_source_distribution_is_found(
    place: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = b'<a href="some_lib-1.0.tar.gz">x</a>'
    server.pages |= {"/simple/some-lib/": page, "/simple/some-lib/some_lib-1.0.tar.gz": b"sdist"}
    index = tmp_path / "index" / "some-lib"
    index.mkdir(parents=True)
    (index / "index.html").write_bytes(page)
    (index / "some_lib-1.0.tar.gz").write_bytes(b"sdist")
    settings = {
        "web index": PipSettings((server.address + "/simple/",), (), None),
        "directory index": PipSettings((server.address + "/none", (tmp_path / "index").as_uri()), (), None),
        "links": PipSettings((), (str(index),), None),
    }
    monkeypatch.setattr(fetch_pypi, "pip_settings", lambda _cwd: settings[place])
    into = tmp_path / "into"
    into.mkdir()
    found = fetch_pypi.download_pypi(PypiSource("Some.Lib", "1.0", "0" * 64), into)
    assert found.path.read_bytes() == b"sdist"
    assert found.file_name == "some_lib-1.0.tar.gz"


def test_credentials_are_cut_out_of_text() -> None:
    text = "cannot read https://me:secret@host.example/x and http://host.example/y"
    assert redacted(text) == "cannot read https://host.example/x and http://host.example/y"
