// From a plan to a process: everything that it names is made, before any constructor runs.

import { Process } from "./process.mjs";

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
  const process = new Process(plan, options);
  begun(process);
  for (const number of atStart) {
    const compiled = process.compiled(plan.modules[number]);
    if (!WebAssembly.Module.customSections(compiled, ".debug_line").length) continue;
    process.lines ??= new (await import("./lines.mjs")).Lines();
    process.lines.note(compiled, plan.modules[number], () => images[number]);
  }
  if (plan.memory) {
    const maximum = Math.min(plan.memory.max_pages, Math.floor((options.memoryBytes ?? 2 ** 32) / PAGE_BYTES));
    if (plan.memory.pages > maximum) {
      throw (await import("./refusals.mjs")).moreThanItMayHave(plan, maximum);
    }
    try {
      process.memory = new WebAssembly.Memory({ initial: plan.memory.pages, maximum });
      process.table = new WebAssembly.Table({
        element: "anyfunc",
        initial: plan.table.size,
        maximum: plan.table.max_size ?? undefined,
      });
    } catch (error) {
      throw (await import("./refusals.mjs")).noRoom(plan, maximum, error);
    }
    process.stackPointer = new WebAssembly.Global({ value: "i32", mutable: true }, plan.memory.stack_high);
  }
  const starting = atStart.map((number) => plan.modules[number]);
  if (process.lazy.length || starting.some(needsStubs)) {
    const stubs = await import("./stubs.mjs");
    if (process.lazy.length) stubs.addOpeners(process, options.opening ?? ((act) => process.guarded(act)));
    stubs.addStubs(process, starting);
  }
  for (const number of atStart) {
    const instance = await process.instantiateLarge(plan.modules[number]);
    process.instances.set(number, instance);
    if (instance.exports.__wasmbuild_take_exception) process.cppException = (await import("./uncaught.mjs")).cppException;
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

/** @param {{imports: {is: string}[]}} module */
const needsStubs = ({ imports }) => imports.some((each) => each.is === "stub");
