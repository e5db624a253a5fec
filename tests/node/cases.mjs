// Carries cases out in Node: a job a line on standard input, each in a thread of its own with a large stack; what came
// out a line on standard output. Both are JSON.

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { carryOut } from "./casework.mjs";

const TIMEOUT_MS = 60_000;
const STACK_MB = 200;

if (isMainThread) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await inThread(JSON.parse(line)))}\n`);
  }
} else {
  parentPort?.postMessage(await carryOut(workerData));
}

function inThread(job) {
  return new Promise((resolve) => {
    const resourceLimits = { stackSizeMb: STACK_MB };
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: job, resourceLimits });
    const timer = setTimeout(() => worker.terminate(), TIMEOUT_MS);
    const ended = (what) => {
      clearTimeout(timer);
      resolve(what);
    };
    worker.on("message", ended);
    worker.on("error", (error) => ended({ failed: String(error.stack ?? error) }));
    worker.on("exit", () => ended({ failed: "the thread ended" }));
  });
}
