// What the engine raises, as our words. V8's, SpiderMonkey's and JavaScriptCore's messages differ; the kinds do not.

import { Trap } from "./errors.mjs";

const UNCAUGHT = ["uncaught-exception", "exception that nobody caught"];

/** Each kind, what it means (the words of wasmbuild/loader/ending.py), and how engines say it; the more special ones first.
 * @type {[kind: string, meaning: string, said: RegExp][]} */
const KINDS = [
  ["stack-overflow", "stack overflow", /call stack|too much recursion/i],
  // V8 up to that of Node 24 does not tell which of the two.
  ["not-callable", "call through a null function pointer, or one of another type", /null function or function signature/i],
  ["null-function", "call through a null function pointer", /null function|indirect call to null|to a null table entry/i],
  [
    "wrong-function-type",
    "call through a function pointer of another type",
    /function signature mismatch|indirect call signature|signature that does not match/i,
  ],
  [
    "table-out-of-bounds",
    "call through a function pointer that is none",
    /table.*out of bounds|out of bounds.*table|index out of bounds/i,
  ],
  ["memory-out-of-bounds", "memory access out of bounds", /out.of.bounds/i],
  ["integer-overflow", "integer overflow", /divide result unrepresentable|integer overflow/i],
  ["integer-division-by-zero", "integer division by zero", /by zero/i],
  [
    "bad-conversion-to-integer",
    "conversion of a float that no integer holds",
    /unrepresentable|invalid conversion to integer|out of bounds trunc/i,
  ],
  ["unreachable", "unreachable code reached (abort, or a failed check of the compiler's)", /unreachable/i],
];

/** @typedef {(module: string, offsets: number[]) => Map<number, string>} FindLines lines of the source, by offset */

/**
 * An error of the engine's that ended a guest, as a Trap; null for what is no such error.
 * @param {unknown} error
 * @param {FindLines} findLines
 */
export function trapOf(error, findLines) {
  if (error instanceof Trap) return error;
  if (error instanceof WebAssembly.Exception) return new Trap(UNCAUGHT[0], UNCAUGHT[1], backtraceOf(error, findLines));
  if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) return null;
  const [kind, meaning] = KINDS.find(([, , said]) => said.test(error.message)) ?? ["other", error.message];
  return new Trap(kind, meaning, backtraceOf(error, findLines));
}

/** What a call of what is not there ends in, where it is ours to say. @param {FindLines} findLines */
export function nullFunction(findLines) {
  const kind = "null-function";
  const meaning = KINDS.find(([each]) => each === kind)?.[1] ?? "";
  return new Trap(kind, meaning, backtraceOf(new Error(), findLines));
}

/**
 * The calls of wasm that led to an error, a call a line, with the line of the source where it is known; calls that repeat are
 * counted.
 * @param {{stack?: string}} error
 * @param {FindLines} findLines
 */
export function backtraceOf(error, findLines) {
  /** @type {{name: string, module: string, offset: number}[]} */
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
  /** @param {string} of */
  const offsetsIn = (of) => frames.filter(({ module }) => module === of).map(({ offset }) => offset);
  const modules = new Set(frames.map(({ module }) => module));
  const found = new Map([...modules].map((module) => [module, findLines(module, offsetsIn(module))]));
  /** @type {[string, number][]} */
  const lines = [];
  for (const { name, module, offset } of frames) {
    const place = found.get(module)?.get(offset);
    const shown = `${name}  (${module || "a module"}, offset 0x${offset.toString(16)})${place ? ` at ${place}` : ""}`;
    const last = lines.at(-1);
    if (last?.[0] === shown) last[1] += 1;
    else lines.push([shown, 1]);
  }
  return lines.map(([text, count]) => (count === 1 ? text : `${text}  ${count} times`)).join("\n");
}
