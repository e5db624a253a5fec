// From a file to a live process: link, verify, make, initialise.

import { normalised } from "../linker/paths.mjs";
import { checkEngine } from "./engine.mjs";
import { problem } from "./errors.mjs";
import { Library, Program } from "./library.mjs";
import { hasFiles, inPlace, placeOf, readVerified } from "./place.mjs";
import { makeProcess } from "./making.mjs";

/**
 * A root whose link was decided, and the bytes of its modules as they were verified.
 * @typedef {object} Linked
 * @property {any} plan
 * @property {Uint8Array[]} images by number; of a lazy module perhaps none
 * @property {import("../linker/scope.mjs").Library[] | null} libraries the modules, where they were decoded
 */

/** The world of a process that does not ask for any. */
const NOTHING_SEEN = {
  directories: [],
  files: () => ({}),
  save() {},
  stderr: (/** @type {Uint8Array} */ data) => console.error(new TextDecoder().decode(data).trimEnd()),
};

/**
 * Load a program or a library; constructors have run. docs/javascript.md has the options.
 * @param {string | URL} source
 * @param {any} options
 */
export async function load(source, options = {}) {
  const place = await placeOf(source, options.signal);
  return loadAt(options.modules ? (await import("./listed.mjs")).listed(place, options.modules) : place, options);
}

/**
 * As `load`, where the place is known. `begun` is what is being read, by its path.
 * @param {import("./place.mjs").Place} place
 * @param {any} options
 * @param {Map<string, Promise<import("./place.mjs").Read>>} begun
 */
export async function loadAt(place, options, begun = new Map()) {
  await checkEngine();
  const { signal } = options;
  const libraryPath = [options.libraries ?? []].flat().map((each) => normalised(place.resolve(each)));
  const opener = new Opener(place, libraryPath, options);
  const linked = await opener.link(options.plan, begun);
  const { plan } = linked;
  const asksFor = (/** @type {string} */ what) =>
    plan.modules.some((/** @type {any} */ module) => module.imports.some((/** @type {any} */ each) => each.is === what));
  if (asksFor("from-wasi") || asksFor("from-loader")) await opener.see();
  signal?.throwIfAborted();
  const lazy = (plan.lazy ?? []).length > 0;
  const maySuspend = place.isThere !== null && (opens(plan) || lazy);
  const prefetch = [...(options.opens ?? []), ...[options.prefetch ?? []].flat()];
  const prefetches = options.prefetch || prefetch.length || (opens(plan) && (place.isThere !== null || !hasFiles));
  const later = lazy || prefetches ? await opener.later(prefetch) : null;
  if (prefetches) await later?.prefetch(prefetch);
  const code = maySuspend ? await import("./suspending.mjs") : null;
  const suspending = code?.canSuspend ? code : null;
  const waits = place.isThere === null || (suspending && plan.start !== null);
  // Whoever says what to prefetch says what of it C will call. What opens libraries has to know all of them.
  if (lazy && place.isThere !== null && (opens(plan) || !(waits || options.prefetch))) await later?.fetchLazy();
  await makeProcess(plan, linked.images, {
    host: options.host ?? {},
    wasi: (name) => opener.wasi[name],
    loader: (made, name, caller) => {
      const act = made.guarded((/** @type {number[]} */ ...given) => opener.now().dl().function(name, caller)(...given));
      return name === "dlopen" && suspending ? suspending.waitingDlopen(made, () => opener.now().dl().waiting(caller), act) : act;
    },
    lazy: () => (number, called) => opener.now().lazily.open(number, called),
    opening: (act) => {
      const made = /** @type {import("./process.mjs").Process} */ (opener.process);
      const now = made.guarded(act);
      return suspending ? suspending.waitingOpen(made, () => opener.now().lazyWaiting(), now) : now;
    },
    memoryBytes: options.memoryBytes,
    compiled: place.compiled,
  }, (made) => (opener.process = made));
  const { process } = opener;
  if (!process) throw new Error("it was made");
  signal?.throwIfAborted(); // what runs cannot be stopped here
  process.makeCalls(plan.initialise);
  return plan.start === null ? new Library(process, opener) : new Program(process, opener, suspending?.callSuspending);
}

/** Whether any of its modules asks for dlopen or its like: libc, which has them for others, does not count.
 * @param {{modules: {name: string, imports: any[]}[]}} plan */
const opens = ({ modules }) =>
  modules.some(({ name, imports }) =>
    imports.some((each) => /^(func:)?dl(open|sym|addr)$/.test(each.export ?? each.name) && name !== "libc.so"),
  );

/** Decides what is loaded first. Most processes never ask for more: what brings it is fetched when they do. */
export class Opener {
  /** @type {import("./process.mjs").Process | null} */
  process = null;
  /** What the process sees: nothing, as long as it does not ask. @type {any} */
  world = NOTHING_SEEN;
  /** @type {Record<string, Function>} */
  wasi = {};
  /** @type {Linked | null} */
  linked = null;
  /** @type {import("./later.mjs").Later | null} */
  #later = null;

  /**
   * @param {import("./place.mjs").Place} place
   * @param {string[]} libraryPath
   * @param {any} options as of `load`
   */
  constructor(place, libraryPath, options) {
    this.place = place;
    this.libraryPath = libraryPath;
    this.options = options;
  }

  /** Let the process see what it was given: arguments, files, streams. */
  async see() {
    if (this.world !== NOTHING_SEEN) return;
    const [{ worldOf }, { wasi }] = await Promise.all([import("./world.mjs"), import("../wasi/wasi.mjs")]);
    const name = /** @type {Linked} */ (this.linked).plan.modules[0].name.replace(/\.[^.]*$/, "");
    this.world = await worldOf(name, this.options);
    this.wasi = wasi(this.world, () => /** @type {WebAssembly.Memory} */ (this.process?.memory));
  }

  /**
   * @param {any} given a plan, or its text; without one, the link is decided here
   * @param {Map<string, Promise<import("./place.mjs").Read>>} begun
   */
  async link(given, begun) {
    const { place, libraryPath, options } = this;
    const plan = typeof given === "string" ? JSON.parse(given) : given;
    if (!plan) return (this.linked = await (await import("./deciding.mjs")).decideAll(place, libraryPath, options.host ?? {}));
    if (plan.version !== 1) throw (await import("./refusals.mjs")).planVersion(plan.version);
    const images = await readVerified(plan, place, (number) => this.pathOf(plan, number), begun);
    return (this.linked = { plan, images, libraries: null });
  }

  /** @param {any} plan @param {number} number */
  pathOf(plan, number) {
    return number === 0 ? this.place.root : inPlace(this.place, plan.modules[number].path);
  }

  /** What opens more, such as these. @param {string[]} names */
  async later(names = []) {
    const { modules } = this.options;
    if (modules && names.length) {
      const { refuseUnlisted } = await import("./listed.mjs");
      names.forEach((name) => refuseUnlisted(name, modules));
    }
    return (this.#later ??= new (await import("./later.mjs")).Later(this));
  }

  /** The same, here and now. */
  now() {
    if (this.#later) return this.#later;
    if (!hasFiles) throw notPrefetched();
    const code = process.getBuiltinModule("node:module").createRequire(import.meta.url)("./later.mjs");
    return (this.#later = /** @type {import("./later.mjs").Later} */ (new code.Later(this)));
  }
}

/** C asks for what it cannot wait for. */
export const notPrefetched = () =>
  problem("not-prefetched", "no library was prefetched: C cannot wait for one", {
    help: ["name those that C opens in `prefetch`, or open them from JavaScript with `open`"],
  });
