"""Bundles for Node: what is loaded out of them, what is refused, and what `--shrink` leaves."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs import npm_program
from running import TIMEOUT_S, find_node, run_in_node  # first: it knows where the next two are
from test_types import TYPESCRIPT, check

from wasmbuild.wasm.decode import decode

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["whole", "shrunk"])
def bundled(request, demo, tmp_path_factory, run_wasmbuild) -> Path:
    """A directory with the bundle in `out`. Nobody changes it."""
    directory: Path = tmp_path_factory.mktemp(request.param)
    more = ["--shrink"] if request.param == "shrunk" else []
    ran = run_wasmbuild("bundle", "--to", "node", "greet", "demo", *more, "-o", str(directory / "out"), cwd=demo)
    assert ran.status == 0, ran.stderr
    return directory


@pytest.fixture
def changed(bundled, tmp_path) -> Path:
    """One that the test may change."""
    shutil.copytree(bundled / "out", tmp_path / "out")
    return tmp_path


def test_a_program_runs(bundled) -> None:
    body = """
        let printed = "";
        const stdout = (data) => (printed += text(data));
        const p = await load("greet", { args: ["a", "b"], stdin: "Ada\\nAlan\\n", env: { STATUS: "3" }, stdout });
        say(await p.exited, printed, text(p.files["out.txt"]));
    """
    assert run_in_node(bundled, body) == [3, "hello, Ada\nhello, Alan\n", "2 arguments\n"]


def test_what_it_may_open_is_opened_and_found_by_name(bundled) -> None:
    """Also a function of libc that nobody imports: its name is in the program's data."""
    body = """
        let printed = "";
        const p = await load("greet", { args: ["plug"], stdout: (data) => (printed += text(data)) });
        say(await p.exited, printed);
    """
    assert run_in_node(bundled, body) == [0, "1.50 plugged\n"]


def test_a_library_is_called(bundled) -> None:
    body = """
        const l = await load("libdemo.so");
        const bytes = l.bytes(new TextEncoder().encode("hello"));
        const upper = l.call("demo_upper", l.bytes("straight"));
        say(l.call("demo_half", 8), l.call("demo_sum", bytes, 5) >>> 0, l.text(upper));
        say(String(l.call("demo_wide", 21n)));
        const error = await failure(() => l.call("demo_half", 7));
        say(error.name, error.typeName, error.what, l.call("demo_half", 4));
    """
    assert run_in_node(bundled, body) == [
        4, 127791473, "STRAIGHT", "42", "CppException", "std::invalid_argument", "odd", 2,
    ]  # fmt: skip


def test_two_loads_at_once_are_two_processes(bundled) -> None:
    body = """
        const printed = ["", ""];
        const run = async (number) => {
          const stdout = (data) => (printed[number] += text(data));
          return (await load("greet", { stdin: `${number}\\n`, stdout })).exited;
        };
        say(await Promise.all([run(0), run(1)]), printed);
    """
    assert run_in_node(bundled, body) == [[0, 0], ["hello, 0\n", "hello, 1\n"]]


def test_what_is_not_in_the_bundle_is_told_with_what_there_is(bundled) -> None:
    body = """
        say((await failure(() => load("grete"))).message);
        const p = await load("greet");
        say((await failure(() => p.open("libnone.so"))).message);
    """
    missing, unlisted = run_in_node(bundled, body)
    assert missing == "error: nothing in this bundle is called `grete`\n  there are: greet, libdemo.so"
    assert unlisted.startswith("error: library not found: `libnone.so`\n  there are: greet.wasm")


def test_a_module_that_was_changed_or_cut_short_is_refused(changed) -> None:
    """Also one that is opened later."""
    for name in ("libc.so.wasm", "libplug.so.wasm"):
        path = changed / "out" / "modules" / name
        path.write_bytes(path.read_bytes()[:-1])
    body = """
        say((await failure(() => load("libdemo.so"))).message);
        const p = await load("greet", { args: ["plug"] });
        say(await p.exited);
    """
    whole = changed / "out" / "modules" / "libc.so.wasm"
    [refused] = run_in_node(changed, body.partition("const p")[0])
    assert refused.startswith("error: not the file that the plan was made for: `")
    assert f"of {whole.stat().st_size} bytes" in refused
    assert "help: where it was copied or sent, it may have been cut short" in refused


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (b'{"version": 1', "error: not the file that the plan was made for: `"),
        (None, "error: cannot read `"),
    ],
)
def test_a_plan_that_was_cut_short_or_is_missing_is_told(changed, plan: bytes | None, said: str) -> None:
    path = changed / "out" / "plans" / "greet.json"
    path.unlink()
    if plan is not None:
        path.write_bytes(plan)
    [message] = run_in_node(changed, 'say((await failure(() => load("greet"))).message);')
    assert message.startswith(said)


def test_a_plan_of_another_version_is_told(bundled) -> None:
    body = 'say((await failure(() => load("greet", { plan: { version: 2 } }))).message);'
    index = (bundled / "out" / "index.mjs").read_text()
    assert '"plan": {' in index
    body = """
        const { loadBundled } = await import("./out/wasmbuild/loader.mjs");
        const root = { file: "modules/greet.wasm", plan: { version: 2 }, modules: {}, starts: [], opens: [] };
        const base = new URL("out/", import.meta.url);
        say((await failure(() => loadBundled(base, { greet: root }, "greet"))).message);
    """
    [message] = run_in_node(bundled, body)
    assert message.startswith("error: a plan of version 2, where 1 is known\nhelp: make it again")


def test_npm_packs_it_and_it_is_used_from_elsewhere(bundled, tmp_path) -> None:
    node = find_node()
    npm = Path(node).resolve().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not npm.is_file():
        pytest.skip(f"there is no npm beside {node}")
    run = {"capture_output": True, "text": True, "timeout": TIMEOUT_S, "check": True}
    packed: Any = subprocess.run([node, npm, "pack", "--json", bundled / "out"], cwd=tmp_path, **run)  # type: ignore[call-overload]
    archive = tmp_path / json.loads(packed.stdout)[0]["filename"]
    (tmp_path / "package.json").write_text("{}")
    install = ["install", "--offline", "--no-audit", "--ignore-scripts", "--prefix", tmp_path, archive]
    subprocess.run([node, npm, *install], cwd=tmp_path, **run)  # type: ignore[call-overload]
    script = 'import { load } from "demo"; const p = await load("greet", { stdin: "Ada\\n" }); await p.exited;'
    (tmp_path / "use.mjs").write_text(script)
    done = subprocess.run([node, "use.mjs"], cwd=tmp_path, **run)  # type: ignore[call-overload]
    assert done.stdout == "hello, Ada\n"


TYPED = """
import { load, roots, type Roots, type LibdemoSo, type CppException } from "./out/index.mjs";
const names: (keyof Roots)[] = roots;
const program = await load("greet", { args: names, files: { "in.txt": "" } });
const status: number = await program.exited;
const demo: LibdemoSo = await load("libdemo.so");
const half: number = demo.call("demo_half", status);
const wide: bigint = demo.call("demo_wide", 1n);
const upper: string = demo.text(demo.call("demo_upper", demo.bytes("text")));
demo.call("malloc", 4);
(await demo.open("libplug.so")).call("plug_in");
// @ts-expect-error: it takes a number
demo.call("demo_half", "7");
// @ts-expect-error: it takes a bigint
demo.call("demo_wide", 1);
// @ts-expect-error: there is none
await load("none");
export const what = (error: CppException): string | null => error.what ?? `${half} ${wide} ${upper}`;
"""


@pytest.mark.network
def test_typescript_knows_its_functions(bundled, tmp_path, pytestconfig) -> None:
    assert pytestconfig.cache is not None, "what npm installs is kept in pytest's cache"
    tsc = npm_program(TYPESCRIPT, "tsc", pytestconfig.cache.mkdir("npm"))
    shutil.copytree(bundled / "out", tmp_path / "out")
    (tmp_path / "uses.mts").write_text(TYPED)
    check(tsc, tmp_path, [str(tmp_path / "uses.mts")])


def test_shrunk_it_has_what_is_used_and_no_names(bundled) -> None:
    if not bundled.name.startswith("shrunk"):
        pytest.skip("of the bundle that was shrunk")
    modules = {path.name: decode(path.read_bytes(), path.name) for path in (bundled / "out" / "modules").iterdir()}
    libc, libcxx = modules["libc.so.wasm"], modules["libc++.so.wasm"]
    assert {"printf", "dlopen", "strlen", "malloc"} <= set(libc.exports_by_name)
    assert "qsort" not in libc.exports_by_name
    assert libc.size_bytes < 200_000
    assert libcxx.size_bytes < 400_000
    for module in modules.values():
        assert not any(
            section.name in ("name", "producers") or section.name.startswith(".debug") for section in module.sections
        )
