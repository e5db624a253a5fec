// Modules that are fetched, and compiled while they come. The linker does not wait: what it asks for and is not there is
// fetched before it is asked again; or, in a worker, here and now.

import { basename } from "../linker/paths.mjs";
import { problem, WasmbuildError } from "./errors.mjs";
import { unreadable } from "./refusals.mjs";
import { sha256Now } from "./sha256.mjs";

/** @typedef {{bytes: Uint8Array | null, real: string}} Found null: there is none */

/** Whether it can be waited for: in a worker, and not in a page's main thread. */
const blocks = typeof XMLHttpRequest === "function" && typeof document === "undefined";

/** @param {string | URL} source @param {AbortSignal} [signal] @returns {import("./place.mjs").Place} */
export function place(source, signal) {
  const root = new URL(source, globalThis.location?.href);
  /** @type {Map<string, Found>} */
  const known = new Map();
  /** @type {WeakMap<Uint8Array, string>} */
  const hashes = new WeakMap();
  /** @type {Map<string, WebAssembly.Module>} */
  const compiled = new Map();
  /** @type {Promise<unknown>[]} what is being compiled */
  let compiling = [];
  /** @type {((path: string) => void) | null} notes what is asked for, while somebody can wait for it */
  let ask = null;

  const whole = (/** @type {string} */ path) => new URL(path, root).pathname;

  /** Under each of its names. @param {string} path @param {Found} found */
  function keep(path, found) {
    const same = known.get(found.real);
    known.set(path, same?.bytes ? same : found);
    if (!same?.bytes) known.set(found.real, found);
  }
  /** @param {string} path */
  async function fetchModule(path) {
    const found = await fetched(new URL(path, root).href, signal);
    hashes.set(found.bytes, await sha256(found.bytes));
    return found;
  }
  /** @param {string} path */
  async function put(path) {
    try {
      const found = await fetchModule(path);
      compiling.push(found.module.then((module) => module && compiled.set(hash(found.bytes), module)));
      keep(path, found);
    } catch (error) {
      if (!(error instanceof WasmbuildError)) throw error;
      known.set(path, { bytes: null, real: path });
      if (path === root.pathname) throw error; // of others, the linker says that they are nowhere
    }
  }
  /** @template T @param {T} result */
  async function whenCompiled(result) {
    const all = compiling;
    compiling = [];
    await Promise.all(all);
    return result;
  }
  /** @param {Uint8Array} bytes */
  const hash = (bytes) => {
    const before = hashes.get(bytes);
    const found = before ?? sha256Now(bytes);
    if (!before) hashes.set(bytes, found);
    return found;
  };

  return {
    root: root.pathname,
    resolve: (path) => new URL(path, globalThis.location?.href ?? root).pathname,
    read: async (path) => (await fetched(new URL(path, root).href, signal)).bytes,
    readModule: fetchModule,
    hash: async (bytes) => hashes.get(bytes) ?? sha256(bytes),
    compiled,
    isThere: blocks
      ? null
      : (act) => {
          let there = true;
          ask = (path) => (there &&= known.has(path));
          try {
            act();
          } finally {
            ask = null;
          }
          return there;
        },
    shelf: {
      get(path) {
        const name = whole(path);
        if (ask && !known.get(name)?.bytes) ask(name);
        if (!ask && !known.has(name)) {
          if (!blocks) throw notPrefetched(name);
          keep(name, fetchedNow(new URL(name, root).href));
        }
        return known.get(name)?.bytes ?? undefined;
      },
      sha256: hash,
      // A server's links are its redirections.
      real: (path) => known.get(whole(path))?.real ?? whole(path),
    },
    async when(act) {
      /** @type {Set<string>} what was not there before may be now, and is asked for once more */
      const tried = new Set();
      for (;;) {
        /** @type {Set<string>} */
        const wanted = new Set();
        ask = (path) => tried.has(path) || wanted.add(path);
        /** @type {{result: any} | {error: unknown}} */
        let ended;
        try {
          ended = { result: act() };
        } catch (error) {
          ended = { error };
        } finally {
          ask = null;
        }
        for (const path of wanted) tried.add(path);
        if (wanted.size) await Promise.all([...wanted].map(put));
        else if ("error" in ended) throw ended.error;
        else return whenCompiled(ended.result);
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

/**
 * What the server has there, and that compiled: null where only its bytes can tell whether it can be.
 * @param {string} address
 * @param {AbortSignal} [signal]
 */
async function fetched(address, signal) {
  try {
    const response = await fetch(address, { signal });
    if (!response.ok) throw unreadable(address, `the server says ${response.status} ${response.statusText}`.trim());
    const type = response.headers.get("content-type") ?? "";
    // Of any other type, engines do not take it while it comes.
    const module = /^application\/wasm\s*$/i.test(type)
      ? WebAssembly.compileStreaming(response.clone()).catch(() => null)
      : Promise.resolve(null);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (type.includes("html") && bytes[0] !== 0) throw unreadable(address, "the server sent a page (HTML) in its place");
    return { bytes, real: new URL(response.url || address).pathname, module };
  } catch (error) {
    if (error instanceof WasmbuildError) throw error;
    signal?.throwIfAborted();
    throw unreadable(address, error instanceof Error ? error.message : String(error), elsewhere(address));
  }
}

/** In hexadecimal. Of what came by plain `http:`, engines do not hash for a page. @param {Uint8Array} bytes */
async function sha256(bytes) {
  if (!crypto.subtle) return sha256Now(bytes);
  const hash = await crypto.subtle.digest("SHA-256", /** @type {any} */ (bytes));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Engines do not say why they keep something from a page. @param {string} address */
function elsewhere(address) {
  const { origin } = new URL(address);
  const here = globalThis.location?.origin;
  if (!here || origin === here) return [];
  return [`if ${origin} has it, it must allow pages of ${here}: \`Access-Control-Allow-Origin\``];
}

/** What the server has there, for C, which waits. @param {string} address @returns {Found} */
function fetchedNow(address) {
  const real = new URL(address).pathname;
  try {
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status < 200 || request.status > 299) return { bytes: null, real };
    return { bytes: new Uint8Array(request.response), real: new URL(request.responseURL).pathname };
  } catch {
    return { bytes: null, real };
  }
}
