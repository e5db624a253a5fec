// From a file to a live process: link, verify, make, initialise.

import { wasi } from "../wasi/wasi.mjs";
import { checkEngine } from "./engine.mjs";
import { WasmbuildError } from "./errors.mjs";
import { filesFor, readVerified } from "./files.mjs";
import { Library, Program } from "./library.mjs";
import { makeProcess } from "./process.mjs";
import { worldOf } from "./world.mjs";

/**
 * Load a program or a library; constructors have run. docs/javascript.md has the options.
 * @param {string | URL} source
 * @param {any} options
 */
export async function load(source, options = {}) {
  checkEngine();
  const files = await filesFor(source);
  const plan = typeof options.plan === "string" ? JSON.parse(options.plan) : options.plan;
  if (!plan) throw new WasmbuildError({ code: "no-plan", headline: `no plan for \`${source}\`` });
  const images = await readVerified(plan, String(source), files);
  const name = plan.modules[0].name;
  const world = await worldOf(name.replace(/\.[^.]*$/, ""), options);
  /** @type {any} */
  let process = null;
  const functions = wasi(world, () => process.memory);
  process = await makeProcess(plan, images, {
    host: options.host ?? {},
    wasi: (each) => functions[each],
    loader: (each) => () => {
      throw new WasmbuildError({ code: "no-dlopen", headline: `nothing can be opened here: \`${each}\`` });
    },
    memoryBytes: options.memoryBytes,
    compiled: options.compiled ?? new Map(),
  });
  process.makeCalls(plan.initialise);
  return plan.start === null ? new Library(process, world) : new Program(process, world);
}
