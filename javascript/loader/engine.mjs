// The engine: compiling, and what it refuses.

import { problem } from "./errors.mjs";

/**
 * @param {string} name
 * @param {Uint8Array} image
 */
export async function compile(name, image) {
  try {
    return await WebAssembly.compile(/** @type {any} */ (image));
  } catch (error) {
    throw (await import("./refusals.mjs")).tooOld() ?? refused(name, error);
  }
}

/**
 * Here and now: in a page's main thread, engines refuse large modules.
 * @param {string} name
 * @param {Uint8Array} image
 */
export function compileSync(name, image) {
  try {
    return new WebAssembly.Module(/** @type {any} */ (image));
  } catch (error) {
    throw refused(name, error);
  }
}

/**
 * Why it does not take a module.
 * @param {string} name
 * @param {unknown} error
 */
export const refused = (name, error) =>
  problem("refused-by-engine", `the engine refuses \`${name}\``, {
    facts: [["it says", error instanceof Error ? error.message : String(error)]],
  });
