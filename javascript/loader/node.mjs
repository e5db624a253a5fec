// What only Node has: files, and standard input and output.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { unreadable } from "./files.mjs";

/** @param {string | URL} path */
export const pathOf = (path) => (path instanceof URL || String(path).startsWith("file:") ? fileURLToPath(path) : String(path));

/** @type {import("./files.mjs").Files} */
export const files = {
  async read(path) {
    return readSync(path);
  },
  join: (base, path) => resolve(dirname(pathOf(base)), path),
};

/** @param {string} path */
export function readSync(path) {
  try {
    return new Uint8Array(fs.readFileSync(pathOf(path)));
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
    /** @type {Record<string, string>} */
    const words = { ENOENT: "no such file", EISDIR: "not a file", EACCES: "permission denied" };
    throw unreadable(path, words[code] ?? String(error));
  }
}

/** @param {Uint8Array} bytes */
export const sha256Sync = (bytes) => createHash("sha256").update(bytes).digest("hex");

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
