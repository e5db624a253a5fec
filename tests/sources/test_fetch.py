"""Which alternative is used, what is kept, and what is said when none can be had."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import Server

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.sources import download
from wasmbuild.sources.fetch import FetchedArchive, fetch
from wasmbuild.sources.hashing import hash_tree
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
from wasmbuild.sources.store import Store

CONTENT = b"the bytes of an archive"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


def failure(alternatives: list[Source], store: Store, **options: object) -> Diagnostic:
    with pytest.raises(WasmbuildError) as caught:
        fetch(alternatives, name="zlib", store=store, **options)  # type: ignore[arg-type]
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def blobs(store: Store) -> list[str]:
    directory = store.entry("sources", "sha256")
    return sorted(path.name for path in directory.iterdir()) if directory.is_dir() else []


def test_a_url_is_downloaded_and_kept_by_its_hash(server: Server, store: Store) -> None:
    server.pages["/z%2B1.tar"] = CONTENT
    source = UrlSource(f"{server.address}/z%2B1.tar", SHA256)
    found = fetch([source], name="z", store=store)
    assert found == FetchedArchive(store.blob(SHA256), SHA256, "z+1.tar", source.url)
    assert found.path.read_bytes() == CONTENT
    assert blobs(store) == [SHA256]
    assert server.asked[0][1]["User-Agent"] == "wasmbuild"


def test_progress_is_told(server: Server, store: Store) -> None:
    server.pages["/z"] = CONTENT
    told: list[tuple[str, int, int | None]] = []
    fetch(
        [UrlSource(server.address + "/z", SHA256)],
        name="z",
        store=store,
        progress=lambda *step: told.append(step),
    )
    assert told == [("z", len(CONTENT), len(CONTENT))]


def test_redirects_are_followed_on_the_web_only(server: Server, store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(CONTENT)
    server.pages |= {"/old": "/new", "/new": CONTENT, "/evil": secret.as_uri()}
    diagnostic = failure([UrlSource(server.address + "/evil", SHA256)], store)
    assert "redirects" in diagnostic.facts[0][1]
    assert fetch([UrlSource(server.address + "/old", SHA256)], name="z", store=store).sha256 == SHA256


def test_what_is_stored_is_used_without_asking_anybody(server: Server, store: Store) -> None:
    server.pages["/z"] = CONTENT
    fetch([UrlSource(server.address + "/z", SHA256)], name="z", store=store)
    asked = len(server.asked)
    later: list[Source] = [
        UrlSource(server.address + "/first", OTHER),
        DebianSource("zlib", "1.0-1", SHA256.upper()),
    ]
    found = fetch(later, name="z", store=store)
    assert (found.path, len(server.asked)) == (store.blob(SHA256), asked)
    assert fetch(later, name="z", store=store, offline=True).sha256 == SHA256


def test_a_damaged_blob_is_dropped_and_fetched_again(server: Server, store: Store) -> None:
    server.pages["/z"] = CONTENT
    source = UrlSource(server.address + "/z", SHA256)
    fetch([source], name="z", store=store)
    store.blob(SHA256).write_bytes(b"flipped")
    warnings: list[Diagnostic] = []
    assert fetch([source], name="z", store=store, report=warnings.append).path.read_bytes() == CONTENT
    assert [(warning.code, warning.severity) for warning in warnings] == [("cache-damaged", "warning")]


def test_alternatives_are_tried_in_order(server: Server, store: Store) -> None:
    server.pages |= {"/b": CONTENT, "/c": CONTENT}
    sources = [UrlSource(f"{server.address}/{name}", SHA256) for name in "abc"]
    assert fetch(sources, name="z", store=store).came_from == server.address + "/b"
    assert [path for path, _ in server.asked] == ["/a", "/b"]


def test_a_wrong_hash_is_reported_and_the_next_alternative_used(server: Server, store: Store) -> None:
    server.pages |= {"/a.tar": b"other", "/b.tar": CONTENT}
    at = Position("recipe.yaml", 5, 11)
    warnings: list[Diagnostic] = []
    found = fetch(
        [
            UrlSource(server.address + "/a.tar", SHA256, sha256_at=at),
            UrlSource(server.address + "/b.tar", SHA256),
        ],
        name="z",
        store=store,
        report=warnings.append,
    )
    assert found.came_from == server.address + "/b.tar"
    assert blobs(store) == [SHA256]
    (warning,) = warnings
    assert (warning.code, warning.severity) == ("checksum-mismatch", "warning")
    assert warning.facts == (
        ("expected", f"sha256:{SHA256}  recipe.yaml:5:11"),
        ("computed", f"sha256:{OTHER}  {server.address}/a.tar"),
    )


def test_only_wrong_hashes_are_an_error_that_names_both_sides(server: Server, store: Store) -> None:
    server.pages["/zlib-1.3.1.tar.gz"] = b"other"
    url = server.address + "/zlib-1.3.1.tar.gz"
    diagnostic = failure(
        [
            UrlSource(url, SHA256, sha256_at=Position("recipe.yaml", 5, 11)),
            UrlSource(server.address + "/no", SHA256),
        ],
        store,
        required_by=RequiredBy("libpng", Position("wasmbuild.yaml", 14, 5)),
    )
    assert str(diagnostic) == (
        "error: checksum mismatch: zlib-1.3.1.tar.gz\n"
        f"  expected: sha256:{SHA256}  recipe.yaml:5:11\n"
        f"  computed: sha256:{OTHER}  {url}\n"
        "note: `zlib` is required by `libpng`, at wasmbuild.yaml:14:5\n"
        f"note: not available either: {server.address}/no: the server answers 404 Not Found"
    )
    assert blobs(store) == []


def test_when_none_can_be_had_every_reason_is_told(server: Server, store: Store, tmp_path: Path) -> None:
    server.pages["/broken"] = 503
    diagnostic = failure(
        [
            UrlSource(server.address + "/broken", SHA256, at=Position("recipe.yaml", 4, 5)),
            UrlSource("ftp://example.org/x", SHA256),
            UrlSource("http://127.0.0.1:1/x", SHA256),
            PathSource(tmp_path / "missing.tar"),
            ToolchainSource("libcxx"),
        ],
        store,
    )
    assert diagnostic.code == "source-unavailable"
    assert diagnostic.at == Position("recipe.yaml", 4, 5)
    assert diagnostic.facts == (
        ("url", f"{server.address}/broken\nthe server answers 503 Service Unavailable"),
        ("url", "ftp://example.org/x\n`ftp` URLs are not supported; http, https, file are"),
        ("url", "http://127.0.0.1:1/x\nConnection refused"),
        ("path", f"{tmp_path / 'missing.tar'}\nNo such file or directory"),
        ("toolchain", "toolchain directory libcxx\nthis toolchain has no library directory"),
    )
    assert "wasmbuild recipe fetch zlib" in diagnostic.help[0]


def test_a_connection_that_ends_early_is_no_checksum_mismatch(server: Server, store: Store) -> None:
    server.pages["/z"] = CONTENT
    server.shorten_by_bytes = 5
    diagnostic = failure([UrlSource(server.address + "/z", SHA256)], store)
    assert diagnostic.code == "source-unavailable"
    assert f"after {len(CONTENT) - 5} of {len(CONTENT)} bytes" in diagnostic.facts[0][1]
    assert blobs(store) == []


def test_a_download_larger_than_allowed_is_cut_off(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wasmbuild.sources.fetch_url import download_url

    server.pages["/z"] = bytes(100_000)
    with pytest.raises(download.UnavailableError, match="larger than 1000 bytes"):
        download_url(server.address + "/z", tmp_path, limit_bytes=1000)
    assert (tmp_path / "download").stat().st_size <= 1000


def test_passwords_go_to_the_server_and_not_into_messages(server: Server, store: Store) -> None:
    server.pages["/z"] = CONTENT
    secret = server.address.replace("://", "://me:pass%21word@")
    found = fetch([UrlSource(secret + "/z", SHA256)], name="z", store=store)
    assert server.asked[0][1]["Authorization"] == "Basic bWU6cGFzcyF3b3Jk"
    assert found.came_from == server.address + "/z"


def test_offline_starts_no_download_and_no_program(
    server: Server, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_arguments: object, **_options: object) -> None:
        pytest.fail("a program was started")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    server.pages["/z"] = CONTENT
    diagnostic = failure(
        [
            UrlSource(server.address + "/z", SHA256),
            DebianSource("zlib", "1-1", SHA256),
            PypiSource("zlib", "1", SHA256),
            NpmSource("zlib", "1.0.0", SHA256),
            GitSource(server.address, "0" * 40),
        ],
        store,
        offline=True,
    )
    assert server.asked == []
    assert [fact.split("\n")[1] for _, fact in diagnostic.facts] == ["not in the cache, and `--offline` was given"] * 5
    assert "--offline" in diagnostic.help[0]


def test_a_file_url_needs_no_network(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a b.tar").write_bytes(CONTENT)
    source = UrlSource((tmp_path / "a b.tar").as_uri(), SHA256)
    assert fetch([source], name="z", store=store, offline=True).file_name == "a b.tar"


def test_an_archive_on_this_machine_is_copied_into_the_store(store: Store, tmp_path: Path) -> None:
    archive = tmp_path / "z.tar"
    archive.write_bytes(CONTENT)
    found = fetch([PathSource(archive)], name="z", store=store, offline=True)
    assert found == FetchedArchive(store.blob(SHA256), SHA256, "z.tar", str(archive))
    archive.write_bytes(b"other")
    assert fetch([PathSource(archive)], name="z", store=store).sha256 == OTHER


def test_a_directory_is_used_in_place_and_hashed(store: Store, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "sub" / "a.c").write_bytes(b"a")
    before = fetch([PathSource(tree)], name="z", store=store)
    assert (before.path, before.sha256) == (tree, hash_tree(tree))
    assert not store.root.exists()

    (tree / ".git").mkdir()
    (tree / ".git" / "index").write_bytes(b"x")
    assert hash_tree(tree) == before.sha256
    (tree / "sub" / "a.c").rename(tree / "sub" / "b.c")
    renamed = hash_tree(tree)
    (tree / "sub" / "b.c").write_bytes(b"b")
    assert len({before.sha256, renamed, hash_tree(tree)}) == 3


def test_a_path_before_a_stored_alternative_keeps_its_rank(server: Server, store: Store, tmp_path: Path) -> None:
    server.pages["/z"] = CONTENT
    url = UrlSource(server.address + "/z", SHA256)
    fetch([url], name="z", store=store)
    local = tmp_path / "mine"
    local.mkdir()
    assert fetch([PathSource(local), url], name="z", store=store).path == local
    assert fetch([url, PathSource(local)], name="z", store=store).path == store.blob(SHA256)
    assert fetch([PathSource(tmp_path / "missing"), url], name="z", store=store).sha256 == SHA256


def test_a_directory_of_the_toolchain(store: Store, tmp_path: Path) -> None:
    (tmp_path / "lib" / "libcxx" / "src").mkdir(parents=True)
    (tmp_path / "lib" / "libcxx" / "src" / "x.cpp").write_bytes(b"x")
    (tmp_path / "outside").mkdir()
    lib = tmp_path / "lib"
    found = fetch([ToolchainSource("libcxx/src")], name="c", store=store, toolchain_lib=lib)
    assert found.path == lib / "libcxx" / "src"
    for wrong, reason in (("../outside", "lies outside"), ("nowhere", "no such directory")):
        diagnostic = failure([ToolchainSource(wrong)], store, toolchain_lib=lib)
        assert reason in diagnostic.facts[0][1]


@pytest.mark.parametrize(
    ("source", "tool"),
    [
        (DebianSource("zlib", "1-1", SHA256), "apt-get"),
        (NpmSource("zlib", "1.0.0", SHA256), "npm"),
        (GitSource("file:///nowhere", "0" * 40), "git"),
    ],
)
def test_a_missing_program_is_the_reason(
    source: Source, tool: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert f"`{tool}` is not on this machine" in failure([source], store).facts[0][1]


@pytest.mark.parametrize(
    "source",
    [
        DebianSource("--option", "1-1", SHA256),
        DebianSource("zlib", "1-1; rm", SHA256),
        DebianSource("zlib", "1-1", SHA256, suite="../x"),
        PypiSource("../x", "1", SHA256),
        NpmSource("--x", "1.0.0", SHA256),
        NpmSource("x", "latest", SHA256),
        GitSource("--upload-pack=x", "0" * 40),
        GitSource("file:///x", "main"),
    ],
)
def test_names_that_are_none_reach_no_program(source: Source, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_arguments: object, **_options: object) -> None:
        pytest.fail("a program was started")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    assert "\nnot " in failure([source], store).facts[0][1]


def test_two_processes_fetching_at_once_both_get_it(server: Server, store: Store) -> None:
    content = bytes(range(256)) * 4000
    server.pages["/z"] = content
    sha256 = hashlib.sha256(content).hexdigest()
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from wasmbuild.sources.fetch import fetch\nfrom wasmbuild.sources.source import UrlSource\n"
        "from wasmbuild.sources.store import Store\n"
        "source = UrlSource(sys.argv[1], sys.argv[2])\n"
        "print(fetch([source], name='z', store=Store(Path(sys.argv[3]))).path.stat().st_size)\n"
    )
    command = [sys.executable, "-c", code, server.address + "/z", sha256, str(store.root)]
    fetchers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [fetcher.communicate(timeout=60)[0] for fetcher in fetchers] == [f"{len(content)}\n"] * 3
    assert blobs(store) == [sha256]


def test_a_full_disk_is_no_reason_to_try_elsewhere(
    server: Server, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wasmbuild.sources import fetch_url

    def full(*_arguments: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetch_url, "copy_hashing", full)
    server.pages["/z"] = CONTENT
    diagnostic = failure([UrlSource(f"{server.address}/{name}", SHA256) for name in "zz"], store)
    assert diagnostic.code == "disk-full"
    assert len(server.asked) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
@pytest.mark.parametrize("as_url", [True, False])
def test_nobody_waits_for_a_pipe(as_url: bool, store: Store, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    source = UrlSource((tmp_path / "pipe").as_uri(), "ab" * 32) if as_url else PathSource(tmp_path / "pipe")
    with pytest.raises(WasmbuildError) as caught:
        fetch((source,), name="lib 1", store=store)
    (finding,) = caught.value.diagnostics
    assert finding.code == "source-unavailable"
    assert "file" in finding.facts[0][1]


@pytest.mark.parametrize(
    "url", ["http://[::1", "https://[x]/y.tar", "file://[::1", "http://h:99999999/x", "http://h:p/x"]
)
def test_a_url_that_is_none_is_said_to_be_unavailable(url: str, store: Store) -> None:
    with pytest.raises(WasmbuildError) as caught:
        fetch((UrlSource(url, "ab" * 32),), name="lib 1", store=store)
    (finding,) = caught.value.diagnostics
    assert finding.code == "source-unavailable"
