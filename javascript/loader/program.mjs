// From a file to a live process: link, verify, make, initialise.

import { normalised } from "../linker/paths.mjs";
import { checkEngine } from "./engine.mjs";
import { problem } from "./errors.mjs";
import { Library, Program } from "./library.mjs";
import { listed, refuseUnlisted } from "./listed.mjs";
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
  return loadAt(options.modules ? listed(place, options.modules) : place, options);
}

/**
 * As `load`, where the place is known. `begun` is what is being read, by its path.
 * @param {import("./place.mjs").Place} place
 * @param {any} options
 * @param {Map<string, Promise<import("./place.mjs").Read>>} begun
 */
export async function loadAt(place, options, begun = new Map()) {
  checkEngine();
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
  if (options.prefetch || prefetch.length || (opens(plan) && (place.isThere !== null || !hasFiles))) await opener.prefetch(prefetch);
  const code = maySuspend ? await import("./suspending.mjs") : null;
  const suspending = code?.canSuspend ? code : null;
  if (lazy) await opener.prepareLazy();
  const waits = place.isThere === null || (suspending && plan.start !== null);
  // Whoever says what to prefetch says what of it C will call. What opens libraries has to know all of them.
  if (lazy && place.isThere !== null && (opens(plan) || !(waits || options.prefetch))) await opener.fetchLazy();
  await makeProcess(plan, linked.images, {
    host: options.host ?? {},
    wasi: (name) => opener.wasi[name],
    loader: (made, name, caller) => {
      const act = made.guarded((/** @type {number[]} */ ...given) => opener.dl().function(name, caller)(...given));
      return name === "dlopen" && suspending ? suspending.waitingDlopen(made, () => opener.dl().waiting(caller), act) : act;
    },
    lazy: (made) => (number, called) => opener.lazily(made).open(number, called),
    opening: (act) => {
      const made = /** @type {import("./process.mjs").Process} */ (opener.process);
      const now = made.guarded(act);
      return suspending ? suspending.waitingOpen(made, () => opener.lazyWaiting(made), now) : now;
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

/** Decides what is loaded first, and makes what opens more of it: most processes never ask. */
export class Opener {
  /** @type {import("./process.mjs").Process | null} */
  process = null;
  /** What the process sees: nothing, as long as it does not ask. @type {any} */
  world = NOTHING_SEEN;
  /** @type {Record<string, Function>} */
  wasi = {};
  /** @type {Linked | null} */
  #linked = null;
  /** @type {typeof import("./opening.mjs") | null} */
  #code = null;
  /** @type {import("./dl.mjs").DynamicLoader | null} */
  #dl = null;

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
    const name = /** @type {Linked} */ (this.#linked).plan.modules[0].name.replace(/\.[^.]*$/, "");
    this.world = await worldOf(name, this.options);
    this.wasi = wasi(this.world, () => /** @type {WebAssembly.Memory} */ (this.process?.memory));
  }

  /**
   * @param {any} given a plan, or its text; without one, the link is decided here
   * @param {Map<string, Promise<import("./place.mjs").Read>>} begun
   */
  async link(given, begun) {
    const plan = typeof given === "string" ? JSON.parse(given) : given;
    if (!plan) return (this.#linked = await this.#decide());
    if (plan.version !== 1) {
      throw problem("plan-version", `a plan of version ${plan.version}, where 1 is known`, {
        help: ["make it again, or use the loader that came with the `wasmbuild` that made it"],
      });
    }
    const images = await readVerified(plan, this.place, (number) => this.#path(plan, number), begun);
    return (this.#linked = { plan, images, libraries: null });
  }

  /** @returns {Promise<Linked>} */
  async #decide() {
    const { place } = this;
    const { decideAll } = await import("./deciding.mjs");
    const { plan, libraries } = await decideAll(place, this.libraryPath, this.options.host ?? {});
    const images = libraries.map((each) => /** @type {Uint8Array} */ (place.shelf.get(each.identity)));
    return { plan, images, libraries };
  }

  /** @type {typeof import("./lazy.mjs") | null} */
  #lazyCode = null;
  /** @type {import("./lazy.mjs").LazyLibraries | null} */
  #lazy = null;

  /** Lazy libraries may be wanted. */
  async prepareLazy() {
    this.#lazyCode = await import("./lazy.mjs");
  }

  /** All of them will be, and nobody can wait for them then. */
  async fetchLazy() {
    const { plan, images } = /** @type {Linked} */ (this.#linked);
    const waiting = (plan.lazy ?? []).map((/** @type {any} */ { module }) => module).filter((/** @type {number} */ each) => !images[each]);
    await this.place.when(() => waiting.forEach((/** @type {number} */ each) => this.place.shelf.get(this.#path(plan, each))));
  }

  /** What brings lazy libraries in. @param {import("./process.mjs").Process} made */
  lazily(made) {
    const linked = /** @type {Linked} */ (this.#linked);
    const { LazyLibraries } = /** @type {typeof import("./lazy.mjs")} */ (this.#lazyCode);
    return (this.#lazy ??= new LazyLibraries(made, linked, (number) => this.#path(linked.plan, number), this.place));
  }

  /** For an opener that can be suspended: whether what is called is there, and fetching it.
   * @param {import("./process.mjs").Process} made @returns {import("./suspending.mjs").Waiting} */
  lazyWaiting(made) {
    const lazy = this.lazily(made);
    const moduleAt = (/** @type {number} */ index) =>
      made.plan.table_entries.find((/** @type {any} */ entry) => entry.index === index).function.module;
    return {
      ready: (index) => /** @type {Function} */ (this.place.isThere)(() => lazy.look(moduleAt(index))),
      fetch: (index) => this.place.when(() => lazy.look(moduleAt(index))),
    };
  }

  async #load() {
    return (this.#code ??= await import("./opening.mjs"));
  }

  /** @param {any} plan @param {number} number */
  #path(plan, number) {
    return number === 0 ? this.place.root : inPlace(this.place, plan.modules[number].path);
  }

  /** Fetch libraries, with all that they need, so that C can open them. @param {string[]} names */
  async prefetch(names) {
    if (this.options.modules) names.forEach((name) => refuseUnlisted(name, this.options.modules));
    const { fetchAll } = await this.#load();
    const { place } = this;
    await place.when(() => fetchAll(place, this.libraryPath, names));
  }

  /** What opens libraries here and now. */
  dl() {
    if (this.#dl) return this.#dl;
    if (!this.#code && !hasFiles) {
      throw problem("not-prefetched", "no library was prefetched: C cannot wait for one", {
        help: ["name those that C opens in `prefetch`, or open them from JavaScript with `open`"],
      });
    }
    const code = (this.#code ??= process.getBuiltinModule("node:module").createRequire(import.meta.url)("./opening.mjs"));
    const linked = /** @type {Linked} */ (this.#linked);
    const made = /** @type {import("./process.mjs").Process} */ (this.process);
    const paths = linked.plan.modules.map((/** @type {any} */ _, /** @type {number} */ n) => this.#path(linked.plan, n));
    return (this.#dl = /** @type {typeof import("./opening.mjs")} */ (code).makeLoader(
      made,
      linked,
      paths,
      this.place,
      this.libraryPath,
      this.world.directories,
    ));
  }

  /**
   * As `dl`, for JavaScript, which can wait; and the library that is to be opened.
   * @param {string} name
   */
  async find(name) {
    if (this.options.modules) refuseUnlisted(name, this.options.modules);
    await Promise.all([this.#load(), this.see(), this.fetchLazy()]);
    const dl = this.dl();
    const byPath = name.includes("/");
    const path = byPath ? normalised(this.place.resolve(name)) : name;
    const library = await this.place.when(() => dl.findAll(path, byPath));
    return { dl, library };
  }
}
