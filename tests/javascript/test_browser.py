"""javascript/loader.mjs in a page, in Chromium without a window, under a policy that allows no eval."""

from __future__ import annotations

import http.server
import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from casefiles import Means, make, read_case

JAVASCRIPT = Path(__file__).parents[2] / "javascript"
TIMEOUT_S = 120

CPP, DL = "cpp-exception-out-of-an-exported-function", "dl-stale-pointer-traps"

PAGE = """<!doctype html><title>test</title><script type="module" src="page.mjs"></script>"""

SCRIPT = """
import { load } from "./javascript/loader.mjs";
const said = [];
const text = (data) => new TextDecoder().decode(data);
const failure = async (act) => { try { await act(); } catch (error) { return error; } };
try {
  const files = await load("files/root.wasm", { files: FILES, stdout: () => {} });
  const left = async () => Object.entries(files.files).map(([name, data]) => [name, text(data)]);
  said.push(await files.exited, Object.fromEntries(await left()));
  const b = await load("cpp/libb.so");
  const thrown = await failure(() => b.call("fail", 1));
  said.push(thrown.name, thrown.typeName, thrown.what, b.call("fail", 0));
  let printed = "";
  const options = { prefetch: "libadd.so", stdout: (data) => (printed += text(data)), stderr: () => {} };
  const dl = await load("dl/main.wasm", options);
  said.push(await dl.exited, printed, dl.trap.kind);
  const opened = await (await load("dl/main.wasm")).open("libadd.so");
  said.push(opened.call("add", 2, 3));
  said.push((await failure(() => load("none.wasm"))).message.replace(location.origin, ""));
} catch (error) {
  said.push(String(error.stack ?? error));
}
await fetch("/said", { method: "POST", body: JSON.stringify(said) });
"""


class _Site(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, said: queue.Queue[Any], **named: Any) -> None:
        self.said = said
        super().__init__(*arguments, **named)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "script-src 'self' 'wasm-unsafe-eval'")
        super().end_headers()

    def do_POST(self) -> None:
        self.said.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def said(tmp_path: Path, means: Means) -> Iterator[list[Any]]:
    """What the page says, of cases' modules beside it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no Chromium: `apt-get install chromium`")
    site = tmp_path / "site"
    site.mkdir()
    (site / "javascript").symlink_to(JAVASCRIPT)
    for place, name in {"files": "libc-files", "cpp": CPP, "dl": DL}.items():
        (site / place).symlink_to(make(name, read_case(name), means))
    (site / "page.html").write_text(PAGE)
    (site / "page.mjs").write_text(SCRIPT.replace("FILES", json.dumps(read_case("libc-files").files)))
    answers: queue.Queue[Any] = queue.Queue()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Site, directory=str(site), said=answers))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0")
    address = f"http://127.0.0.1:{server.server_port}/page.html"
    browser = subprocess.Popen(
        [chromium, *flags, f"--user-data-dir={tmp_path / 'profile'}", address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield answers.get(timeout=TIMEOUT_S)
    finally:
        browser.terminate()
        browser.wait()
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_programs_and_libraries_run_in_a_page(said: list[Any]) -> None:
    files = read_case("libc-files")
    assert said[:2] == [files.expect.exit, {**files.files, **files.expect.files}]
    assert said[2:6] == ["CppException", "std::out_of_range", "too far", 0]
    assert said[6:8] == [134, "closed\n"]
    assert said[8] in ("null-function", "not-callable")
    assert said[9] == 5
    assert said[10].startswith("error: cannot read `/none.wasm`: the server says 404")
