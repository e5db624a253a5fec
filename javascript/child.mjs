// One run of a test, or of a program, in Node: `node child.mjs ORDER [RESULT]`. It runs in a thread, whose stack can be
// large. Standard input and output are the guest's. What happened goes to the file RESULT as JSON; without one, ORDER is
// the number of a descriptor, and the process ends as the program did. wasmbuild/testing/nodechild.py writes the order.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { carryOut, loadAs } from "./carryout.mjs";
import { writer } from "./loader/node.mjs";
import { Program, trapText } from "./loader/library.mjs";
import { ProcessExited, Trap, WasmbuildError } from "./loader.mjs";

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
  const options = { directories: Object.fromEntries(given.directories), stdin: "inherit" };
  const means = { options, print: writer(1) };
  if (result) {
    writeFileSync(result, await carryOut(given, means));
  } else {
    process.exitCode = await runProgram(given, means);
    process.exit(); // of a thread: that ends the thread
  }
}

/**
 * @param {any} order
 * @param {import("./carryout.mjs").Means} means
 * @returns {Promise<number>} the exit status
 */
async function runProgram(order, means) {
  try {
    const program = await loadAs(order, means);
    return program instanceof Program ? program.main() : 0;
  } catch (error) {
    if (error instanceof ProcessExited) return error.status;
    if (!(error instanceof Trap || error instanceof WasmbuildError)) throw error;
    const said = error instanceof Trap ? trapText(order.shown, error) : error.message;
    process.stderr.write(`${said}\n`);
    return error instanceof Trap ? TRAPPED : 1;
  }
}
