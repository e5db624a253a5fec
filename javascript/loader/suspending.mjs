// A dlopen, or a first call into a lazy library, that waits for what was not fetched, where the engine can suspend wasm (JSPI): in a page's main thread. Frames of
// JavaScript cannot be suspended, so what C calls is wasm: it asks whether all is there, waits if not, and opens it.

/**
 * @typedef {object} Waiting for one caller of dlopen, by the address of a name, or for openers, by table index
 * @property {(what: number) => boolean} ready whether what it would look at is there
 * @property {(what: number) => Promise<unknown>} fetch
 */

// (func (export "dlopen") (param i32 i32) (result i32)
//   (if (i32.eqz (call $ready (local.get 0))) (then (call $wait (local.get 0))))
//   (call $now (local.get 0) (local.get 1)))
const DLOPEN = Uint8Array.from(
  [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    [1, 16, 3, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 1, 0x7f, 0, 0x60, 2, 0x7f, 0x7f, 1, 0x7f], // types
    [2, 19, 3, 1, 0x66, 1, 0x72, 0, 0, 1, 0x66, 1, 0x77, 0, 1, 1, 0x66, 1, 0x6e, 0, 2], // f.r, f.w, f.n
    [3, 2, 1, 2],
    [7, 10, 1, 6, 0x64, 0x6c, 0x6f, 0x70, 0x65, 0x6e, 0, 3],
    [10, 22, 1, 20, 0, 0x20, 0, 0x10, 0, 0x45, 4, 0x40, 0x20, 0, 0x10, 1, 0x0b, 0x20, 0, 0x20, 1, 0x10, 2, 0x0b],
  ].flat(),
);

// (func (export "open") (param i32)
//   (if (i32.eqz (call $ready (local.get 0))) (then (call $wait (local.get 0))))
//   (call $now (local.get 0)))
const OPEN = Uint8Array.from(
  [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    [1, 10, 2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 1, 0x7f, 0], // types
    [2, 19, 3, 1, 0x66, 1, 0x72, 0, 0, 1, 0x66, 1, 0x77, 0, 1, 1, 0x66, 1, 0x6e, 0, 1], // f.r, f.w, f.n
    [3, 2, 1, 1],
    [7, 8, 1, 4, 0x6f, 0x70, 0x65, 0x6e, 0, 3],
    [10, 20, 1, 18, 0, 0x20, 0, 0x10, 0, 0x45, 4, 0x40, 0x20, 0, 0x10, 1, 0x0b, 0x20, 0, 0x10, 2, 0x0b],
  ].flat(),
);

/** @type {{Suspending?: new (act: Function) => Function, promising?: (act: Function) => Function}} */
const engine = /** @type {any} */ (WebAssembly);

export const canSuspend = Boolean(engine.Suspending && engine.promising);

/**
 * @param {import("./process.mjs").Process} process
 * @param {() => Waiting} waiting
 * @param {Function} now dlopen, which does not wait
 */
export const waitingDlopen = (process, waiting, now) => waitingFor(DLOPEN, process, waiting, now).dlopen;

/**
 * @param {import("./process.mjs").Process} process
 * @param {() => Waiting} waiting
 * @param {Function} now what opens a lazy library and does not wait
 */
export const waitingOpen = (process, waiting, now) => waitingFor(OPEN, process, waiting, now).open;

/**
 * @param {Uint8Array} bytes
 * @param {import("./process.mjs").Process} process
 * @param {() => Waiting} waiting
 * @param {Function} now
 * @returns {any}
 */
function waitingFor(bytes, process, waiting, now) {
  const ready = process.guarded((/** @type {number} */ what) => Number(!process.mayWait || waiting().ready(what >>> 0)));
  const wait = new /** @type {any} */ (engine).Suspending((/** @type {number} */ what) => waiting().fetch(what >>> 0));
  return new WebAssembly.Instance(new WebAssembly.Module(/** @type {any} */ (bytes)), { f: { r: ready, w: wait, n: now } }).exports;
}

/** Run what may be suspended. @param {import("./library.mjs").Library} library @param {Function} act of wasm @returns {Promise<any>} */
export async function callSuspending(library, act) {
  const { process } = library;
  library.enter();
  process.mayWait = true;
  try {
    return await /** @type {any} */ (engine).promising(act)();
  } catch (error) {
    throw (library.ended = process.meaning(error, null));
  } finally {
    process.mayWait = false;
    library.depth -= 1;
  }
}
