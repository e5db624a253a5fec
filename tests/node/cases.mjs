// Carries cases out in Node: a job a line on standard input, each in a thread of its own with a large stack; what came
// out a line on standard output. Both are JSON.

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { load, ProcessExited, Trap } from "../../javascript/loader.mjs";

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

async function carryOut({ case: given, plan, directory, libraries, host, calls }) {
  const out = [];
  const say = (line) => out.push(Buffer.from(`${line}\n`));
  const result = {};
  const functions = Object.fromEntries(
    Object.entries(host).map(([name, { type, returns }]) => [
      name,
      { type, function: (...numbers) => (say(`${name}(${numbers.map(String).join(", ")})`), valued(returns, type.results[0])) },
    ]),
  );
  try {
    const loaded = await load(`${directory}/${given.root}`, {
      plan,
      libraries,
      host: functions,
      args: given.arguments,
      env: given.environment,
      stdin: given.stdin ?? "",
      files: given.files,
      stdout: (data) => out.push(Buffer.from(data)),
      stderr: () => {},
      opened: (library) => (result.library = library),
    });
    result.library = loaded;
    if (plan.start !== null) {
      const status = loaded.main();
      if (loaded.trap) result.trap = loaded.trap.message;
      else result.exit = status;
    } else {
      result.exit = 0;
    }
    if (result.trap === undefined && !(plan.start !== null && result.exit !== 0)) {
      for (const call of calls) callOne(loaded, call, say);
    }
  } catch (error) {
    Object.assign(result, ending(error));
  }
  const files = {};
  for (const [name, data] of Object.entries(result.library?.files ?? {})) {
    const text = Buffer.from(data).toString();
    if (given.files?.[name] !== text) files[name] = text;
  }
  const { exit = 0, trap = null, failed } = result;
  return { stdout: Buffer.concat(out).toString(), exit, trap, files, failed };
}

function valued(number, type) {
  return type === "i64" ? BigInt(number) : Number(number);
}

function ending(error) {
  if (error instanceof ProcessExited) return { exit: error.status };
  if (error instanceof Trap) return { trap: error.message };
  return { failed: String(error?.stack ?? error) };
}

function callOne(loaded, { library, name, words, type }, say) {
  const shown = `${name}(${words.join(", ")})`;
  const numbers = words.map((word, index) => (type.params[index] === "i64" ? BigInt(word) : Number(word)));
  let value;
  try {
    value = loaded.process.call(loaded.process.export(library, name), numbers);
  } catch (error) {
    const [[kind, said]] = Object.entries(ending(error));
    say(`${shown} ${kind}s: ${said}`);
    return;
  }
  const results = type.results.length === 0 ? [] : type.results.length === 1 ? [value] : [...value];
  say(results.length ? `${shown} = ${results.map(String).join(", ")}` : shown);
}
