// Modules that are fetched. The linker does not wait: what it asks for and is not there is fetched before it is asked
// again.

import { WasmbuildError } from "./errors.mjs";
import { sha256, unreadable } from "./place.mjs";

/** @param {string | URL} source @returns {import("./place.mjs").Place} */
export function place(source) {
  const root = new URL(source, globalThis.location?.href);
  /** @type {Map<string, Uint8Array | null>} null: there is none */
  const known = new Map();
  /** @type {WeakMap<Uint8Array, string>} */
  const hashes = new WeakMap();
  /** @type {Set<string>} */
  const asked = new Set();

  /** @param {string | URL} path */
  const resolve = (path) => new URL(path, globalThis.location?.href ?? root).pathname;
  /** @param {string} path */
  const read = (path) => fetched(new URL(path, root).href);
  /** @param {string} path */
  async function put(path) {
    try {
      const bytes = await read(path);
      hashes.set(bytes, await sha256(bytes));
      known.set(path, bytes);
    } catch (error) {
      if (!(error instanceof WasmbuildError)) throw error;
      known.set(path, null);
      if (path === root.pathname) throw error; // of others, the linker says that they are nowhere
    }
  }
  const whole = (/** @type {string} */ path) => new URL(path, root).pathname;
  return {
    root: root.pathname,
    resolve,
    read,
    waits: true,
    shelf: {
      get(path) {
        const bytes = known.get(whole(path));
        if (bytes === undefined) asked.add(whole(path));
        return bytes ?? undefined;
      },
      sha256: (bytes) => /** @type {string} */ (hashes.get(bytes)),
      real: whole,
    },
    async when(act) {
      for (;;) {
        asked.clear();
        /** @type {{result: any} | {error: unknown}} */
        let ended;
        try {
          ended = { result: act() };
        } catch (error) {
          ended = { error };
        }
        if (asked.size) await Promise.all([...asked].map(put));
        else if ("error" in ended) throw ended.error;
        else return ended.result;
      }
    },
  };
}

/** @param {string} address */
async function fetched(address) {
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw unreadable(address, error instanceof Error ? error.message : String(error));
  }
  if (!response.ok) throw unreadable(address, `the server says ${response.status} ${response.statusText}`.trim());
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isPage = (response.headers.get("content-type") ?? "").includes("html");
  if (isPage && bytes[0] !== 0) throw unreadable(address, "the server sent a page (HTML) in its place");
  return bytes;
}
