// Carries a case out in a page of a browser: in a worker, which may wait. This file is both.

import { carryOut } from "./casework.mjs";

if (typeof document === "undefined") {
  globalThis.onmessage = async ({ data }) => {
    postMessage(await carryOut(data).catch((error) => ({ failed: String(error.stack ?? error) })));
  };
}

export function run(job, timeoutMs) {
  const worker = new Worker(import.meta.url, { type: "module" });
  return new Promise((resolve) => {
    setTimeout(() => resolve({ failed: `not done within ${timeoutMs} ms` }), timeoutMs);
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => resolve({ failed: event.message ?? "the worker cannot be loaded" });
    worker.postMessage(job);
  }).finally(() => worker.terminate());
}
