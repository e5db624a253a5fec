// One run of a test, or of a program, in Node: `node child.mjs ORDER [RESULT]`. It runs in a thread, whose stack can be
// large. Standard input and output are the guest's. What happened goes to the file RESULT as JSON; without one, ORDER is
// the number of a descriptor, and the process ends as the program did. wasmbuild/testing/nodechild.py writes the order.

const STACK_MB = 200;
const TRAPPED = 134;

const fs = process.getBuiltinModule("node:fs");
const { isMainThread, Worker, workerData } = process.getBuiltinModule("node:worker_threads");

if (isMainThread) {
  // Here, nothing else is loaded.
  const [, , order, result] = process.argv;
  const worker = new Worker(new URL(import.meta.url), {
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
  const [{ carryOut, loadAs }, { writer }] = await Promise.all([import("./carryout.mjs"), import("./loader/node.mjs")]);
  const given = JSON.parse(fs.readFileSync(result ? order : Number(order), "utf8"));
  const options = { directories: Object.fromEntries(given.directories), stdin: "inherit" };
  const means = { options, print: writer(1) };
  if (result) {
    fs.writeFileSync(result, await carryOut(given, means));
  } else {
    process.exitCode = await runProgram(given.shown, () => loadAs(given, means));
    process.exit(); // of a thread: that ends the thread
  }
}

/**
 * @param {string} shown
 * @param {() => Promise<any>} load
 * @returns {Promise<number>} the exit status
 */
async function runProgram(shown, load) {
  const [{ ProcessExited, Trap, WasmbuildError }, { Program, trapText }] = await Promise.all([
    import("./loader.mjs"),
    import("./loader/running.mjs"),
  ]);
  try {
    const program = await load();
    return program instanceof Program ? program.main() : 0;
  } catch (error) {
    if (error instanceof ProcessExited) return error.status;
    if (!(error instanceof Trap || error instanceof WasmbuildError)) throw error;
    const said = error instanceof Trap ? trapText(shown, error) : error.message;
    process.stderr.write(`${said}\n`);
    return error instanceof Trap ? TRAPPED : 1;
  }
}
