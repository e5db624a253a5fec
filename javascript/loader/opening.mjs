// What needs the linker, which is loaded when it is needed: deciding how a root is loaded, and opening more in a process.

import * as linker from "../linker.mjs";
import { errors } from "../linker/explain.mjs";
import { dirname, normalised } from "../linker/paths.mjs";
import { DynamicLoader, explained, typesOf } from "./dl.mjs";
import { WasmbuildError } from "./errors.mjs";
import { Sight } from "./sight.mjs";

/**
 * How a root is loaded, and its modules. Raises WasmbuildError with everything that does not fit.
 * @param {import("./place.mjs").Place} place
 * @param {string[]} libraryPath
 * @param {Record<string, {type: any}>} host
 */
export function decideAll({ root, shelf }, libraryPath, host) {
  const decision = explained(() => linker.decideRoot(root, new linker.Search(shelf, libraryPath), typesOf(host)));
  if (!decision.plan) throw new WasmbuildError(...errors(decision));
  return { plan: decision.plan, libraries: decision.scope.libraries };
}

/**
 * Ask for libraries and all that they need.
 * @param {import("./place.mjs").Place} place
 * @param {string[]} libraryPath
 * @param {string[]} names
 */
export function fetchAll({ root, shelf, resolve }, libraryPath, names) {
  const search = new linker.Search(shelf, libraryPath);
  const main = search.module(root);
  for (const name of names) {
    const found = name.includes("/") ? search.open(normalised(resolve(name))) : search.find(name, main, main);
    if (!("searched" in found)) linker.findScope(found, (...asked) => search.find(...asked));
  }
}

/**
 * The dlopen family of a process that was made.
 * @param {import("./process.mjs").Process} process
 * @param {import("./program.mjs").Linked} linked
 * @param {string[]} paths of its modules
 * @param {import("./place.mjs").Place} place
 * @param {string[]} libraryPath
 * @param {[string, any][]} directories
 */
export function makeLoader(process, linked, paths, { shelf }, libraryPath, directories) {
  const libraries =
    linked.libraries ??
    linked.plan.modules.map((/** @type {any} */ { name, sha256 }, /** @type {number} */ number) =>
      linker.decodeLibrary(linked.images[number], name, shelf.real(paths[number]), name, sha256),
    );
  const places = paths.map((path) => dirname(path));
  const sight = new Sight(directories, places.map(shelf.real), libraryPath.map(shelf.real), shelf);
  return new DynamicLoader(process, libraries, sight, new linker.Search(shelf, libraryPath), dirname(shelf.real(paths[0])));
}
