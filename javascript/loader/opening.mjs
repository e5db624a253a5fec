// Opening more in a process: this, and all of the linker, is loaded when it is needed.

import * as linker from "../linker.mjs";
import { dirname, normalised } from "../linker/paths.mjs";
import { DynamicLoader } from "./dl.mjs";
import { unreadable } from "./refusals.mjs";
import { Sight } from "./sight.mjs";
import { cppException } from "./uncaught.mjs";

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
export function makeLoader(process, linked, paths, place, libraryPath, directories) {
  process.cppException = cppException; // one of C++ may come
  const { shelf } = place;
  const libraries =
    linked.libraries ??
    linked.plan.modules.map((/** @type {any} */ { name, sha256 }, /** @type {number} */ number) =>
      linker.decodeLibrary(linked.images[number] ?? fetched(shelf, paths[number]), name, shelf.real(paths[number]), name, sha256),
    );
  const places = paths.map((path) => dirname(path));
  const sight = new Sight(directories, places.map(shelf.real), libraryPath.map(shelf.real), shelf);
  const search = new linker.Search(shelf, libraryPath);
  return new DynamicLoader(process, libraries, sight, search, dirname(shelf.real(paths[0])), place);
}

/** @param {import("./place.mjs").Shelf} shelf @param {string} path of a lazy library */
function fetched(shelf, path) {
  const bytes = shelf.get(path);
  if (bytes) return bytes;
  throw unreadable(path, "it is not there any more");
}
