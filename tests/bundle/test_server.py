"""`wasmbuild serve`: what it gives out, and to whom."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wasmbuild.bundle.server import make_server

Get = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def get(tmp_path: Path) -> Iterator[Get]:
    site = tmp_path / "site"
    (site / "modules").mkdir(parents=True)
    (site / "index.html").write_text("<p>page")
    (site / "script.mjs").write_text("1;")
    (site / "modules" / "a.so.wasm").write_bytes(b"\0asm")
    (tmp_path / "secret.txt").write_text("secret")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    server = make_server(site, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def ask(path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse()

    yield ask
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/script.mjs", "text/javascript; charset=utf-8"),
        ("/modules/a.so.wasm", "application/wasm"),
    ],
)
def test_a_file_has_the_type_that_browsers_want(get: Get, path: str, type_: str) -> None:
    answer = get(path)
    assert (answer.status, answer.getheader("Content-Type")) == (200, type_)
    assert answer.getheader("Cache-Control") == "no-store"


def test_what_was_made_anew_is_given_out_anew(get: Get) -> None:
    answer = get("/index.html", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT")
    assert (answer.status, answer.read()) == (200, b"<p>page")


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/modules/../../secret.txt", "/out.txt", "/modules/", "//etc/passwd"],
)
def test_no_path_leads_out_of_the_directory(get: Get, path: str) -> None:
    """And none lists what is in one."""
    answer = get(path)
    assert answer.status == 404
    assert b"secret" not in answer.read().replace(path.encode(), b"")


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example"])
def test_another_sites_name_is_refused(get: Get, name: str) -> None:
    """A name that somebody else lets lead to this machine, so that his page may read what is here."""
    assert get("/", Host=name).status == 403


def test_it_listens_on_this_machines_own_address_alone(tmp_path: Path) -> None:
    with make_server(tmp_path, 0) as server:
        assert server.server_address[0] == "127.0.0.1"
