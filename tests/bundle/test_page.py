"""The page of a bundle in Chromium, under a policy that allows no eval and no script in the page: as by hand."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from running import TIMEOUT_S, find_node

from wasmbuild.bundle.server import ADDRESS, Handler, Server

pytestmark = pytest.mark.slow

DRIVER = Path(__file__).with_name("page.mjs")
POLICY = "script-src 'self' 'wasm-unsafe-eval'"

READY = {"until": "document.getElementById('status')?.textContent === 'ready'"}
ENDED = "/^(exit|it could|the worker|stopped|the process)/.test(document.getElementById('status').textContent)"
OUTPUT = "document.getElementById('output').textContent"
STATUS = "document.getElementById('status').textContent"

Visit = Callable[..., Any]


class _Strict(Handler):
    """Workers have policies of their own: those that they come with."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def bundled(demo, tmp_path_factory, run_wasmbuild) -> Path:
    """The directory of a bundle. Nobody changes it."""
    directory: Path = tmp_path_factory.mktemp("page")
    targets = ("greet", "spin", "demo")
    ran = run_wasmbuild("bundle", "--to", "web", "--shrink", *targets, "-o", str(directory / "out"), cwd=demo)
    assert ran.status == 0, ran.stderr
    inline = ("--inline", "-o", str(directory / "page.html"))
    ran = run_wasmbuild("bundle", "--to", "web", "--shrink", *targets, *inline, cwd=demo)
    assert ran.status == 0, ran.stderr
    return directory


@pytest.fixture
def changed(bundled, tmp_path) -> Path:
    """One that the test may change."""
    shutil.copytree(bundled / "out", tmp_path / "out")
    return tmp_path


@pytest.fixture
def visit(tmp_path) -> Iterator[Visit]:
    """`visit(PAGE, STEP…)`: what the steps say, and what the browser complained of. A directory is served."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no Chromium: `apt-get install chromium`")
    servers: list[Server] = []

    def drive(page: Path, *steps: dict[str, Any]) -> tuple[list[Any], list[str]]:
        address = page.as_uri()
        if page.is_dir():
            server = Server((ADDRESS, 0), partial(_Strict, directory=str(page)))
            servers.append(server)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://{ADDRESS}:{server.server_port}/"
        command = [find_node(), str(DRIVER), chromium, str(tmp_path / "profile"), address]
        done = subprocess.run(
            command, input=json.dumps(steps), capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        return answer["said"], answer["complaints"]

    yield drive
    for server in servers:
        server.shutdown()
        server.server_close()


def chosen(name: str) -> dict[str, str]:
    choose = f"document.getElementById('root').value = {json.dumps(name)}"
    return {"do": f"{choose}; document.getElementById('root').dispatchEvent(new Event('change')); true"}


def started(name: str = "greet", arguments: str = "", stdin: str = "") -> list[dict[str, str]]:
    fill = f"document.getElementById('arguments').value = {json.dumps(arguments)};"
    fill += f"document.getElementById('stdin').value = {json.dumps(stdin)};"
    return [READY, chosen(name), {"do": f"{fill} document.getElementById('start').click(); true"}]


@pytest.mark.parametrize("page", ["out", "page.html"])
def test_a_program_runs_with_what_it_is_given(visit, bundled, page: str) -> None:
    """In a site, and in one file that was opened from the disk. What it writes can be had."""
    left = "[...document.querySelectorAll('#left a')].map((link) => link.textContent)"
    said, complaints = visit(
        bundled / page,
        *started("greet", "'a b' c", "Ada\nAlan\n"),
        {"until": ENDED, "do": f"[{OUTPUT}, {STATUS}, {left}]"},
        {"do": "document.querySelectorAll('.bars li').length"},
    )
    output, status, files = said[2]
    assert output == "$ greet 'a b' c\nhello, Ada\nhello, Alan\n"
    assert status.startswith("exit status 0 after ")
    assert files == ["out.txt"]
    assert said[3] >= 3
    assert complaints == []


def test_what_a_program_may_open_is_there_when_it_asks(visit, bundled) -> None:
    said, _ = visit(bundled / "out", *started("greet", "plug"), {"until": ENDED, "do": f"[{OUTPUT}, {STATUS}]"})
    assert said[2][0] == "$ greet plug\n1.50 plugged\n"
    assert said[2][1].startswith("exit status 0")


def test_a_program_that_loops_is_stopped(visit, bundled) -> None:
    """The page goes on meanwhile; then it runs the next."""
    said, _ = visit(
        bundled / "out",
        *started("spin"),
        {"until": f"{OUTPUT}.includes('round')", "do": "document.getElementById('stop').click(); true"},
        {"until": ENDED, "do": STATUS},
        *started("greet", "", "Ada\n")[1:],
        {"until": "/^exit/.test(" + STATUS + ")", "do": OUTPUT},
    )
    assert said[3].startswith("stopped after ")
    assert said[-1] == "$ greet\nhello, Ada\n"


def test_a_function_is_called_with_numbers_and_with_text(visit, bundled) -> None:
    def called(name: str, *given: str) -> dict[str, str]:
        choose = f"const f = document.getElementById('function'); f.value = {json.dumps(name)};"
        choose += "f.dispatchEvent(new Event('change'));"
        fill = f"document.querySelectorAll('.parameter').forEach((p, n) => (p.value = {json.dumps(given)}[n]));"
        begin = f"window.before = {OUTPUT}.length; document.getElementById('start').click(); true"
        return {"do": f"{{ {choose} {fill} }} {begin}"}

    answered = {"until": f"{OUTPUT}.length > window.before", "do": f"{OUTPUT}.slice(window.before)"}
    said, complaints = visit(
        bundled / "out",
        READY,
        chosen("libdemo.so"),
        {"do": "document.getElementById('declaration').textContent"},
        called("demo_half", "8"),
        answered,
        called("demo_half", "7"),
        answered,
        called("demo_upper", "straight"),
        answered,
        called("demo_wide", "-21"),
        answered,
    )
    assert said[1].startswith("int demo_half(int number)") or "demo_" in said[1]
    assert said[3] == "demo_half(8) = 4\n"
    assert said[5].startswith("demo_half(7): uncaught exception of type std::invalid_argument: odd")
    assert said[7] == 'demo_upper("straight") = "STRAIGHT"\n'
    assert said[9] == "demo_wide(-21) = -42\n"
    assert complaints == []


def test_the_keyboard_is_enough(visit, bundled) -> None:
    """Tab reaches every control, in their order; Enter and arrows do what a click does."""
    active = "document.activeElement.id || document.activeElement.getAttribute('class')"
    said, _ = visit(
        bundled / "out",
        READY,
        {"keys": ["Tab"], "do": active},
        {"keys": ["Tab"], "do": active},
        {"keys": ["Enter"], "until": f"{STATUS} === 'waiting for input'", "do": active},
        {"type": "Ada", "keys": ["Enter"], "until": f"{OUTPUT}.includes('hello')", "do": OUTPUT},
        {"keys": ["Tab"], "do": active},
        {"keys": ["Tab", "Enter"], "until": ENDED, "do": STATUS},
        {"do": "document.getElementById('graph').focus(); true"},
        {"keys": ["Tab"], "do": active},
        {"keys": ["ArrowDown", "Enter"], "do": "document.querySelector('#details h3').textContent"},
    )
    assert said[:2] == ["root", "arguments"]
    assert said[2] == "line"
    assert said[3] == "$ greet\nAda\nhello, Ada\n"
    assert said[5].startswith("exit status 0")
    assert said[7] == "program node-0"
    assert said[8].startswith("libc.so library")


def test_a_program_that_waits_for_input_is_stopped(visit, bundled) -> None:
    waits = f"{STATUS} === 'waiting for input'"
    said, complaints = visit(
        bundled / "out",
        *started(),
        {"until": waits, "do": "document.getElementById('stop').click(); true"},
        {"do": f"[{STATUS}, document.getElementById('typed').hidden]"},
        *started("greet", "", "Ada\n")[1:],
        {"until": ENDED + " && !/^stopped/.test(" + STATUS + ")", "do": f"[{OUTPUT}, {STATUS}]"},
    )
    assert said[3][0].startswith("stopped after ")
    assert said[3][1] is True
    assert said[-1][0] == "$ greet\nhello, Ada\n"
    assert complaints == []


def test_a_page_that_shares_no_memory_gives_what_was_given(visit, bundled) -> None:
    """In one file, from the disk: a program that reads more finds the end."""
    how = "document.getElementById('stdin-how').textContent"
    said, _ = visit(bundled / "page.html", *started(), {"until": ENDED, "do": f"[{OUTPUT}, {how}]"})
    assert said[-1] == ["$ greet\n", "all of it"]


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_wider_than_a_phone(visit, bundled, width: int) -> None:
    said, _ = visit(
        bundled / "out",
        {"viewport": [width, 844]},
        READY,
        {"until": "document.querySelectorAll('.tile').length", "do": "document.documentElement.scrollWidth"},
    )
    assert said == [width]


def test_every_control_has_a_name(visit, bundled) -> None:
    unnamed = """[...document.querySelectorAll('button, input, select, textarea, [role=button], [tabindex]')].filter(
      (each) => !(each.labels?.length || each.getAttribute('aria-label') || each.getAttribute('aria-labelledby') ||
      each.textContent.trim())).map((each) => each.outerHTML)"""
    said, _ = visit(bundled / "out", READY, {"do": unnamed})
    assert said == [[]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("modules/libc.so.wasm", None, "error: cannot read `http://ADDRESS/modules/libc.so.wasm`: the server says 404"),
        ("modules/libc.so.wasm", b"\0asm\1\0\0\0", "error: not the file that the plan was made for: `/modules/libc.so"),
        ("plans/greet.json", None, "error: cannot read `http://ADDRESS/plans/greet.json`: the server says 404"),
        ("plans/greet.json", b"{}", "error: not the file that the plan was made for: `/plans/greet.json`"),
        ("wasmbuild/rest.mjs", None, "Failed to fetch dynamically imported module: http://ADDRESS/wasmbuild/rest.mjs"),
    ],
)
def test_what_is_missing_or_changed_is_told_in_the_page(
    visit, changed, name: str, content: bytes | None, said: str
) -> None:
    (changed / "out" / name).unlink()
    if content is not None:
        (changed / "out" / name).write_bytes(content)
    told, _ = visit(changed / "out", *started(), {"until": ENDED, "do": f"[{OUTPUT}, {STATUS}, location.host]"})
    output, status, address = told[2]
    assert said.replace("ADDRESS", address) in output
    assert status == "it could not be run"


def test_a_page_in_the_place_of_a_module_is_told(visit, changed) -> None:
    """As servers of single-page sites send, with status 200."""
    place = changed / "out" / "modules" / "libc.so.wasm"
    place.unlink()
    place.mkdir()
    (place / "index.html").write_text("<p>not here</p>")
    told, _ = visit(changed / "out", *started(), {"until": ENDED, "do": OUTPUT})
    assert "the server sent a page (HTML) in its place" in told[2]


def test_a_worker_that_cannot_start_is_told(visit, changed) -> None:
    (changed / "out" / "wasmbuild" / "loader.mjs").unlink()
    told, _ = visit(changed / "out", *started(), {"until": ENDED, "do": STATUS})
    assert told[2].startswith("the worker does not start")


def test_without_its_data_the_page_says_so(visit, changed) -> None:
    (changed / "out" / "page.json").unlink()
    problem = "document.getElementById('problem')"
    told, _ = visit(changed / "out", {"until": f"{problem} && !{problem}.hidden", "do": f"{problem}.textContent"})
    assert told[0].startswith("The page cannot show itself: page.json: the server says 404")
