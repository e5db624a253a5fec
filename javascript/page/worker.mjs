// What runs in a worker, apart from the page, so that it may loop: a program once, or a library until it is ended.
// It is told {base, roots, name, options, shared}, then {call, name, given}; it tells what is written, how long things took, and
// how it ended.

import { loadBundled } from "../loader/bundled.mjs";
import { Trap } from "../loader/errors.mjs";
import { streams } from "../worker/streams.mjs";
import { measure } from "./times.mjs";

const SILENT_MS = 30;
const BURST = 200;

/** @type {any} what was loaded */
let loaded = null;
const times = measure();

/** @param {any} message @param {Transferable[]} [moved] */
const tell = (message, moved = []) => /** @type {any} */ (globalThis).postMessage(message, moved);

/**
 * Writes that come thick and fast are told together: the page must be able to follow.
 * @param {"stdout" | "stderr"} stream
 */
function writer(stream) {
  /** @type {Uint8Array[]} */
  let waiting = [];
  let last = 0;
  let told = 0;
  const flush = () => {
    if (!waiting.length) return;
    const data = new Uint8Array(waiting.reduce((sum, each) => sum + each.length, 0));
    waiting.reduce((at, each) => (data.set(each, at), at + each.length), 0);
    waiting = [];
    last = performance.now();
    tell({ stream, data }, [data.buffer]);
  };
  const write = (/** @type {Uint8Array} */ data) => {
    waiting.push(data);
    if (told < BURST || performance.now() - last > SILENT_MS) {
      told += 1;
      flush();
    }
  };
  return { write, flush };
}

const stdout = writer("stdout");
const stderr = writer("stderr");

/** @param {unknown} error */
const said = (error) => {
  if (!(error instanceof Error)) return String(error);
  const backtrace = error instanceof Trap && error.backtrace ? `\n${error.backtrace}` : "";
  return `${error.message || error.name}${backtrace}`;
};

/** @param {any} order */
async function start({ base, roots, name, options, shared }) {
  try {
    const input = shared ? { stdin: typed(shared) } : {};
    loaded = await times.span("load", "all of it", () =>
      loadBundled(new URL(base), roots, name, { ...options, ...input, stdout: stdout.write, stderr: stderr.write }),
    );
    if (!("exited" in loaded)) {
      tell({ loaded: true, times: times.all() });
      return;
    }
    tell({ running: true });
    const status = await times.span("run", "the program", () => loaded.exited);
    flush();
    tell({ exited: status, files: loaded.files, given: Object.keys(options.files ?? {}), times: times.all() });
  } catch (error) {
    flush();
    tell({ failed: said(error), times: times.all() });
  }
}

/** What is typed: the program waits for it, and all that it said is seen. @param {SharedArrayBuffer} shared */
function typed(shared) {
  const { stdin } = streams(shared, tell);
  return (/** @type {number} */ size) => {
    flush();
    return stdin(size);
  };
}

function flush() {
  stdout.flush();
  stderr.flush();
}

/** Text becomes its address, for as long as the call takes. @param {{name: string, given: any[], text: boolean}} order */
function call({ name, given, text }) {
  /** @type {any[]} */
  const placed = [];
  try {
    const values = given.map((each) => {
      if (typeof each !== "string") return each;
      const copy = loaded.bytes(each);
      placed.push(copy);
      return copy;
    });
    const value = loaded.call(name, ...values);
    const shown = text && value ? loaded.text(value) : null;
    flush();
    tell({ returned: value, text: shown });
  } catch (error) {
    flush();
    tell({ raised: said(error), alive: loaded.alive });
  } finally {
    if (loaded.alive) for (const each of placed) each.free();
  }
}

addEventListener("message", ({ data }) => {
  if ("call" in data) call(data.call);
  else start(data);
});
tell({ ready: true });
