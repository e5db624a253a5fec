// What only Node has: files, and standard input and output.

import { compiledMeanwhile } from "./place.mjs";
import { unreadable } from "./refusals.mjs";

// Not imported: a module of Node's that is imported is made into one of JavaScript's, with all that it has, for 2 ms each.
const fs = process.getBuiltinModule("node:fs");
const { relative, resolve } = process.getBuiltinModule("node:path");
const { fileURLToPath } = process.getBuiltinModule("node:url");

/** @param {string | URL} path */
const pathOf = (path) => resolve(String(path).startsWith("file:") ? fileURLToPath(path) : String(path));

/** @param {string} path */
function real(path) {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return path;
  }
}

/** @type {WeakMap<Uint8Array, string>} */
const hashes = new WeakMap();
/** @type {Map<string, {state: string, bytes: Uint8Array}>} */
const known = new Map();

/** @type {import("./place.mjs").Shelf & {shown: (path: string) => string}} */
const shelf = {
  /** The same bytes as long as it is the same file. */
  get(path) {
    const status = fs.statSync(path, { throwIfNoEntry: false });
    if (!status?.isFile()) return undefined;
    const state = `${status.dev} ${status.ino} ${status.size} ${status.mtimeMs}`;
    const before = known.get(path);
    if (before?.state === state) return before.bytes;
    const bytes = read(path);
    known.set(path, { state, bytes });
    return bytes;
  },
  sha256(bytes) {
    const hash = hashes.get(bytes) ?? process.getBuiltinModule("node:crypto").hash("sha256", bytes);
    hashes.set(bytes, hash);
    return hash;
  },
  real,
  shown(path) {
    const from = relative(process.cwd(), path);
    return from.startsWith("..") ? path : from;
  },
};

/** @param {string} path */
function read(path) {
  try {
    return fs.readFileSync(path);
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
    /** @type {Record<string, string>} */
    const words = { ENOENT: "No such file or directory", EISDIR: "Is a directory", EACCES: "Permission denied" };
    throw unreadable(path, words[code] ?? String(error));
  }
}

/** @param {string | URL} source @returns {import("./place.mjs").Place} */
export const place = (source) => ({
  root: real(pathOf(source)),
  resolve: pathOf,
  read: async (path) => read(path),
  readModule: async (path) => compiledMeanwhile(read(path)),
  shelf,
  when: async (act) => act(),
  hash: async (bytes) => shelf.sha256(bytes),
  compiled: new Map(),
  isThere: null,
});

/** What standard input has next; nothing is the end. @param {number} size */
export function readStdin(size) {
  const room = Buffer.alloc(Math.min(size, 65536));
  for (;;) {
    try {
      return room.subarray(0, fs.readSync(0, room));
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "EOF") return room.subarray(0, 0);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Write all of it, at once. @param {number} descriptor @returns {(data: Uint8Array) => void} */
export const writer = (descriptor) => (data) => {
  for (let done = 0; done < data.length; ) {
    try {
      done += fs.writeSync(descriptor, data, done);
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
};
