"""Loading what is fetched, and all that can go wrong with it: in Node, and in a page's main thread in Chromium."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from casefiles import Means, make, read_case
from scripts import Engine, InChromium, InNode, chromium_engine, unkind_server

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing.chromium import find_chromium, open_browser

FILES, ADDS = "libc-arguments", "dl-stale-pointer-traps"


@pytest.fixture(scope="module")
def in_chromium() -> Iterator[InChromium]:
    try:
        program = find_chromium()
    except WasmbuildError as error:
        pytest.skip(str(error))
    with open_browser(program) as browser, chromium_engine(browser) as engine:
        yield engine


@pytest.fixture(params=["node", pytest.param("chromium", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest) -> Engine:
    return InNode() if request.param == "node" else request.getfixturevalue("in_chromium")


@pytest.fixture
def unkind(means: Means) -> Iterator[Callable[[str], str]]:
    """The address of a server of a case's modules, that is as unkind as the path says: see `scripts`."""
    servers = []

    def start(case: str) -> str:
        servers.append(unkind_server(make(case, read_case(case), means)))
        return servers[-1].__enter__()

    yield start
    for server in servers:
        server.__exit__(None, None, None)


RUNS = """
  const run = async (options = {}, how = "kind") => {
    let printed = "";
    const given = { args: ["a"], stdout: (data) => (printed += text(data)), ...options };
    const p = await load(`${address}/${how}/root.wasm`, given);
    return [await p.exited, printed];
  };
"""
SAID = [0, "0 [root]\n1 [a]\n"]


def test_modules_are_compiled_while_they_come(engine: Engine, unkind: Callable[[str], str]) -> None:
    body = """
      const { compile, compileStreaming } = WebAssembly;
      let streamed = 0, whole = 0;
      WebAssembly.compileStreaming = (...given) => (streamed++, compileStreaming(...given));
      WebAssembly.compile = (...given) => (whole++, compile(...given));
      say(await run(), streamed, whole);
    """
    assert engine.run(RUNS + body, address=unkind(FILES)) == [SAID, 2, 0]


def test_a_page_that_came_by_plain_http_hashes_by_itself(engine: Engine, unkind: Callable[[str], str]) -> None:
    """Engines keep `crypto.subtle` from it."""
    body = """
      const { sha256 } = (await load(`${address}/kind/root.wasm`)).process.plan.modules[0];
      Object.defineProperty(globalThis.crypto, "subtle", { value: undefined });
      const again = await load(`${address}/kind/root.wasm`, { args: ["a"], stdout() {} });
      say(again.process.plan.modules[0].sha256 === sha256, await again.exited);
    """
    assert engine.run(body, address=unkind(FILES)) == [True, 0]


def test_a_server_that_gives_another_type_is_no_matter(engine: Engine, unkind: Callable[[str], str]) -> None:
    body = """
      const { compileStreaming } = WebAssembly;
      let streamed = 0;
      WebAssembly.compileStreaming = (...given) => (streamed++, compileStreaming(...given));
      say(await run({}, "plain"), streamed);
    """
    assert engine.run(RUNS + body, address=unkind(FILES)) == [SAID, 0]


def test_two_loads_at_once_are_two_processes(engine: Engine, unkind: Callable[[str], str]) -> None:
    body = """
      const several = ["a", "b", "c"].map((each) => run({ args: [each] }));
      say(...(await Promise.all(several)).map(([status, printed]) => printed));
    """
    said = engine.run(RUNS + body, address=unkind(FILES))
    assert said == [f"0 [root]\n1 [{each}]\n" for each in "abc"]


def test_a_load_that_is_aborted_is_rejected_with_the_reason(engine: Engine, unkind: Callable[[str], str]) -> None:
    """While a module comes, and before anything is asked for."""
    body = """
      const controller = new AbortController();
      const failing = failure(() => run({ signal: controller.signal }, "slow"));
      setTimeout(() => controller.abort(), 200);
      say((await failing).name);
      say((await failure(() => run({ signal: AbortSignal.abort(new RangeError("mine")) }, "none"))).message);
      say(await run({ signal: new AbortController().signal }));
    """
    assert engine.run(RUNS + body, address=unkind(FILES)) == ["AbortError", "mine", SAID]


def test_an_abort_keeps_constructors_from_running(engine: Engine, unkind: Callable[[str], str]) -> None:
    """All was fetched, and was being compiled: nothing of it ran."""
    body = """
      const controller = new AbortController();
      const { instantiate } = WebAssembly;
      WebAssembly.instantiate = (...given) => (controller.abort(), instantiate(...given));
      let printed = "";
      const options = { signal: controller.signal, stdout: (data) => (printed += text(data)) };
      say((await failure(() => load(`${address}/kind/root.wasm`, options))).name, printed);
    """
    assert engine.run(body, address=unkind(FILES)) == ["AbortError", ""]


def test_what_failed_once_is_asked_for_again(engine: Engine, unkind: Callable[[str], str]) -> None:
    body = """
      say((await failure(() => run({}, "flaky"))).message.split("\\n")[0].replace(address, ""));
      say((await failure(() => run({}, "flaky"))).message.split("\\n")[0]);
      say(await run({}, "flaky"));
    """
    first, second, third = engine.run(RUNS + body, address=unkind(FILES))
    assert first == "error: cannot read `/flaky/root.wasm`: the server says 503 Service Unavailable"
    assert second == "error: needed library not found: `libc.so`"
    assert third == SAID


def test_a_library_that_could_not_be_opened_can_be_later(engine: Engine, unkind: Callable[[str], str]) -> None:
    body = """
      const p = await load(`${address}/kind/main.wasm`, { libraries: `${address}/flaky` });
      say((await failure(() => p.open(`${address}/flaky/libadd.so`))).message.split("\\n")[0].replace(address, ""));
      say((await p.open(`${address}/flaky/libadd.so`)).call("add", 2, 3));
    """
    said = engine.run(body, address=unkind(ADDS))
    assert said == ["error: cannot read `/flaky/libadd.so`: No such file or directory", 5]


def test_a_module_that_is_cut_short_is_told(engine: Engine, unkind: Callable[[str], str]) -> None:
    body = "say((await failure(() => run({}, 'cut'))).message.split('\\n')[0].replace(address, ''));"
    [said] = engine.run(RUNS + body, address=unkind(FILES))
    assert said.startswith("error: cannot read `/cut/root.wasm`: ")


@pytest.mark.slow
def test_a_server_that_does_not_allow_the_page_is_named(in_chromium: InChromium, unkind: Callable[[str], str]) -> None:
    body = "say((await failure(() => run({}, 'private'))).message, location.origin);"
    address = unkind(FILES)
    said, here = in_chromium.run(RUNS + body, address=address)
    assert said.startswith(f"error: cannot read `{address}/private/root.wasm`: Failed to fetch\n")
    assert said.endswith(f"help: if {address} has it, it must allow pages of {here}: `Access-Control-Allow-Origin`")


def test_no_room_for_a_process_is_told_with_what_it_needs(engine: Engine, unkind: Callable[[str], str]) -> None:
    body = """
      const { Memory } = WebAssembly;
      WebAssembly.Memory = class { constructor() { throw new RangeError("could not allocate memory"); } };
      say((await failure(run)).message);
      WebAssembly.Memory = Memory;
      say(await run());
    """
    message, after = engine.run(RUNS + body, address=unkind(FILES))
    assert message.startswith("error: the engine has no room for a process: `root.wasm`\n  needed:  ")
    assert "could not allocate memory" in message
    assert "`memoryBytes`" in message
    assert after == SAID


def test_a_load_that_fails_leaves_nothing(unkind: Callable[[str], str]) -> None:
    """A hundred processes that were not finished are not there any more, nor what they were made of."""
    body = """
      const used = async () => {
        for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setTimeout(resolve, 10)), gc();
        const { heapUsed, external } = process.memoryUsage();
        return heapUsed + external;
      };
      const { instantiate } = WebAssembly;
      let first;
      for (let i = 0; i < 120; i += 1) {
        WebAssembly.instantiate = async (...given) => { throw new WebAssembly.LinkError("no"); };
        say((await failure(run)).name);
        WebAssembly.instantiate = instantiate;
        if (i === 19) first = await used();
      }
      say((await used()) - first, await run());
    """
    *failed, grown_bytes, after = InNode("--expose-gc").run(RUNS + body, address=unkind(FILES))
    assert set(failed) == {"WasmbuildError"}
    assert grown_bytes < 4 << 20
    assert after == SAID


@pytest.mark.slow
def test_a_large_library_loads_in_a_pages_main_thread(in_chromium: InChromium, means: Means, tmp_path: Path) -> None:
    """Chromium neither compiles nor instantiates more than 8 MiB there while it is waited for."""
    made = make(FILES, read_case(FILES), means)
    padding = b"\x07padding" + bytes(9 << 20)
    size = len(padding)
    leb = bytes((size >> shift & 127) | (128 if shift < 28 else 0) for shift in range(0, 35, 7))
    (tmp_path / "root.wasm").write_bytes((made / "root.wasm").read_bytes() + b"\0" + leb + padding)
    shutil.copyfile(made / "libc.so", tmp_path / "libc.so")
    with unkind_server(tmp_path) as address:
        assert in_chromium.run(RUNS + "say(await run());", address=address) == [SAID]


def test_a_real_node_that_is_too_old_is_told_so(means: Means) -> None:
    """Not only what says so: its V8 reads our files, and gets to the module that it refuses."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node on PATH")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()[1:]
    if not 18 <= int(version.split(".")[0]) < 24:
        pytest.skip(f"Node {version} on PATH is not one that is too old")
    made = make(FILES, read_case(FILES), means)
    [said] = InNode(node=node).run("say((await failure(() => load('root.wasm'))).message);", directory=made)
    assert said == (
        "error: this engine lacks WebAssembly's standard exceptions\n"
        f"  found:  Node {version}\n"
        "  needed: Node 24.15, Chrome 137, Firefox 131, Safari 18.4, or a later version"
    )
