"""What pages of tests are given: this machine alone sees it, at an address that nobody can guess.

There are the loader, modules where they lie in the file system, and one thing to do: `run` gives an order to a page of
its own, and answers with what the guest prints, as it comes, and with the result. If whoever asked goes, the page ends.
"""

from __future__ import annotations

import http.server
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from wasmbuild.manifest.recipes import shipped
from wasmbuild.testing.chromium import Browser, Page, PageGone, value_of

SCRIPTS, MODULES, RUN = "javascript", "modules", "run"
_HEADERS = {
    # Isolated from other origins, so that workers may share memory with the page and wait for it.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval'",
}
_TYPES = {".mjs": "text/javascript", ".html": "text/html"}
_NO_MORE: Mapping[str, Path] = {}
_MAGIC = b"\0asm"
_EMPTY_PAGE = b"<!doctype html><title>wasmbuild test</title>"


@contextmanager
def serve(browser: Browser, output_limit_bytes: int, more: Mapping[str, Path] = _NO_MORE) -> Iterator[str]:
    """The site's address. It is served from threads. `more` directories of scripts are beside the loader's."""
    prefix = f"/{secrets.token_urlsafe(32)}/"
    asker = _Asker(browser, prefix, output_limit_bytes)
    scripts = {SCRIPTS: shipped(SCRIPTS), **more}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: _Handler(asker, prefix, scripts, *given))
    server.daemon_threads = True
    asker.address = f"http://127.0.0.1:{server.server_address[1]}{prefix}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield asker.address
    finally:
        server.shutdown()
        server.server_close()


def module_address(site: str, path: Path | str) -> str:
    return f"{site}{MODULES}{quote(Path(path).resolve().as_posix())}"


class _Asker:
    """Asks pages to carry out orders."""

    def __init__(self, browser: Browser, prefix: str, output_limit_bytes: int) -> None:
        self.browser, self.prefix, self.output_limit_bytes = browser, prefix, output_limit_bytes
        self.address = ""

    def run(self, order: str, is_gone: Callable[[], None], say: Callable[[dict[str, Any]], None]) -> None:
        """`is_gone` returns when nobody listens any more."""
        try:
            with self.browser.page(self.address) as page:
                page.call("Runtime.addBinding", name="printed")
                script = json.dumps(f"{self.prefix}{SCRIPTS}/webchild.mjs")
                call = f"run(JSON.parse({json.dumps(order)}), {self.output_limit_bytes}, printed)"
                answer = page.start_evaluating(f"import({script}).then(({{ run }}) => {call})")
                answer.add_done_callback(lambda _: page.wake("done"))
                threading.Thread(target=_tell, args=(page, is_gone), daemon=True).start()
                while (event := page.event())["method"] not in ("done", "gone"):
                    if event["method"] == "Runtime.bindingCalled":
                        say({"printed": event["params"]["payload"]})
                if event["method"] == "done":
                    say({"result": value_of(answer.result())})
        except PageGone as gone:
            say({"crashed": str(gone)})


def _tell(page: Page, is_gone: Callable[[], None]) -> None:
    is_gone()
    page.wake("gone")


class _Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, asker: _Asker, prefix: str, scripts: Mapping[str, Path], *given: Any) -> None:
        self.asker, self.prefix, self.scripts = asker, prefix, scripts
        super().__init__(*given)

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if not path.startswith(self.prefix):
            return self._send(404)
        kind, _, rest = path.removeprefix(self.prefix).partition("/")
        if kind == "":
            return self._send(200, _EMPTY_PAGE, "text/html")
        if kind in self.scripts:
            scripts = self.scripts[kind].resolve()
            file = (scripts / rest).resolve()
            if file.is_relative_to(scripts) and file.suffix in _TYPES and file.is_file():
                return self._send(200, file.read_bytes(), _TYPES[file.suffix])
        if kind == MODULES:
            return self._send_module("/" + rest)
        return self._send(404)

    def do_POST(self) -> None:
        if self.path != self.prefix + RUN:
            return self._send(404)
        order = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._start(200, {"Content-Type": "application/json"})
        self.asker.run(order, self._wait_for_end, self._say)
        return None

    def _say(self, message: dict[str, Any]) -> None:
        self.wfile.write(json.dumps(message).encode() + b"\n")

    def _wait_for_end(self) -> None:
        try:
            while self.connection.recv(1):
                pass
        except OSError:
            pass

    def _send_module(self, path: str) -> None:
        """A module, and no other file. What has several names is told by one: loaders know it by that."""
        real = os.path.realpath(path)
        if real != path:
            return self._send(302, location=self.prefix + MODULES + quote(real))
        try:
            data = Path(real).read_bytes()
        except OSError:
            return self._send(404)
        if not data.startswith(_MAGIC):
            return self._send(404)
        return self._send(200, data, "application/wasm")

    def _send(self, status: int, data: bytes = b"", type_: str = "text/plain", location: str | None = None) -> None:
        moved = {} if location is None else {"Location": location}
        self._start(status, {"Content-Type": type_, "Content-Length": str(len(data)), **moved})
        self.wfile.write(data)

    def _start(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass
