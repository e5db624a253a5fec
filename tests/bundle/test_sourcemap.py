"""Source maps of bundles that were built for debugging: what a debugger in a browser does with them."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from wasmbuild.bundle.server import ADDRESS, Handler, Server
from wasmbuild.bundle.shrink import stripped
from wasmbuild.bundle.sourcemap import source_map
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing.chromium import Page, find_chromium, open_browser
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.dwarf import Place

SUMS = "int divide(int a, int b) {\n  return a\n    / b;\n}\n"

PROJECT = {
    "wasmbuild.yaml": "name: lines\nlibraries:\n  sums: {sources: [src/sums.c], exports: ['*']}\n",
    "src/sums.c": SUMS,
}

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def decoded(mappings: str) -> list[tuple[int, int | None, int]]:
    """(offset, source or None, line from 1) of each segment."""
    segments = []
    for text in mappings.split(","):
        values, value, shift = [], 0, 0
        for digit in map(DIGITS.index, text):
            value |= (digit & 31) << shift
            shift += 5
            if not digit & 32:
                values.append(-(value >> 1) if value & 1 else value >> 1)
                value = shift = 0
        segments.append(values)
    offsets = accumulate(each[0] for each in segments)
    source = line = 0
    found = []
    for offset, each in zip(offsets, segments, strict=True):
        if len(each) > 1:
            source, line = source + each[1], line + each[2]
        found.append((offset, source if len(each) > 1 else None, line + 1))
    return found


def test_each_piece_of_code_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("int a;\n")
    lines = [(100, Place("a.c", 40)), (103, Place("b.c", 1)), (5000, None), (5001, Place("a.c", 39))]
    made = json.loads(source_map(lines, "m.wasm", tmp_path))
    assert made["sources"] == ["a.c", "b.c"]
    assert made["sourcesContent"] == ["int a;\n", None]
    assert decoded(made["mappings"]) == [(100, 0, 40), (103, 1, 1), (5000, None, 1), (5001, 0, 39)]


def test_a_module_cannot_have_any_file_put_into_a_bundle(tmp_path: Path) -> None:
    """What somebody else built may name all sorts of files."""
    inside = tmp_path / "project"
    inside.mkdir()
    (tmp_path / "other.c").write_text("secret")
    (inside / "link.c").symlink_to(tmp_path / "other.c")
    (inside / "token").write_text("secret")
    names = ("../other.c", str(tmp_path / "other.c"), "link.c", "token", "nul\0.c", "none.c", "x" * 300 + ".c")
    lines = [(number, Place(name, 1)) for number, name in enumerate(names)]
    assert json.loads(source_map(lines, "m.wasm", inside))["sourcesContent"] == [None] * len(names)


@pytest.fixture(scope="module")
def site(tmp_path_factory, project, run_wasmbuild) -> Path:
    """A bundle that was built for debugging."""
    directory: Path = project(tmp_path_factory.mktemp("maps"), PROJECT)
    ran = run_wasmbuild("bundle", "--profile", "debug", "--to", "web", "-o", "out", "sums", cwd=directory)
    assert ran.status == 0, ran.stderr
    return directory / "out"


def test_a_bundle_has_a_map_beside_each_module_with_lines(site: Path) -> None:
    data = (site / "modules" / "libsums.so.wasm").read_bytes()
    made = json.loads((site / "modules" / "libsums.so.wasm.map").read_text())
    assert (made["sources"], made["sourcesContent"]) == (["src/sums.c"], [SUMS])
    last = decode(data, "it").sections[-1]
    assert last.name == "sourceMappingURL"
    assert data.endswith(b"\x13libsums.so.wasm.map")
    [module, *_] = json.loads((site / "plans" / "libsums.so.json").read_text())["modules"]
    assert module["sha256"] == hashlib.sha256(data).hexdigest()
    assert b"sourceMappingURL" not in stripped(data)


def test_what_is_for_node_has_none(site: Path, run_wasmbuild: Any) -> None:
    ran = run_wasmbuild("bundle", "--profile", "debug", "--to", "node", "-o", "pkg", "sums", cwd=site.parent)
    assert ran.status == 0, ran.stderr
    assert not list((site.parent / "pkg").rglob("*.map"))


@pytest.fixture
def page(site: Path) -> Iterator[tuple[Page, str]]:
    try:
        program = find_chromium()
    except WasmbuildError as error:
        pytest.skip(str(error))
    server = Server((ADDRESS, 0), partial(Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://{ADDRESS}:{server.server_port}/"
    try:
        with open_browser(program) as browser, browser.page(address) as found:
            yield found, address
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_a_breakpoint_at_a_line_of_c_stops_there(page: tuple[Page, str], site: Path) -> None:
    """By what DevTools do: the engine names the map, the map says where the line is, and where the engine stopped."""
    debugged, address = page
    debugged.call("Debugger.enable")
    debugged.evaluate(
        "import('/index.mjs').then(({ load }) => load('libsums.so')).then((it) => { globalThis.it = it; })"
    )
    script = wait(debugged, "Debugger.scriptParsed", lambda told: told["url"].endswith("/libsums.so.wasm"))
    assert script["sourceMapURL"] == "libsums.so.wasm.map"
    made = debugged.evaluate(f"fetch('{address}modules/{script['sourceMapURL']}').then((got) => got.json())")
    segments = decoded(made["mappings"])
    offset = next(offset for offset, source, line in segments if source == 0 and line == 3)
    debugged.call("Debugger.setBreakpointByUrl", url=script["url"], lineNumber=0, columnNumber=offset)
    calling = debugged.start_evaluating("it.call('divide', 84, 2)")
    stopped = wait(debugged, "Debugger.paused", lambda _: True)["callFrames"][0]
    reached = [each for each in segments if each[0] <= stopped["location"]["columnNumber"]][-1]
    assert (stopped["functionName"], made["sources"][reached[1] or 0], reached[2]) == ("$divide", "src/sums.c", 3)
    debugged.call("Debugger.resume")
    assert calling.result(60)["result"]["value"] == 42


def wait(page: Page, method: str, which: Any) -> dict[str, Any]:
    while True:
        event = page.event(60)
        if event["method"] == method and which(event["params"]):
            params: dict[str, Any] = event["params"]
            return params
