"""javascript/loader.mjs as whoever uses it does: scripts in Node, on modules of tests/cases."""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from casefiles import Means, make, read_case, wat
from nodejs import find_node
from scripts import InNode

JAVASCRIPT = Path(__file__).parents[2] / "javascript"
TIMEOUT_S = 120

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, means: Means) -> Run:
    """`run(CASE, BODY, name=value…)`: runs the body, in the directory of the case's modules, with `load` and the names
    given; what it hands to `say`."""

    def run_script(case: str, body: str, *flags: str, **given: Any) -> Any:
        directory = make(case, read_case(case), means)
        names = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
        imports = "load, CppException, ProcessDead, ProcessExited, Trap, WasmbuildError"
        script = tmp_path / "script.mjs"
        script.write_text(f"""
            import {{ {imports} }} from {json.dumps((JAVASCRIPT / "loader.mjs").as_uri())};
            const said = [];
            const say = (...values) => said.push(...values);
            const text = (data) => new TextDecoder().decode(data);
            const failure = async (act) => {{ try {{ await act(); }} catch (error) {{ return error; }} return null; }};
            {names}{body}
            process.stdout.write(JSON.stringify(said));
        """)
        command = [find_node(), *flags, script]
        done = subprocess.run(
            command, cwd=directory, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run_script


@pytest.fixture
def serve(means: Means) -> Iterator[Callable[[Path], str]]:
    """A server of a directory, on this machine alone."""
    servers = []

    def start(directory: Path) -> str:
        handler = partial(_Quiet, directory=str(directory))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def test_a_program_is_linked_and_run(run: Run) -> None:
    """Without a plan, as the linker decides: arguments, environment, files and streams are its own."""
    body = """
        let printed = "";
        const p = await load("root.wasm", { args: ["a b", "ü"], stdout: (data) => (printed += text(data)) });
        say(await p.exited, printed, p.trap);
    """
    assert run("libc-arguments", body) == [0, "0 [root]\n1 [a b]\n2 [ü]\n", None]


def test_what_a_program_writes_is_in_its_files(run: Run) -> None:
    case = read_case("libc-files")
    body = """
        const p = await load("root.wasm", { files, stdout: () => {} });
        say(await p.exited, Object.entries(p.files).map(([name, data]) => [name, text(data)]).sort());
    """
    status, files = run("libc-files", body, files=case.files)
    assert status == case.expect.exit
    assert dict(files) == {**case.files, **case.expect.files}


def test_a_library_is_called_and_calls_back(run: Run) -> None:
    body = """
        const c = await load("libc.so");
        const numbers = c.bytes(new Uint8Array(Int32Array.of(3, 1, 2).buffer));
        const compare = c.callback("(i32, i32) -> i32", (a, b) => {
          const at = new DataView(c.memory.buffer);
          return at.getInt32(a, true) - at.getInt32(b, true);
        });
        c.call("qsort", numbers, 3, 4, compare);
        say([...new Int32Array(numbers.data.buffer)]);
        say(c.call("strlen", c.bytes("four")), c.text(c.call("strerror", 44)));
        const stop = c.callback("(i32, i32) -> i32", () => { throw new RangeError("mine"); });
        const error = await failure(() => c.call("qsort", numbers, 3, 4, stop));
        say(error.name, error.message, c.alive, (await failure(() => c.call("strlen", 0))).name);
    """
    said = run("libc-files", body)
    assert said == [[1, 2, 3], 4, "No such file or directory", "RangeError", "mine", False, "ProcessDead"]


def test_a_callback_that_was_freed_gives_its_entry_to_the_next(run: Run) -> None:
    body = """
        const c = await load("libc.so");
        const entries = () => c.process.table.length;
        const before = entries();
        for (let i = 0; i < 100; i += 1) c.callback("(i32, i32) -> i32", () => i).free();
        say(entries() - before);
    """
    assert run("libc-files", body) == [1]


def test_an_exception_of_cxx_is_one_of_javascripts(run: Run) -> None:
    body = """
        const b = await load("libb.so");
        for (let i = 0; i < 3; i += 1) {
          const error = await failure(() => b.call("fail", 1));
          say(error instanceof CppException, error.typeName, error.what);
        }
        say(b.call("fail", 0), b.alive);
    """
    said = run("cpp-exception-out-of-an-exported-function", body)
    assert said == [True, "std::out_of_range", "too far"] * 3 + [0, True]


def test_a_trap_ends_the_program_with_the_status_of_an_abort(run: Run) -> None:
    body = """
        let told = "";
        const p = await load("root.wasm", { stderr: (data) => (told += text(data)), stdout: () => {} });
        say(await p.exited, p.trap.kind, told, p.alive);
    """
    status, kind, told, alive = run("libc-abort", body)
    assert (status, kind, alive) == (134, "unreachable", False)
    assert "error: `root.wasm` trapped: unreachable code reached" in told
    assert "(libc.so, offset 0x" in told


def test_opening_and_closing_a_thousand_times_takes_no_more_and_no_more(run: Run) -> None:
    """Memory and table are given back, and instances are collected."""
    body = """
        const p = await load("main.wasm", { stdout: () => {} });
        const sizes = () => [p.process.memory.buffer.byteLength, p.process.table.length, p.process.instances.size];
        const used = () => { gc(); const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
        let after, before;
        for (let i = 0; i < 1000; i += 1) {
          const opened = await p.open("./libbig.so");
          await opened.close();
          if (i === 99) before = [sizes(), used()];
        }
        say(before[0], sizes(), used() - before[1]);
    """
    before, after, grown_bytes = run("dl-memory-is-used-again", body, "--expose-gc")
    assert before == after
    assert grown_bytes < 4 << 20


def test_many_libraries_take_each_the_same(tmp_path: Path) -> None:
    """Of memory and of the table; and when all are closed, in another order, the process is as small as before."""
    text = """(module (@dylink.0 (mem-info (memory 70000 4) (table 3 0)))
      (import "env" "memory" (memory 0)) (import "env" "__indirect_function_table" (table 0 funcref))
      (import "env" "__table_base" (global $table i32)) (elem (global.get $table) func $f $f $f)
      (func $f (export "f@N@") (result i32) (i32.const @N@)))"""
    for number in range(100):
        (tmp_path / f"lib{number}.so").write_bytes(wat(text.replace("@N@", str(number))))
    body = """
      const root = await load("lib99.so");
      const { process } = root;
      const opened = [], entries = [process.table.length];
      for (let i = 0; i < 99; i += 1) {
        opened.push(await root.open(`./lib${i}.so`, { join: true }));
        entries.push(process.table.length);
      }
      const memory = root.memory.length;
      say(entries.slice(1).every((each, i) => each - entries[i] === 3));
      say(opened.every((each, i) => each.call(`f${i}`) === i));
      for (const each of opened.filter((_, i) => i % 2)) await each.close();
      for (const each of opened.filter((_, i) => i % 2 === 0)) await each.close();
      say(process.instances.size);
      for (let i = 0; i < 99; i += 1) await root.open(`./lib${98 - i}.so`);
      say(process.table.length === entries.at(-1), root.memory.length === memory);
    """
    assert InNode().run(body, directory=tmp_path) == [True, True, 1, True, True]


def test_what_is_opened_is_used_until_it_is_closed(run: Run) -> None:
    body = """
        const p = await load("main.wasm", { stdout: () => {} });
        const opened = await p.open("libadd.so");
        say(opened.name, opened.call("add", 2, 3));
        await opened.close();
        say((await failure(() => opened.call("add", 2, 3))).message);
        say((await failure(() => p.open("libnone.so"))).message);
    """
    name, five, closed, missing = run("dl-stale-pointer-traps", body)
    assert (name, five, closed) == ("libadd.so", 5, "error: `libadd.so` was closed")
    assert missing.startswith("error: library not found: `libnone.so`\n  searched: ")


def test_it_is_fetched_where_there_are_no_files(run: Run, serve: Callable[[Path], str], means: Means) -> None:
    """With all that it needs, and what C shall open: the linker asks again until everything is there."""
    case = "dl-stale-pointer-traps"
    address = serve(make(case, read_case(case), means))
    body = """
        let printed = "";
        const options = { stdout: (data) => (printed += text(data)), stderr: () => {}, prefetch: ["libadd.so"] };
        const p = await load(`${address}/main.wasm`, options);
        say(await p.exited, printed, p.trap.kind);
    """
    assert run(case, body, address=address) == [134, "closed\n", "not-callable"]


@pytest.mark.parametrize(
    ("file", "why"), [("none.wasm", "the server says 404"), ("page.html", "the server sent a page (HTML) in its place")]
)
def test_what_is_no_module_is_told(run: Run, serve: Callable[[Path], str], tmp_path: Path, file: str, why: str) -> None:
    (tmp_path / "page.html").write_text("<p>not here</p>")
    address = serve(tmp_path)
    plan = {"version": 1, "modules": [{"name": file, "path": file, "sha256": "", "imports": []}], "instantiate": [0]}
    body = "say((await failure(() => load(`${address}/${file}`, { plan }))).message);"
    [message] = run("libc-files", body, address=address, file=file, plan=plan)
    assert message.startswith(f"error: cannot read `{address}/{file}`: {why}")


def test_a_file_that_is_not_the_plans_is_refused_with_both_hashes(run: Run) -> None:
    plan = {
        "version": 1,
        "modules": [{"name": "root.wasm", "path": "root.wasm", "sha256": "00", "imports": []}],
        "instantiate": [0],
    }
    [message] = run("libc-files", 'say((await failure(() => load("root.wasm", { plan }))).message);', plan=plan)
    assert "not the file that the plan was made for" in message
    assert "expected: sha256:00\n  computed: sha256:" in message


def test_a_plan_of_another_version_is_refused(run: Run) -> None:
    body = 'say((await failure(() => load("root.wasm", { plan: { version: 2 } }))).message);'
    assert "a plan of version 2, where 1 is known" in run("libc-files", body)[0]


def test_an_engine_that_is_too_old_is_told_what_is_needed(run: Run) -> None:
    body = """
        WebAssembly.validate = () => false;
        WebAssembly.compile = async () => { throw new WebAssembly.CompileError("invalid value type"); };
        say((await failure(() => load("root.wasm"))).message);
    """
    [message] = run("libc-files", body)
    assert "this engine lacks WebAssembly's standard exceptions" in message
    assert "needed: Node 24.15" in message


def test_directories_of_the_machine_are_what_the_program_left(run: Run, tmp_path: Path) -> None:
    """It works on them in memory: links lead nowhere else, and what it did is there in the end."""
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "sub" / "old.txt").write_text("old")
    (root / "gone.txt").write_text("gone")
    (tmp_path / "secret.txt").write_text("secret")
    (root / "out").symlink_to(tmp_path / "secret.txt")
    body = """
        const c = await load("libc.so", { directories: { "/": root } });
        const open = (name, mode) => c.call("fopen", c.bytes(name), c.bytes(mode));
        say(open("/out", "r"), open("/../secret.txt", "r"));
        c.call("rename", c.bytes("/sub"), c.bytes("/moved"));
        c.call("remove", c.bytes("/gone.txt"));
        const file = open("/new.txt", "w");
        c.call("fputs", c.bytes("new"), file);
        c.call("fclose", file);
        await c.close();
    """
    assert run("libc-files", body, root=str(root)) == [0, 0]
    there = {path.relative_to(root).as_posix() for path in root.rglob("*")}
    assert there == {"out", "moved", "moved/old.txt", "new.txt"}
    assert (root / "moved" / "old.txt").read_text() == "old"
    assert (root / "new.txt").read_text() == "new"
    assert (tmp_path / "secret.txt").read_text() == "secret"
