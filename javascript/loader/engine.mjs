// The engine: whether it can do what our modules ask for, and compiling.

import { RefusedByEngine } from "./errors.mjs";

// A function that takes an exnref: the standard encoding of exceptions, which setjmp and C++ are compiled to.
const WITH_EXCEPTIONS = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x69, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b,
]);

/** Raises WasmbuildError where the engine is too old. */
export async function checkEngine() {
  if (typeof WebAssembly === "object" && WebAssembly.validate(WITH_EXCEPTIONS)) return;
  throw (await import("./refusals.mjs")).tooOld();
}

/**
 * Compile modules side by side, each once: `known` has those that were compiled before, by the hash of their bytes.
 * @param {[{name: string, sha256: string}, Uint8Array][]} modules with their bytes
 * @param {Map<string, WebAssembly.Module>} known
 */
export async function compileAll(modules, known) {
  await Promise.all(
    modules.map(async ([{ name, sha256 }, image]) => {
      if (!known.has(sha256)) known.set(sha256, await compile(name, image));
    }),
  );
}

/**
 * @param {string} name
 * @param {Uint8Array} image
 */
export async function compile(name, image) {
  try {
    return await WebAssembly.compile(/** @type {any} */ (image));
  } catch (error) {
    throw refused(name, error);
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
 * @param {string} name
 * @param {unknown} error
 */
export function refused(name, error) {
  return new RefusedByEngine(name, error instanceof Error ? error.message : String(error));
}
