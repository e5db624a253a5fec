// One run of a test, or of a program: `node child.mjs ORDER [RESULT]`. It runs in a thread, whose stack can be large.
// Standard input and output are the guest's. What happened goes to the file RESULT as JSON; without one, ORDER is the
// number of a descriptor, and the process ends as the program did. wasmbuild/testing/nodechild.py writes the order.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { raiser } from "./loader/process.mjs";
import { writer } from "./loader/node.mjs";
import { Program, trapText } from "./loader/library.mjs";
import { load, ProcessExited, Trap, WasmbuildError } from "./loader.mjs";

const STACK_MB = 200;
const TRAPPED = 134;

if (isMainThread) {
  const [, , order, result] = process.argv;
  const worker = new Worker(fileURLToPath(import.meta.url), {
    workerData: { order, result },
    resourceLimits: { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: 4096 },
  });
  worker.on("exit", (/** @type {number} */ status) => (process.exitCode ??= status));
  worker.on("error", (/** @type {Error} */ error) => {
    console.error(error);
    process.exitCode = 70;
  });
} else {
  const { order, result } = workerData;
  const given = JSON.parse(readFileSync(result ? order : Number(order), "utf8"));
  if (!result) {
    process.exitCode = await runProgram(given);
    process.exit(); // of a thread: that ends the thread
  } else {
    const { value, ...rest } = await carryOut(given);
    // A number as Python reads it: integers have no limit there, and NaN is one.
    writeFileSync(result, JSON.stringify({ ...rest, value: null }).replace('"value":null', `"value":${value ?? null}`));
  }
}

/** @param {any} order @returns {Promise<number>} the exit status */
async function runProgram(order) {
  try {
    const program = await loadAs(order);
    return program instanceof Program ? program.main() : 0;
  } catch (error) {
    if (error instanceof ProcessExited) return error.status;
    if (!(error instanceof Trap || error instanceof WasmbuildError)) throw error;
    const said = error instanceof Trap ? trapText(order.shown, error) : error.message;
    process.stderr.write(`${said}\n`);
    return error instanceof Trap ? TRAPPED : 1;
  }
}

/** @param {any} order */
function loadAs(order) {
  return load(order.module, {
    plan: order.plan,
    libraries: order.libraries,
    args: order.arguments,
    env: Object.fromEntries(order.environment),
    directories: Object.fromEntries(order.directories),
    host: hostOf(order.host),
    stdin: "inherit",
    terminal: order.terminal,
    memoryBytes: order.memory_limit_bytes ?? undefined,
  });
}

/** @param {any} order @returns {Promise<any>} */
async function carryOut(order) {
  /** @type {any} */
  let loaded = null;
  try {
    loaded = await loadAs(order);
    if (order.action === "run") return { kind: "exited", status: run(loaded) };
    if (order.action === "call") return { kind: "returned", ...called(loaded, order.call) };
    return { kind: "loaded" };
  } catch (error) {
    if (error instanceof ProcessExited) return { kind: "exited", status: error.status };
    if (error instanceof Trap) return { kind: "trapped", message: error.message, backtrace: error.backtrace };
    if (error instanceof WasmbuildError) return { kind: "refused", message: error.message };
    throw error;
  } finally {
    loaded?.opener.world.save();
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

/** Functions that print their arguments and return a number, or trap. @param {Record<string, any>} host */
function hostOf(host) {
  const print = writer(1);
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
