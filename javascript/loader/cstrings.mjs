// C's strings, as dlopen and its like have them.

import { problem } from "./errors.mjs";

const NAME_LIMIT_BYTES = 4096;

/**
 * A name of the guest's. Raises WasmbuildError where it is none.
 * @param {WebAssembly.Memory} memory
 * @param {number} start
 */
export function nameAt({ buffer }, start) {
  const data = new Uint8Array(buffer).subarray(start || Infinity, start + NAME_LIMIT_BYTES);
  const end = data.indexOf(0);
  const at = `0x${start.toString(16)}`;
  if (end < 0) {
    const why = data.length === NAME_LIMIT_BYTES ? `longer than ${NAME_LIMIT_BYTES - 1} bytes` : "not a string";
    throw problem("dl-name", `not a name: ${why}, at ${at}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data.slice(0, end));
  } catch {
    throw problem("dl-name", `not a name: not UTF-8, at ${at}`);
  }
}

/**
 * As much of a text as there is room for, with the null byte; where there is none, nothing.
 * @param {string} text
 * @param {number} size
 */
export function cString(text, size) {
  if (size === 0) return new Uint8Array();
  const room = new Uint8Array(Math.min(size, text.length * 3 + 1));
  const { written } = new TextEncoder().encodeInto(text, room.subarray(0, room.length - 1));
  return room.subarray(0, written + 1);
}
