// What the engine raises, as our words. V8's, SpiderMonkey's and JavaScriptCore's messages differ; the kinds do not.

import { Trap } from "./errors.mjs";

/** Each kind, how engines say it, and what it means (the words of wasmbuild/loader/ending.py) where that is not the same; the
 * more special ones first. @type {[kind: string, said: RegExp, meaning?: string][]} */
const KINDS = [
  ["stack-overflow", /call stack|too much recursion/i],
  // V8 up to that of Node 24 does not tell which of the two.
  ["not-callable", /null function or/i, "call through a null function pointer, or one of another type"],
  ["null-function", /null function|call to null|null table entry/i, "call through a null function pointer"],
  ["wrong-function-type", /signature/i, "call through a function pointer of another type"],
  ["table-out-of-bounds", /table|index out of bounds/i, "call through a function pointer that is none"],
  ["memory-out-of-bounds", /out.of.bounds(?! trunc)/i, "memory access out of bounds"],
  ["integer-overflow", /divide result|integer overflow/i],
  ["integer-division-by-zero", /by zero/i],
  ["bad-conversion-to-integer", /unrepresentable|to integer|trunc/i, "conversion of a float that no integer holds"],
  ["unreachable", /unreachable/i, "unreachable code reached (abort, or a failed check of the compiler's)"],
  ["uncaught-exception", /(?!)/, "exception that nobody caught"], // which is no message
];

/** @param {string} kind */
const meaningOf = (kind) => KINDS.find(([each]) => each === kind)?.[2] ?? kind.replaceAll("-", " ");

/**
 * @typedef {{name: string, module: string, offset: number}} Frame a call: its function, the module, where in its file
 * @typedef {(frames: Frame[]) => (string | undefined)[]} LinesOf lines of the source
 */

/**
 * An error of the engine's that ended a guest, as a Trap; null for what is no such error.
 * @param {unknown} error
 * @param {LinesOf} linesOf
 */
export function trapOf(error, linesOf) {
  if (error instanceof Trap) return error;
  const kind =
    error instanceof WebAssembly.Exception
      ? "uncaught-exception"
      : error instanceof WebAssembly.RuntimeError || error instanceof RangeError
        ? (KINDS.find(([, said]) => said.test(error.message))?.[0] ?? "other")
        : null;
  return kind && new Trap(kind, kind === "other" ? /** @type {Error} */ (error).message : meaningOf(kind), backtraceOf(/** @type {Error} */ (error), linesOf));
}

/** What a call of what is not there ends in, where it is ours to say. @param {LinesOf} linesOf */
export const nullFunction = (linesOf) => new Trap("null-function", meaningOf("null-function"), backtraceOf(new Error(), linesOf));

/**
 * The calls of wasm that led to an error, a call a line, with the line of the source where it is known; calls that repeat are
 * counted.
 * @param {{stack?: string}} error
 * @param {LinesOf} linesOf
 */
export function backtraceOf(error, linesOf) {
  /** @type {Frame[]} */
  const frames = [];
  for (const line of (error.stack ?? "").split("\n")) {
    // V8: `at NAME (wasm://wasm/MODULE-HASH:wasm-function[12]:0x3a4)`, without NAME where there is none. Of what was
    // compiled while it came, the address is there instead.
    const found = /^\s*at (?:(.*) \()?(\S+):wasm-function\[(\d+)\]:(0x[0-9a-f]+)/.exec(line);
    if (!found) continue;
    const module = (/^wasm:\/\/wasm\/(?:(.*)-)?[0-9a-f]+$/.exec(found[2]) ?? [0, found[2].replace(/^.*\/|[?#].*/g, "")])[1];
    const name = found[1]?.slice(module && found[1].startsWith(`${module}.`) ? `${module}.`.length : 0);
    frames.push({ name: name || `function ${found[3]}`, module, offset: Number(found[4]) });
  }
  const places = linesOf(frames);
  /** @type {[string, number][]} */
  const lines = [];
  for (const [index, { name, module, offset }] of frames.entries()) {
    const place = places[index];
    const shown = `${name}  (${module || "a module"}, offset 0x${offset.toString(16)})${place ? ` at ${place}` : ""}`;
    const last = lines.at(-1);
    if (last?.[0] === shown) last[1] += 1;
    else lines.push([shown, 1]);
  }
  return lines.map(([text, count]) => (count === 1 ? text : `${text}  ${count} times`)).join("\n");
}
