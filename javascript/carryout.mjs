// One run of a test, wherever it runs: what an order says is done, and what happened is told. Orders are written by
// wasmbuild/testing/decided.py.

import { raiser } from "./loader/process.mjs";
import { load, ProcessExited, Trap, WasmbuildError } from "./loader.mjs";

/**
 * @typedef {object} Means what differs from place to place
 * @property {any} options of `load`
 * @property {(data: Uint8Array) => void} print on standard output
 */

/** @param {any} order @param {Means} means */
export function loadAs(order, { options, print }) {
  return load(order.module, {
    plan: order.plan,
    libraries: order.libraries,
    args: order.arguments,
    env: Object.fromEntries(order.environment),
    host: hostOf(order.host, print),
    terminal: order.terminal,
    memoryBytes: order.memory_limit_bytes ?? undefined,
    ...options,
  });
}

/**
 * What happened, as JSON.
 * @param {any} order
 * @param {Means} means
 */
export async function carryOut(order, means) {
  const { value, ...rest } = await outcome(order, means);
  // A number as Python reads it: integers have no limit there, and NaN is one.
  return JSON.stringify({ ...rest, value: null }).replace('"value":null', `"value":${value ?? null}`);
}

/** @param {any} order @param {Means} means @returns {Promise<any>} */
async function outcome(order, means) {
  /** @type {any} */
  let loaded = null;
  try {
    loaded = await loadAs(order, means);
    if (order.action === "run") return { kind: "exited", status: run(loaded) };
    if (order.action === "call") return { kind: "returned", ...called(loaded, order.call) };
    return { kind: "loaded" };
  } catch (error) {
    if (error instanceof ProcessExited) return { kind: "exited", status: error.status };
    if (error instanceof Trap) return { kind: "trapped", message: error.message, backtrace: error.backtrace };
    if (error instanceof WasmbuildError) return { kind: "refused", message: error.message };
    throw error;
  } finally {
    loaded?.opener.world?.save();
  }
}

/** @param {any} program */
function run(program) {
  program.run(program.process.export(0, program.process.plan.start), []);
  return 0;
}

/** @param {any} library @param {{name: string, type: any, numbers: string[]}} call */
function called(library, { name, type, numbers }) {
  const given = numbers.map((number, index) => valued(number, type.params[index]));
  const value = library.run(library.process.export(0, name), given);
  const [result] = type.results.length === 1 ? type.results : [""];
  return { value: ["i32", "i64", "f32", "f64"].includes(result) ? String(value) : '"a reference"', type: result };
}

/** @param {string} number @param {string} type */
function valued(number, type) {
  return type === "i64" ? BigInt(number) : Number(number);
}

/**
 * Functions that print their arguments and return a number, or trap.
 * @param {Record<string, any>} host
 * @param {(data: Uint8Array) => void} print
 */
function hostOf(host, print) {
  return Object.fromEntries(
    Object.entries(host).map(([name, { type, returns }]) => {
      if (returns === null) return [name, { type, function: raiser(name) }];
      const value = type.results.length ? valued(returns, type.results[0]) : undefined;
      const act = (/** @type {any[]} */ ...given) => {
        const shown = given.map((each, index) => (type.params[index][0] === "f" ? shownFloat(each) : String(each)));
        print(new TextEncoder().encode(`${shown.join(" ")}\n`));
        return value;
      };
      return [name, { type, function: act }];
    }),
  );
}

/** As C's `%.17g`. @param {number} number */
function shownFloat(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "nan" : number < 0 ? "-inf" : "inf";
  if (number === 0) return Object.is(number, -0) ? "-0" : "0";
  const [digits, exponent] = number.toExponential(16).split("e");
  const power = Number(exponent);
  const strip = (/** @type {string} */ text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (power >= -4 && power < 17) return strip(number.toFixed(Math.min(100, 16 - power)));
  return `${strip(digits)}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
