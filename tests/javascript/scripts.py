"""Scripts for the loader in JavaScript, in Node and in a page of Chromium: what they say."""

from __future__ import annotations

import contextlib
import http.server
import json
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from nodejs import find_node

from wasmbuild.testing.chromium import Browser
from wasmbuild.testing.runtimes import OUTPUT_LIMIT_BYTES
from wasmbuild.testing.site import serve

JAVASCRIPT = Path(__file__).parents[2] / "javascript"
TIMEOUT_S = 120

SCRIPT = """
(async () => {{
  const {{ load, CppException, ProcessDead, ProcessExited, Trap, WasmbuildError }} = await import({loader});
  const said = [];
  const say = (...values) => said.push(...values);
  const text = (data) => new TextDecoder().decode(data);
  const failure = async (act) => {{ try {{ await act(); }} catch (error) {{ return error; }} return null; }};
  {names}
  {body}
  return said;
}})()
"""


class Engine(Protocol):
    """Runs the body of a script, with `load`, what else the loader exports, and the names given."""

    def run(self, body: str, *, directory: Path | None = None, **given: Any) -> Any:
        """What it hands to `say`. Paths start at the directory."""


def script(loader: str, body: str, given: dict[str, Any]) -> str:
    names = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    return SCRIPT.format(loader=json.dumps(loader), names=names, body=body)


class InNode:
    def __init__(self, *flags: str, node: str | None = None) -> None:
        self.command = [node or find_node(), *flags, "--input-type=module", "-"]

    def run(self, body: str, *, directory: Path | None = None, **given: Any) -> Any:
        code = script((JAVASCRIPT / "loader.mjs").as_uri(), body, given)
        done = subprocess.run(
            self.command,
            input=f"process.stdout.write(JSON.stringify(await {code.strip()}));",
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


class InChromium:
    """Each script has a page of its own; `modules` is where a directory's files are for it."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site

    def run(self, body: str, *, directory: Path | None = None, **given: Any) -> Any:
        with self.browser.page(self.site) as page:
            return page.evaluate(script(f"{self.site}javascript/loader.mjs", body, given))


@contextlib.contextmanager
def chromium_engine(browser: Browser) -> Iterator[InChromium]:
    with serve(browser, OUTPUT_LIMIT_BYTES) as site:
        yield InChromium(browser, site)


class _Unkind(http.server.SimpleHTTPRequestHandler):
    """Gives a directory's files below `/kind/`, and below others as their names say."""

    extensions_map = {".wasm": "application/wasm", ".so": "application/wasm", "": "application/octet-stream"}  # noqa: RUF012
    failed: set[tuple[int, str]] = set()  # noqa: RUF012

    def do_GET(self) -> None:
        _, how, name = self.path.split("/", 2)
        file = Path(self.directory, name)
        if not file.is_file():
            return self.send_error(404)
        data = file.read_bytes()
        if how == "flaky" and (self.server.server_port, name) not in self.failed:
            self.failed.add((self.server.server_port, name))
            self.send_response(503)
            self.send_header("Access-Control-Allow-Origin", "*")
            return self.end_headers()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain" if how == "plain" else "application/wasm")
        self.send_header("Content-Length", str(len(data)))
        if how != "private":
            self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if how in ("cut", "slow") else data)
        if how == "slow":
            self.wfile.flush()
            self.connection.settimeout(TIMEOUT_S)
            with contextlib.suppress(OSError):
                self.connection.recv(1)  # until whoever waits has gone
        return None

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def unkind_server(directory: Path) -> Iterator[str]:
    """On this machine alone, and for pages another origin than their own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Unkind, directory=str(directory)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
