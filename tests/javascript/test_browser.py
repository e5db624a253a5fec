"""javascript/loader.mjs in a page of Chromium, as whoever uses it does, under a policy that allows no eval."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from casefiles import Means, make, read_case
from scripts import InChromium, chromium_engine

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.link.plan import plan_text
from wasmbuild.loader.options import HostImport, ProcessOptions
from wasmbuild.loader.program import link_file
from wasmbuild.testing.chromium import find_chromium, open_browser
from wasmbuild.testing.site import module_address
from wasmbuild.wasm.module import FuncType

pytestmark = pytest.mark.slow

Run = Callable[..., Any]
LAZY = "lazy-libraries-of-c"
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


FETCHED = """
  const named = ({ name }) => name.match(/lib(one|two|three)[.]so/)?.[1];
  const fetched = () => performance.getEntriesByType("resource").map(named).filter(Boolean).sort();
  performance.clearResourceTimings();
"""


def plan_of(case: str, means: Means) -> str:
    directory = make(case, read_case(case), means)
    return plan_text(link_file(directory / read_case(case).root, ProcessOptions()).plan)


def test_lazy_libraries_are_fetched_when_they_are_called(run: Run, means: Means) -> None:
    """Chromium can suspend the call, in `exited`."""
    body = (
        FETCHED
        + """
      let printed = "";
      const p = await load(`${at}/main.wasm`, { plan, stdout: (data) => (printed += text(data)) });
      say(fetched(), await p.exited, fetched(), printed);
    """
    )
    before, status, after, printed = run(LAZY, body, plan=plan_of(LAZY, means))
    assert (before, status, after) == ([], 0, ["one", "two"])
    assert printed == read_case(LAZY).expect.stdout


def test_where_nobody_can_wait_lazy_libraries_are_fetched_at_the_start_or_as_said(run: Run, means: Means) -> None:
    body = (
        FETCHED
        + """
      const printed = [];
      const options = { plan, stdout: (data) => printed.push(text(data)), stderr: () => {} };
      const p = await load(`${at}/main.wasm`, { ...options, prefetch: "libone.so" });
      say(fetched(), p.main(), p.trap.kind, p.trap.message);
    """
    )
    fetched, status, kind, message = run(LAZY, body, plan=plan_of(LAZY, means))
    assert (fetched, status, kind) == (["one"], 134, "not-opened")
    assert message.startswith(
        "`libtwo.so` cannot be opened, at the call of `two`: not fetched before C asked for it: `libtwo.so`\n"
        "help: name it in `prefetch`"
    )
    case = "lazy-comes-at-the-first-call"
    body = """
      const logged = [];
      const host = { log: { type: { params: ["i32"], results: [] }, function: (n) => logged.push(n) } };
      const root = await load(`${at}/root.so`, { plan, host });
      say(root.call("late_is"), root.call("late_is"), [...logged]);
      const other = await load(`${at}/root.so`, { plan, host, prefetch: [] });
      say((await failure(() => other.call("late_is"))).kind);
    """
    directory = make(case, read_case(case), means)
    host = {"log": HostImport(FuncType(("i32",)), print)}
    plan = plan_text(link_file(directory / "root.so", ProcessOptions(host=host)).plan)
    assert run(case, body, plan=plan) == [42, 43, [1, 2], "not-opened"]


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
