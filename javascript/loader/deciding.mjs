// How a root is loaded, where no plan says so: what this needs of the linker is loaded when it is needed.

import * as linker from "../linker.mjs";
import { compile } from "./engine.mjs";
import { WasmbuildError } from "./errors.mjs";

/**
 * The plan of a root, and its modules with their bytes. Raises WasmbuildError with everything that does not fit.
 * @param {import("./place.mjs").Place} place
 * @param {string[]} libraryPath
 * @param {Record<string, {type: any}>} host
 * @returns {Promise<import("./program.mjs").Linked>}
 */
export async function decideAll({ root, shelf, when, compiled }, libraryPath, host) {
  const search = new linker.Search(shelf, libraryPath);
  /** @type {import("../linker/decide.mjs").Decision} */
  let decision;
  try {
    decision = await when(() => linker.decideRoot(root, search, typesOf(host)));
  } catch (error) {
    throw error instanceof linker.NotALibrary ? await inWords(error) : error;
  }
  if (!decision.plan) throw await inWords(decision);
  const { libraries } = decision.scope;
  const images = libraries.map((each) => /** @type {Uint8Array} */ (shelf.get(each.identity)));
  const missing = decision.plan.instantiate.filter((number) => !compiled.has(libraries[number].sha256));
  await Promise.all(
    missing.map(async (number) => {
      const { name, sha256 } = libraries[number];
      compiled.set(sha256, await compile(name, images[number]));
    }),
  );
  return { plan: decision.plan, images, libraries };
}

/** @param {any} what does not fit, or is no library */
async function inWords(what) {
  const { errors } = await import("../linker/explain.mjs");
  return new WasmbuildError(...errors(what));
}

/** @param {Record<string, {type: any}>} host */
export const typesOf = (host) =>
  new Map(Object.entries(host).map(([name, { type }]) => [name, linker.funcType(type.params, type.results)]));
