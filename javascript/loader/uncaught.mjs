// What the exception of C++ was that nobody caught: its own library is asked.

import { CppException } from "./errors.mjs";
import { backtraceOf } from "./traps.mjs";

const LONGEST_BYTES = 2048;

/**
 * An exception of wasm's as what it is in C++; null where it is not of C++. Who `catches` goes on with the process: then
 * the exception ends here as in a `catch`. Else a terminate handler of the program's own is called, and raises what
 * that ended with.
 * @param {import("./process.mjs").Process} process
 * @param {any} exception
 * @param {boolean} catches
 */
export function cppException(process, exception, catches) {
  for (const { exports } of process.instances.values()) {
    const take = exports.__wasmbuild_take_exception;
    const tag = exports.__cpp_exception;
    if (!take || !tag || !process.memory || !exception.is(tag)) continue;
    const at = /** @type {Function} */ (take)(exception.getArg(tag, 0), Number(catches)) >>> 0;
    const texts = new DataView(process.memory.buffer, at, 8);
    const typeName = text(process.memory, texts.getUint32(0, true)) ?? "";
    const what = text(process.memory, texts.getUint32(4, true));
    return new CppException(typeName, what, catches, backtraceOf(exception, process.linesOf));
  }
  return null;
}

/**
 * @param {WebAssembly.Memory} memory
 * @param {number} address
 */
function text(memory, address) {
  if (address === 0) return null;
  const bytes = new Uint8Array(memory.buffer, address).subarray(0, LONGEST_BYTES);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.slice(0, end < 0 ? LONGEST_BYTES : end));
}
