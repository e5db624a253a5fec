// From a plan to a process: everything that it names is made, before any constructor runs.

import { basename } from "../linker/paths.mjs";
import { compileAll } from "./engine.mjs";
import { problem } from "./errors.mjs";
import { Process } from "./process.mjs";
import { addOpeners, addStubs } from "./stubs.mjs";

const PAGE_BYTES = 65536;

/**
 * Make everything that a plan has at the start, before any constructor runs. `images` are the modules' bytes, by their
 * numbers, verified. `begun` gets the process before anything of it runs.
 * @param {any} plan
 * @param {Uint8Array[]} images
 * @param {import("./process.mjs").ProcessOptions} options
 * @param {(process: Process) => void} begun
 */
export async function makeProcess(plan, images, options, begun) {
  /** @type {number[]} */
  const atStart = plan.instantiate;
  await compileAll(atStart.map((number) => [plan.modules[number], images[number]]), options.compiled);
  const process = new Process(plan, options);
  begun(process);
  // Of what was compiled while it came, engines know the file's name.
  for (const number of atStart) {
    const { name, path, sha256 } = plan.modules[number];
    process.note([name, basename(path)], sha256, () => images[number]);
  }
  if (process.debugged.size) process.findLines = (await import("./dwarf.mjs")).findLines;
  if (plan.memory && plan.table) {
    const maximum = Math.min(plan.memory.max_pages, Math.floor((options.memoryBytes ?? 2 ** 32) / PAGE_BYTES));
    if (plan.memory.pages > maximum) {
      throw problem("no-memory", `it starts with more memory than it may have: \`${plan.modules[0].name}\``, {
        facts: [
          ["needed", `${plan.memory.pages} pages`],
          ["at most", `${maximum} pages`],
        ],
      });
    }
    try {
      process.memory = new WebAssembly.Memory({ initial: plan.memory.pages, maximum });
      process.table = new WebAssembly.Table({
        element: "anyfunc",
        initial: plan.table.size,
        ...(plan.table.max_size === null ? {} : { maximum: plan.table.max_size }),
      });
    } catch (error) {
      throw problem("no-memory", `the engine has no room for a process: \`${plan.modules[0].name}\``, {
        facts: [
          ["needed", `${plan.memory.pages} pages of memory, up to ${maximum}, and ${plan.table.size} table entries`],
          ["it says", error instanceof Error ? error.message : String(error)],
        ],
        help: ["close other processes and pages, or give it a smaller limit: `memoryBytes`"],
      });
    }
    process.stackPointer = new WebAssembly.Global({ value: "i32", mutable: true }, plan.memory.stack_high);
  }
  if (process.lazy.length) addOpeners(process, options.opening ?? ((act) => process.guarded(act)));
  addStubs(process, atStart.map((number) => plan.modules[number]));
  for (const number of atStart) {
    process.instances.set(number, await process.instantiateLarge(plan.modules[number]));
  }
  if (!plan.memory) {
    const { memory, __indirect_function_table: table } = process.instances.get(0)?.exports ?? {};
    if (memory instanceof WebAssembly.Memory) process.memory = memory;
    if (table instanceof WebAssembly.Table) process.table = table;
  }
  process.fillEntries(plan.table_entries);
  process.whole = true;
  return process;
}
