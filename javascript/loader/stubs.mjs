// Functions that stand for others: those of modules that are made later, and those of lazy modules that may never come.

import { problem } from "./errors.mjs";
import { keyOf } from "./process.mjs";
import { canBeMade, openerModule, stubModule } from "./stubmodules.mjs";
import { nullFunction } from "./traps.mjs";

/** @typedef {import("./process.mjs").Process} Process */

/** Fill the table entries of functions of lazy modules, until these come. `open` gets an entry's index.
 * @param {Process} process @param {(act: (index: number) => void) => Function} asImport */
export function addOpeners(process, asImport) {
  /** @type {Map<number, any>} */
  const placed = new Map();
  for (const { index, function: each } of process.plan.table_entries) if (each.is === "opener") placed.set(index, each);
  const entries = Array.from(placed, ([index, { type }]) => /** @type {[number, any]} */ ([index, type]));
  if (!canBeMade(entries.map(([, type]) => type))) {
    throw problem("unsupported-type", "an opener of a type that is not known here");
  }
  const open = asImport((index) => {
    const { module, export: called } = placed.get(index >>> 0);
    // Not for a start function, which is called before all is there.
    if (process.whole && process.need(module, called)) return;
    throw nullFunction(process.linesOf);
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(openerModule(entries)), {
    env: { __indirect_function_table: /** @type {any} */ (process.table) },
    wasmbuild: { open: /** @type {any} */ (open) },
  });
  for (const [index, type] of entries) process.made.set(keyOf({ is: "stub", table_index: index, type }), exports[index]);
}

/** The stubs that modules need, all together: one module has those that there are not yet.
 * @param {Process} process @param {{imports: any[]}[]} modules */
export function addStubs(process, modules) {
  const needed = modules.flatMap((module) => module.imports.filter((value) => value.is === "stub"));
  const stubs = new Map(needed.map((stub) => [keyOf(stub), stub]));
  for (const key of [...stubs.keys()]) if (process.made.has(key)) stubs.delete(key);
  if (stubs.size === 0) return;
  const types = [...stubs.values()].map((stub) => stub.type);
  if (!canBeMade(types)) throw problem("unsupported-type", "a stub of a type that is not known here");
  const indexes = [...stubs.values()].map((stub) => stub.table_index);
  const made = instanceOf(process, stubModule(types), indexes);
  [...stubs.keys()].forEach((key, number) => process.made.set(key, made[number]));
}

/** Functions for table entries, in the order of their indexes. These are immutable, so that the engine may see through
 * them. @param {Process} process @param {Uint8Array} bytes @param {number[]} indexes */
function instanceOf(process, bytes, indexes) {
  const globals = indexes.map((at, n) => [n, new WebAssembly.Global({ value: "i32", mutable: false }, at)]);
  return new WebAssembly.Instance(new WebAssembly.Module(/** @type {any} */ (bytes)), {
    env: { __indirect_function_table: /** @type {any} */ (process.table) },
    "table index": Object.fromEntries(globals),
  }).exports;
}
