"""javascript/loader.mjs in a page of Chromium, as whoever uses it does, under a policy that allows no eval."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from casefiles import Means, make, read_case
from scripts import InChromium, chromium_engine

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing.chromium import find_chromium, open_browser
from wasmbuild.testing.site import module_address

pytestmark = pytest.mark.slow

Run = Callable[..., Any]
FILES, CPP, DL = "libc-files", "cpp-exception-out-of-an-exported-function", "dl-stale-pointer-traps"


@pytest.fixture(scope="module")
def chromium() -> Iterator[InChromium]:
    try:
        program = find_chromium()
    except WasmbuildError as error:
        pytest.skip(str(error))
    with open_browser(program) as browser, chromium_engine(browser) as engine:
        yield engine


@pytest.fixture
def run(chromium: InChromium, means: Means) -> Run:
    """`run(CASE, BODY, name=value…)`: in a page's main thread; `at` is where the case's modules are."""

    def run_script(case: str, body: str, **given: Any) -> Any:
        directory = make(case, read_case(case), means)
        return chromium.run(body, at=module_address(chromium.site, directory), **given)

    return run_script


def test_a_program_runs_and_leaves_files(run: Run) -> None:
    case = read_case(FILES)
    body = """
      const p = await load(`${at}/root.wasm`, { files, stdout: () => {} });
      say(await p.exited, Object.fromEntries(Object.entries(p.files).map(([name, data]) => [name, text(data)])));
    """
    assert run(FILES, body, files=case.files) == [case.expect.exit, {**case.files, **case.expect.files}]


def test_an_exception_of_cxx_is_one_of_javascripts(run: Run) -> None:
    body = """
      const b = await load(`${at}/libb.so`);
      const thrown = await failure(() => b.call("fail", 1));
      say(thrown.name, thrown.typeName, thrown.what, b.call("fail", 0));
    """
    assert run(CPP, body) == ["CppException", "std::out_of_range", "too far", 0]


def test_a_trap_tells_the_calls_that_led_to_it(run: Run) -> None:
    """By functions and modules, as in Node, though engines call what they compiled while it came by its address."""
    body = """
      let told = "";
      const p = await load(`${at}/root.wasm`, { stderr: (data) => (told += text(data)), stdout: () => {} });
      say(await p.exited, p.trap.kind, p.trap.backtrace.split("\\n"));
    """
    status, kind, calls = run("libc-abort", body)
    assert (status, kind) == (134, "unreachable")
    assert re.fullmatch(r"(abort|function \d+)  \(libc.so, offset 0x[0-9a-f]+\)", calls[0])
    assert re.fullmatch(r"_start  \(root.wasm, offset 0x[0-9a-f]+\)", calls[-1])


def test_c_opens_what_was_prefetched(run: Run) -> None:
    body = """
      let printed = "";
      const options = { prefetch: "libadd.so", stdout: (data) => (printed += text(data)), stderr: () => {} };
      const p = await load(`${at}/main.wasm`, options);
      say(await p.exited, printed, p.trap.kind);
    """
    assert run(DL, body) == [134, "closed\n", "null-function"]


def test_c_opens_what_was_not_prefetched(run: Run) -> None:
    """Chromium can suspend it, in `exited`."""
    body = """
      let printed = "";
      const options = { stdout: (data) => (printed += text(data)), stderr: () => {} };
      const p = await load(`${at}/main.wasm`, options);
      say(await p.exited, printed, p.trap.kind);
    """
    assert run(DL, body) == [134, "closed\n", "null-function"]


def test_what_javascript_called_cannot_wait_and_is_told_so(run: Run) -> None:
    """A constructor that opens another library is called by JavaScript too: what it opens is not there."""
    body = """
      const p = await load(`${at}/main.wasm`);
      say(p.call("dlopen", p.bytes("libadd.so"), 2), p.text(p.call("dlerror")));
    """
    handle, told = run(DL, body)
    assert handle == 0
    assert told == (
        "not fetched before C asked for it: `libadd.so`\n"
        "help: name it in `prefetch`, open it from JavaScript with `open`, "
        "or load the program in a worker, which may wait"
    )
    body = """
      let printed = "";
      const p = await load(`${at}/main.wasm`, { stdout: (data) => (printed += text(data)) });
      say(await p.exited, printed.split("\\n")[0]);
    """
    assert run("dl-constructor-opens-another", body) == [
        0,
        "`libouter.so` failed to start: call through a null function pointer",
    ]


def test_javascript_opens_more_and_closes_it(run: Run) -> None:
    """Memory and table are then what they were."""
    body = """
      const p = await load(`${at}/main.wasm`);
      const sizes = () => [p.memory.length, p.process.table.length, p.process.instances.size];
      const opened = await p.open("libadd.so");
      say(opened.call("add", 2, 3));
      await opened.close();
      const once = sizes();
      for (let i = 0; i < 50; i += 1) await (await p.open("libadd.so")).close();
      say(String(sizes()) === String(once));
      await p.close();
      say((await failure(() => p.open("libadd.so"))).message);
    """
    assert run(DL, body) == [5, True, "the process is closed"]


def test_what_is_not_there_is_told(run: Run) -> None:
    [message] = run(FILES, "say((await failure(() => load(`${at}/none.wasm`))).message.replace(at, ''));")
    assert message == "error: cannot read `/none.wasm`: the server says 404 Not Found"
