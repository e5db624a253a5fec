// Modules that are fetched. The linker does not wait: what it asks for and is not there is fetched before it is asked
// again; or, in a worker, here and now.

import { basename } from "../linker/paths.mjs";
import { problem, WasmbuildError } from "./errors.mjs";
import { sha256, unreadable } from "./place.mjs";

/** Whether it can be waited for: in a worker, and not in a page's main thread. */
const blocks = typeof XMLHttpRequest === "function" && typeof document === "undefined";

/** @param {string | URL} source @returns {import("./place.mjs").Place} */
export function place(source) {
  const root = new URL(source, globalThis.location?.href);
  /** @type {Map<string, {bytes: Uint8Array | null, real: string}>} null: there is none */
  const known = new Map();
  /** @type {WeakMap<Uint8Array, string>} */
  const hashes = new WeakMap();
  /** @type {Set<string> | null} what is asked for, while somebody can wait for it */
  let asked = null;

  /** @param {string | URL} path */
  const resolve = (path) => new URL(path, globalThis.location?.href ?? root).pathname;
  const address = (/** @type {string} */ path) => new URL(path, root).href;
  const whole = (/** @type {string} */ path) => new URL(path, root).pathname;
  const read = async (/** @type {string} */ path) => (await fetched(address(path))).bytes;
  /** @param {string} path */
  async function put(path) {
    try {
      const found = await fetched(address(path));
      hashes.set(found.bytes, await sha256(found.bytes));
      known.set(path, found);
    } catch (error) {
      if (!(error instanceof WasmbuildError)) throw error;
      known.set(path, { bytes: null, real: path });
      if (path === root.pathname) throw error; // of others, the linker says that they are nowhere
    }
  }
  return {
    root: root.pathname,
    resolve,
    read,
    waits: true,
    blocks,
    shelf: {
      get(path) {
        const name = whole(path);
        if (known.has(name)) return known.get(name)?.bytes ?? undefined;
        if (asked) asked.add(name);
        else if (blocks) known.set(name, fetchedNow(address(name)));
        else throw notPrefetched(name);
        return known.get(name)?.bytes ?? undefined;
      },
      sha256: (bytes) => hashes.get(bytes),
      // A server's links are its redirections.
      real: (path) => known.get(whole(path))?.real ?? whole(path),
    },
    async when(act) {
      for (;;) {
        const wanted = (asked = new Set());
        /** @type {{result: any} | {error: unknown}} */
        let ended;
        try {
          ended = { result: act() };
        } catch (error) {
          ended = { error };
        } finally {
          asked = null;
        }
        if (wanted.size) await Promise.all([...wanted].map(put));
        else if ("error" in ended) throw ended.error;
        else return ended.result;
      }
    },
  };
}

/** @param {string} path */
function notPrefetched(path) {
  return problem("not-prefetched", `not fetched before C asked for it: \`${basename(path)}\``, {
    help: ["name it in `prefetch`, open it from JavaScript with `open`, or load the program in a worker, which may wait"],
  });
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
  return { bytes, real: new URL(response.url || address).pathname };
}

/** What the server has there, for C, which waits. @param {string} address */
function fetchedNow(address) {
  const real = new URL(address).pathname;
  try {
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.responseType = "arraybuffer";
    request.send();
    if (!request.status.toString().startsWith("2")) return { bytes: null, real };
    return { bytes: new Uint8Array(request.response), real: new URL(request.responseURL).pathname };
  } catch {
    return { bytes: null, real };
  }
}
