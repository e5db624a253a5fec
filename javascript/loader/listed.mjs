// A place in which there is nothing but what a list names, as in a bundle: a needed library's name → its file and hash.
// Nothing else is asked for.

import { problem } from "./errors.mjs";
import { dirname, join, normalised } from "../linker/paths.mjs";
import { differs } from "./place.mjs";

/** @typedef {{path: string, sha256: string, bytes?: Uint8Array}} Listed */

/**
 * @param {import("./place.mjs").Place} place
 * @param {Record<string, Listed>} modules by name; paths start at the root's directory
 * @returns {import("./place.mjs").Place}
 */
export function listed(place, modules) {
  const directory = dirname(place.root);
  const whole = (/** @type {string} */ path) => normalised(join(directory, path));
  /** @type {Map<string, Listed>} */
  const files = new Map();
  for (const [name, file] of Object.entries(modules)) {
    files.set(whole(name), file);
    files.set(whole(file.path), file);
  }
  const { shelf } = place;
  /** @type {WeakMap<Uint8Array, string>} */
  const hashes = new WeakMap();
  return {
    ...place,
    read: async (path) => files.get(normalised(path))?.bytes ?? place.read(path),
    shelf: {
      ...shelf,
      get(path) {
        const file = files.get(normalised(path));
        if (!file) return undefined;
        if (file.bytes) {
          hashes.set(file.bytes, file.sha256);
          return file.bytes;
        }
        const bytes = shelf.get(whole(file.path));
        if (bytes && shelf.sha256(bytes) !== file.sha256) {
          throw differs(whole(file.path), file.sha256, shelf.sha256(bytes), bytes.length);
        }
        return bytes;
      },
      sha256: (bytes) => hashes.get(bytes) ?? shelf.sha256(bytes),
      real(path) {
        const file = files.get(normalised(path));
        return shelf.real(file ? whole(file.path) : path);
      },
    },
  };
}

/** @param {string} name @param {Record<string, Listed>} modules */
export function refuseUnlisted(name, modules) {
  if (Object.hasOwn(modules, name)) return;
  throw problem("library-not-found", `library not found: \`${name}\``, {
    facts: [["there are", Object.keys(modules).join(", ")]],
    help: ["name it when the bundle is made"],
  });
}
