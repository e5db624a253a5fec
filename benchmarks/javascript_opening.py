"""Libraries that JavaScript opens in one process, in Node: 200 one after another, then one opened and closed again.

A library joins what is there already: whether the time per library grows with how many there are; whether what was
closed leaves memory, table entries or anything of Node's behind. Libraries are opened for themselves, and for all
(`join`, which is RTLD_GLOBAL). Times are the processor's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import wasmtime

from benchmarks.measure import Table, environment, options, run, scratch
from wasmbuild.testing.runtimes import find_node

LOADER = Path(__file__).resolve().parent.parent / "javascript" / "loader.mjs"
LIBRARIES, BATCH = 200, 40
CYCLES, WARM = 1000, 100

# Each has 32 functions and refers to one of the root's, by its address too; 1 KiB of data, 4 entries of the table.
LIBRARY = """
(module (@dylink.0 (mem-info (memory 1024 4) (table 4 0)))
  (import "env" "memory" (memory 0))
  (import "env" "__indirect_function_table" (table 0 funcref))
  (import "env" "__memory_base" (global i32))
  (import "env" "__table_base" (global $table i32))
  (import "env" "shared" (func $shared (param i32) (result i32)))
  (import "GOT.func" "shared" (global (mut i32)))
  (elem (global.get $table) func $f0 $f1 $f2 $f3)
  {functions})
"""
ROOT = """
(module (@dylink.0 (mem-info (memory 64 2) (table 1 0)))
  (import "env" "memory" (memory 0))
  (func (export "shared") (param i32) (result i32) (local.get 0)))
"""

SCRIPT = """
import { load } from LOADER;
const root = await load(ROOT);
const sizes = () => [root.memory.length, root.process.table.length, root.process.instances.size];
const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const batches = [];
for (let n = 0; n < LIBRARIES; n += BATCH) {
  const began = spent();
  for (let i = n; i < n + BATCH; i += 1) await root.open(`./lib${i}.so`, { join: JOIN });
  batches.push((spent() - began) / BATCH);
}
const opened = sizes();
const used = () => { gc(); const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
let before, began;
for (let i = 0; i < WARM + CYCLES; i += 1) {
  if (i === WARM) [before, began] = [[sizes(), used()], spent()];
  await (await root.open("./again.so")).close();
}
const cycle = (spent() - began) / CYCLES;
const grown = sizes().map((size, index) => size - before[0][index]);
console.log(JSON.stringify({ batches, opened, cycle, grown, heap: used() - before[1] }));
"""


def library(number: int) -> bytes:
    functions = "\n".join(
        f'(func $f{n} (export "f{n}_{number}") (param i32) (result i32) (call $shared (i32.const {n})))'
        for n in range(32)
    )
    return bytes(wasmtime.wat2wasm(LIBRARY.replace("{functions}", functions)))


def main() -> None:
    chosen = options(__doc__, runs=5)
    node = find_node()
    with scratch() as directory:
        env = environment(directory)
        for number in range(LIBRARIES):
            Path(directory, f"lib{number}.so").write_bytes(library(number))
        Path(directory, "again.so").write_bytes(library(LIBRARIES))
        Path(directory, "root.so").write_bytes(bytes(wasmtime.wat2wasm(ROOT)))
        constants = {"LIBRARIES": LIBRARIES, "BATCH": BATCH, "CYCLES": CYCLES, "WARM": WARM}
        values = {"LOADER": json.dumps(LOADER.as_uri()), "ROOT": '"root.so"', **constants}
        for join in (False, True):
            script = SCRIPT
            for word, value in {**values, "JOIN": json.dumps(join)}.items():
                script = script.replace(word, str(value))
            path = Path(directory, "opening.mjs")
            path.write_text(script)
            command = (node, "--expose-gc", str(path))
            show(join, [json.loads(run(command, directory, env)) for _ in range(chosen.runs)])


def show(join: bool, answers: list[Any]) -> None:
    table = Table(f"Opening libraries in one process, in Node{', for all' if join else ''}", "", "each", "of the first")
    quickest = [min(times) for times in zip(*(answer["batches"] for answer in answers), strict=True)]
    for batch, time in enumerate(quickest):
        table.add(f"{batch * BATCH + 1} to {(batch + 1) * BATCH}", f"{time:.2f} ms", f"{time / quickest[0]:.2f}")
    table.print()
    cycle = min(answer["cycle"] for answer in answers)
    memory, entries, instances = answers[-1]["grown"]
    heap = answers[-1]["heap"] / 1024
    print(f"\nopened and closed {CYCLES:,} times beside them, {cycle:.2f} ms each: {memory} bytes of memory,")
    print(f"{entries} table entries and {instances} instances more; Node uses {heap:,.0f} KiB more")


if __name__ == "__main__":
    main()
