// A place in which there is nothing but what a list names, as in a bundle: a needed library's name → its file and hash.
// Nothing else is asked for.

import { problem } from "./errors.mjs";
import { normalised } from "../linker/paths.mjs";
import { compiledMeanwhile, inPlace } from "./place.mjs";
import { differs } from "./refusals.mjs";

/** @typedef {{path: string, sha256: string, bytes?: Uint8Array}} Listed */

/**
 * @param {import("./place.mjs").Place} place
 * @param {Record<string, Listed>} modules by name; paths start at the root's directory
 * @returns {import("./place.mjs").Place}
 */
export function listed(place, modules) {
  const whole = (/** @type {string} */ path) => inPlace(place, path);
  /** @type {Map<string, Listed>} */
  const files = new Map();
  for (const [name, file] of Object.entries(modules)) {
    files.set(whole(name), file);
    files.set(whole(file.path), file);
  }
  const { shelf } = place;
  /** @type {WeakMap<Uint8Array, string>} */
  const hashes = new WeakMap();
  /** @type {Map<string, Uint8Array>} what was read, which is not asked for again */
  const known = new Map();

  /** @param {string} path @param {Uint8Array} bytes @param {string} hash */
  function keep(path, bytes, hash) {
    hashes.set(bytes, hash);
    known.set(path, bytes);
    return bytes;
  }

  return {
    ...place,
    async readModule(path) {
      const inside = files.get(normalised(path))?.bytes;
      const read = inside ? compiledMeanwhile(inside) : await place.readModule(path);
      keep(normalised(path), read.bytes, await place.hash(read.bytes));
      return read;
    },
    shelf: {
      ...shelf,
      get(path) {
        const file = files.get(normalised(path));
        if (!file) return undefined;
        const there = whole(file.path);
        const bytes = known.get(there) ?? file.bytes ?? shelf.get(there);
        if (!bytes) return undefined;
        const hash = hashes.get(bytes) ?? shelf.sha256(bytes);
        if (hash !== file.sha256) throw differs(there, file.sha256, hash, bytes.length);
        return keep(there, bytes, hash);
      },
      sha256: (bytes) => hashes.get(bytes) ?? shelf.sha256(bytes),
      real(path) {
        const file = files.get(normalised(path));
        return shelf.real(file ? whole(file.path) : path);
      },
    },
  };
}

/** @param {string[]} names @param {Record<string, Listed>} modules */
export function refuseUnlisted(names, modules) {
  const name = names.find((each) => !Object.hasOwn(modules, each));
  if (name === undefined) return;
  throw problem("library-not-found", `library not found: \`${name}\``, {
    facts: [["there are", Object.keys(modules).join(", ")]],
    help: ["name it when the bundle is made"],
  });
}
