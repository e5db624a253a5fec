// From a file to a live process: link, verify, make, initialise.

import { normalised } from "../linker/paths.mjs";
import { problem } from "./errors.mjs";
import { Library } from "./library.mjs";
import { hasFiles, inPlace, placeOf, readVerified } from "./place.mjs";
import { makeProcess } from "./making.mjs";

/**
 * A root whose link was decided, and the bytes of its modules as they were verified.
 * @typedef {object} Linked
 * @property {any} plan
 * @property {Uint8Array[]} images by number; of a lazy module perhaps none
 * @property {import("../linker/scope.mjs").Library[] | null} libraries the modules, where they were decoded
 */

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
  const { signal } = options;
  const libraryPath = [options.libraries ?? []].flat().map((each) => normalised(place.resolve(each)));
  const opener = new Opener(place, libraryPath, options);
  const linked = await opener.link(options.plan, begun);
  const { plan } = linked;
  const asks = plan.modules.some((/** @type {any} */ { imports }) =>
    imports.some((/** @type {any} */ { is }) => is === "from-wasi" || is === "from-loader"),
  );
  if (asks || plan.start !== null) await opener.see();
  signal?.throwIfAborted();
  const names = [options.opens ?? [], options.prefetch ?? []].flat();
  const comesLater = plan.lazy?.length || names.length || options.prefetch;
  // Where C cannot wait for files, they are there before it asks.
  const fetches = opens(plan) && (place.isThere !== null || !hasFiles);
  const later = comesLater || fetches ? await (await opener.later(names)).begin(names) : {};
  const process = await makeProcess(plan, linked.images, {
    host: options.host ?? {},
    wasi: (name) => opener.wasi[name],
    loader: (made, name, caller) =>
      made.guarded((/** @type {number[]} */ ...given) => opener.now().dl().function(name, caller)(...given)),
    memoryBytes: options.memoryBytes,
    compiled: place.compiled,
    ...later,
  }, (made) => (opener.process = made));
  signal?.throwIfAborted(); // what runs cannot be stopped here
  process.makeCalls(plan.initialise);
  if (plan.start === null) return new Library(process, opener);
  return new (await import("./running.mjs")).Program(process, opener, later.callSuspending);
}

/** Whether any of its modules asks for dlopen or its like: libc, which has them for others, does not count.
 * @param {{modules: {name: string, imports: any[]}[]}} plan */
export const opens = ({ modules }) =>
  modules.some(({ name, imports }) =>
    imports.some((each) => /^(func:)?dl(open|sym|addr)$/.test(each.export ?? each.name) && name !== "libc.so"),
  );

/** Decides what is loaded first. Most processes never ask for more: what brings it is fetched when they do. */
export class Opener {
  /** @type {import("./process.mjs").Process | null} */
  process = null;
  /** What the process sees: nothing, as long as it does not ask. @type {any} */
  world = null;
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
    if (this.world) return;
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

  /** What opens more, such as these: of a bundle, perhaps nothing. @param {string[]} names */
  async later(names) {
    const { modules } = this.options;
    if (modules) (await import("./listed.mjs")).refuseUnlisted(names, modules);
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
