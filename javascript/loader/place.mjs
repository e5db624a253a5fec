// Where modules come from: files in Node, addresses elsewhere. What was read is compared with the hash in the plan.

import { dirname, join, normalised } from "../linker/paths.mjs";
import { compile } from "./engine.mjs";

/**
 * Paths are separated by `/`; of addresses, they are those of one origin.
 * @typedef {object} Shelf Files for the linker, which does not wait.
 * @property {(path: string) => Uint8Array | undefined} get
 * @property {(bytes: Uint8Array) => string} sha256
 * @property {(path: string) => string} real
 *
 * @typedef {object} Place
 * @property {string} root the path of the module that is loaded
 * @property {(path: string | URL) => string} resolve
 * @property {(path: string) => Promise<Uint8Array>} read raises WasmbuildError
 * @property {(path: string) => Promise<Read>} readModule raises WasmbuildError
 * @property {Shelf} shelf
 * @property {<T>(act: () => T) => Promise<T>} when what it returns, when all that it asks the shelf for is there
 * @property {(bytes: Uint8Array) => Promise<string>} hash as the shelf's, for whoever can wait
 * @property {((act: () => void) => boolean) | null} isThere whether all that it asks the shelf for was looked for; null where
 *   C can wait for the shelf
 * @property {Map<string, WebAssembly.Module>} compiled what was compiled while it came, by the hash of its bytes
 */

/**
 * A module, which is compiled meanwhile: to null where only its bytes can tell whether it can be.
 * @typedef {{bytes: Uint8Array, module: Promise<WebAssembly.Module | null>}} Read
 */

/** The path of what lies beside the root. @param {Place} place @param {string} path */
export const inPlace = ({ root }, path) => normalised(join(dirname(root), path));

/** Whether this is Node, or Deno and Bun, which are alike. */
export const hasFiles = Boolean(globalThis.process?.versions?.node);

/** @param {string | URL} source @param {AbortSignal} [signal] @returns {Promise<Place>} */
export async function placeOf(source, signal) {
  const isAddress = /^(https?|blob|data):/.test(String(source));
  return hasFiles && !isAddress ? (await import("./node.mjs")).place(source) : (await import("./web.mjs")).place(source, signal);
}

/**
 * The bytes of the modules that a plan has at the start, by their numbers: verified, and compiled.
 * @param {any} plan
 * @param {Place} place
 * @param {(module: number) => string} pathOf
 * @param {Map<string, Promise<Read>>} begun what is being read, by its path
 * @returns {Promise<Uint8Array[]>}
 */
export async function readVerified(plan, place, pathOf, begun) {
  /** @type {Uint8Array[]} */
  const images = [];
  await Promise.all(
    plan.instantiate.map(async (/** @type {number} */ index) => {
      const { name, sha256 } = plan.modules[index];
      const path = pathOf(index);
      const { bytes, module } = await (begun.get(path) ?? place.readModule(path));
      const computed = await place.hash(bytes);
      if (computed !== sha256) throw (await import("./refusals.mjs")).differs(path, sha256, computed, bytes.length);
      place.compiled.set(computed, (await module) ?? (await compile(name, bytes)));
      images[index] = bytes;
    }),
  );
  return images;
}

/** What is there already, as what is read. @param {Uint8Array} bytes @returns {Read} */
export const compiledMeanwhile = (bytes) => ({ bytes, module: compile("", bytes).catch(() => null) });
