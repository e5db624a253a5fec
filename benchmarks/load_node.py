"""Loading and running Lua (program, liblua, libc) in Node, beyond the start of Node alone: with the plan given, as in a
bundle, and decided by linker.mjs. The peer is emcc's main and side module; it is told where there is no emcc.
"""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

from benchmarks.measure import (
    Table,
    difference,
    environment,
    milliseconds,
    options,
    run,
    scratch,
    take_turns,
    wasmbuild,
)
from benchmarks.projects import of_recipe
from wasmbuild.testing.runtimes import find_node

LOADER = Path(__file__).resolve().parent.parent / "javascript" / "loader.mjs"

LOAD = """
import { load } from LOADER;
import { readFileSync } from "node:fs";
const given = PLAN ? { plan: readFileSync(PLAN, "utf8") } : {};
const lua = await load(PROGRAM, { ...given, args: ["-e", "print(6 * 7)"] });
process.exitCode = lua.main();
"""


def main() -> None:
    chosen = options(__doc__, runs=21)
    node = find_node()
    with scratch() as directory:
        env = environment(directory)
        project = of_recipe("lua", Path(directory, "lua"))
        run((*wasmbuild(), "build", "-j", str(chosen.jobs)), project, env)
        program, plan = project / "build" / "bin" / "lua.wasm", Path(directory, "plan.json")
        plan.write_text(run((*wasmbuild(), "plan", str(program)), project, env))

        def script(name: str, body: str, plan: Path | None) -> tuple[str, str]:
            path = Path(directory, f"{name}.mjs")
            values = {"LOADER": LOADER.as_uri(), "PLAN": str(plan) if plan else None, "PROGRAM": str(program)}
            for word, value in values.items():
                body = body.replace(word, json.dumps(value))
            path.write_text(body)
            return node, str(path)

        sides = {
            "Node alone": script("alone", "", None),
            "Lua, with the plan": script("planned", LOAD, plan),
            "Lua, decided in Node": script("decided", LOAD, None),
        }
        times = take_turns({name: partial(run, side, directory, env) for name, side in sides.items()}, chosen.runs)
    table = Table("Lua in Node", "", "process", "beyond Node alone")
    alone = times["Node alone"]
    for name, each in times.items():
        table.add(name, milliseconds(each), "" if each is alone else f"{difference(each, alone) * 1e3:.1f} ms")
    table.print()
    if shutil.which("emcc") is None:
        print("\nemcc is not on this machine: nothing to compare with")


if __name__ == "__main__":
    main()
