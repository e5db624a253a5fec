"""Loading and running Lua (program, liblua, libc) in Node, beyond the start of Node alone: from a bundle, whole and
shrunk, and from where it was built, with its plan, and decided by linker.mjs; and how fast it runs. The peer is emcc's
main and side module, where there is emcc.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from benchmarks import emscripten
from benchmarks.figures import Figure, mean_of_ratios, ratios
from benchmarks.measure import (
    Table,
    difference,
    environment,
    milliseconds,
    options,
    ratio,
    run,
    scratch,
    take_turns,
    wasmbuild,
)
from benchmarks.projects import of_recipe
from wasmbuild.testing.runtimes import find_node

LOADER = Path(__file__).resolve().parent.parent / "javascript" / "loader.mjs"
BUNDLE, SHRUNK = "Lua, a bundle", "Lua, a bundle that was shrunk"
GOAL_LOAD, GOAL_RUN, GOAL_SIZE = 0.6, 1.05, 1.0

LOAD = """
import { load } from LOADER;
import { readFileSync } from "node:fs";
const given = PLAN ? { plan: readFileSync(PLAN, "utf8") } : {};
const lua = await load(PROGRAM, { ...given, args: process.argv.slice(2) });
process.exitCode = lua.main();
"""

BUNDLED = """
import { load } from LOADER;
const lua = await load("lua", { args: process.argv.slice(2) });
process.exitCode = lua.main();
"""

HELLO = ("-e", "print(6 * 7)")

WORK = {
    "recursion": "local function f(n) if n < 2 then return n end return f(n - 1) + f(n - 2) end n = f(32)",
    "strings": "for i = 1, 200000 do local s = ('item %d of %s'):format(i, i * 3)"
    " n = n + #s:gsub('%d', 'x'):upper() end",
    "tables": "local t = {} for i = 1, 400000 do t[i] = (i * 7919) % 400009 end table.sort(t) n = t[7]",
    "pcall": "for i = 1, 400000 do local ok = pcall(function(x) if x % 3 == 0 then error(x, 0) end end, i)"
    " n = n + (ok and 1 or 0) end",
}
TIMED = "local n = 0 local began = os.clock() {} io.write(n, ' ', os.clock() - began)"


def main() -> list[Figure]:
    chosen = options(__doc__, runs=21)
    node = find_node()
    with scratch() as directory:
        env = environment(directory)
        project = of_recipe("lua", Path(directory, "lua"))
        run((*wasmbuild(), "build", "-j", str(chosen.jobs)), project, env)
        program, plan = project / "build" / "bin" / "lua.wasm", Path(directory, "plan.json")
        plan.write_text(run((*wasmbuild(), "plan", str(program)), project, env))

        def bundled(name: str, *more: str) -> tuple[str, ...]:
            out = Path(directory, name)
            run((*wasmbuild(), "bundle", "--to", "node", *more, "-o", str(out)), project, env)
            return (*script(f"{name}-start", BUNDLED, None, out / "index.mjs"), *HELLO)

        def script(name: str, body: str, plan: Path | None, loader: Path = LOADER) -> tuple[str, str]:
            path = Path(directory, f"{name}.mjs")
            values = {"LOADER": loader.as_uri(), "PLAN": str(plan) if plan else None, "PROGRAM": str(program)}
            for word, value in values.items():
                body = body.replace(word, json.dumps(value))
            path.write_text(body)
            return node, str(path)

        planned = script("planned", LOAD, plan)
        sides = {
            "Node alone": script("alone", "", None),
            BUNDLE: bundled("bundle"),
            SHRUNK: bundled("shrunk", "--shrink"),
            "Lua, with the plan": (*planned, *HELLO),
            "Lua, decided in Node": (*script("decided", LOAD, None), *HELLO),
        }
        if not emscripten.is_here():
            loading(sides, directory, env, chosen.runs)
            print("\n  emcc is not on this machine: nothing to compare with")
            return []
        peer, side = emscripten.lua(project, env)
        theirs = (node, str(peer))
        found = loading({**sides, "emcc's": (*theirs, *HELLO)}, directory, env, chosen.runs)
        found += running(planned, theirs, directory, env, max(chosen.runs // 3, 1))
        ours = (project / "build/lib/liblua.so").stat().st_size / side.stat().st_size
    print(f"\n  liblua.so over emcc's side module with the same exports: {ours:.3f} (goal ≤ {GOAL_SIZE})")
    return [*found, Figure("load_node", "liblua.so / emcc's side module, bytes", (ours,), at_most=GOAL_SIZE)]


def loading(sides: dict[str, tuple[str, ...]], directory: str, env: dict[str, str], runs: int) -> list[Figure]:
    times = take_turns({name: partial(run, side, directory, env) for name, side in sides.items()}, runs)
    table = Table(f"Lua in Node ({runs} runs in turns)", "", "process", "beyond Node alone")
    alone = times["Node alone"]
    for name, each in times.items():
        table.add(name, milliseconds(each), "" if each is alone else f"{difference(each, alone) * 1e3:.1f} ms")
    table.print()
    if "emcc's" not in times:
        return []
    theirs = difference(times["emcc's"], alone)
    # A ratio of differences, each of a median: a turn's own is too noisy to divide by.
    whole, shrunk = (difference(times[side], alone) / theirs for side in (BUNDLE, SHRUNK))
    return [
        Figure("load_node", "load of Lua beyond Node / emcc's", (whole,), at_most=GOAL_LOAD),
        Figure("load_node", "the same, shrunk to what is used, as emcc's is", (shrunk,), at_most=GOAL_LOAD),
    ]


def running(
    ours: tuple[str, ...], theirs: tuple[str, ...], directory: str, env: dict[str, str], runs: int
) -> list[Figure]:
    """By Lua's own clock, so without loading."""
    table = Table(f"Lua's work in Node ({runs} runs in turns)", "", "ours", "emcc's", "emcc's / ours", "goal")
    each = []
    for name, work in WORK.items():
        times: dict[str, list[float]] = {"ours": [], "emcc's": []}
        for turn in range(-1, runs):
            for side, command in (("ours", ours), ("emcc's", theirs)):
                _, taken_s = run((*command, "-e", TIMED.format(work)), directory, env).split()
                if turn >= 0:
                    times[side].append(float(taken_s))
        each.append(ratios(times["emcc's"], times["ours"]))
        over = format(ratio(times["emcc's"], times["ours"]), ".2f")
        table.add(name, milliseconds(times["ours"]), milliseconds(times["emcc's"]), over, "")
    table.print()
    found = [Figure("load_node", f"Lua, {name}: emcc's / ours", of) for name, of in zip(WORK, each, strict=True)]
    return [*found, Figure("load_node", "emcc's / ours, geometric mean", mean_of_ratios(each), at_least=GOAL_RUN)]


if __name__ == "__main__":
    main()
