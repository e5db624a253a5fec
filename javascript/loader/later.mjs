// What comes into a process later: lazy libraries, and those that C or JavaScript opens.

import { normalised } from "../linker/paths.mjs";
import { ProcessDead } from "./errors.mjs";
import { LazyLibraries } from "./lazy.mjs";
import { hasFiles } from "./place.mjs";
import { Opened } from "./opened.mjs";
import { notPrefetched, opens } from "./program.mjs";

/** @typedef {import("./program.mjs").Linked} Linked */
/** @typedef {import("./process.mjs").Process} Process */

export class Later {
  /** @type {typeof import("./opening.mjs") | null} */
  #code = null;
  /** @type {import("./dl.mjs").DynamicLoader | null} */
  #dl = null;
  /** @type {LazyLibraries | null} */
  #lazy = null;

  /** @param {import("./program.mjs").Opener} opener whose link was decided */
  constructor(opener) {
    this.opener = opener;
  }

  get #linked() {
    return /** @type {Linked} */ (this.opener.linked);
  }

  get #process() {
    return /** @type {Process} */ (this.opener.process);
  }

  /** @param {number} number */
  #path(number) {
    return this.opener.pathOf(this.#linked.plan, number);
  }

  /** All lazy libraries will be wanted, and nobody can wait for them then. */
  async fetchLazy() {
    const { plan, images } = this.#linked;
    const waiting = (plan.lazy ?? []).map((/** @type {any} */ { module }) => module).filter((/** @type {number} */ each) => !images[each]);
    const { place } = this.opener;
    await place.when(() => waiting.forEach((/** @type {number} */ each) => place.shelf.get(this.#path(each))));
  }

  /** What brings lazy libraries in. */
  get lazily() {
    return (this.#lazy ??= new LazyLibraries(this.#process, this.#linked, (number) => this.#path(number), this.opener.place));
  }

  /** For an opener that can be suspended: whether what is called is there, and fetching it.
   * @returns {import("./suspending.mjs").Waiting} */
  lazyWaiting() {
    const { lazily } = this;
    const { place } = this.opener;
    const moduleAt = (/** @type {number} */ index) =>
      this.#linked.plan.table_entries.find((/** @type {any} */ entry) => entry.index === index).function.module;
    return {
      ready: (index) => /** @type {Function} */ (place.isThere)(() => lazily.look(moduleAt(index))),
      fetch: (index) => place.when(() => lazily.look(moduleAt(index))),
    };
  }

  async #load() {
    return (this.#code ??= await import("./opening.mjs"));
  }

  /**
   * What C will ask for and cannot wait for is fetched before it starts. Then, what a process of such a place is made with.
   * @param {string[]} names of what is fetched in any case
   * @returns {Promise<Partial<import("./process.mjs").ProcessOptions> & {callSuspending?: typeof import("./suspending.mjs").callSuspending}>}
   */
  async begin(names) {
    const { place, options } = this.opener;
    const { plan } = this.#linked;
    const lazy = (plan.lazy ?? []).length > 0;
    const mayOpen = opens(plan);
    const isPage = place.isThere !== null; // where nobody can wait in C
    if (options.prefetch || names.length || (mayOpen && (isPage || !hasFiles))) await this.prefetch(names);
    const code = isPage && (mayOpen || lazy) ? await import("./suspending.mjs") : null;
    const suspending = code?.canSuspend ? code : null;
    // Whoever says what to prefetch says what of it C will call. What opens libraries has to know all of them.
    const waits = suspending && plan.start !== null;
    if (lazy && isPage && (mayOpen || !(waits || options.prefetch))) await this.fetchLazy();
    /** @type {Pick<import("./process.mjs").ProcessOptions, "lazy">} */
    const means = { lazy: (number, called) => this.lazily.need(number, called) };
    if (!suspending) return means;
    return {
      ...means,
      callSuspending: suspending.callSuspending,
      loader: (made, name, caller) => {
        const act = made.guarded((/** @type {number[]} */ ...given) => this.dl().function(name, caller)(...given));
        return name === "dlopen" ? suspending.waitingDlopen(made, () => this.dl().waiting(caller), act) : act;
      },
      opening: (act) => suspending.waitingOpen(this.#process, () => this.lazyWaiting(), this.#process.guarded(act)),
    };
  }

  /** Fetch libraries, with all that they need, so that C can open them. @param {string[]} names */
  async prefetch(names) {
    const { place, libraryPath } = this.opener;
    const { fetchAll } = await this.#load();
    await place.when(() => fetchAll(place, libraryPath, names));
  }

  /** What opens libraries here and now. */
  dl() {
    if (this.#dl) return this.#dl;
    if (!this.#code && !hasFiles) throw notPrefetched();
    const code = (this.#code ??= process.getBuiltinModule("node:module").createRequire(import.meta.url)("./opening.mjs"));
    const { place, libraryPath, world } = this.opener;
    const linked = this.#linked;
    const paths = linked.plan.modules.map((/** @type {any} */ _, /** @type {number} */ number) => this.#path(number));
    const { makeLoader } = /** @type {typeof import("./opening.mjs")} */ (code);
    return (this.#dl = makeLoader(this.#process, linked, paths, place, libraryPath, world.directories));
  }

  /**
   * As `dl`, for JavaScript, which can wait; and the library that is to be opened.
   * @param {string} name
   */
  async #find(name) {
    const { place } = this.opener;
    await Promise.all([this.#load(), this.opener.see(), this.fetchLazy()]);
    const dl = this.dl();
    const byPath = name.includes("/");
    const path = byPath ? normalised(place.resolve(name)) : name;
    const library = await place.when(() => dl.findAll(path, byPath));
    return { dl, library };
  }

  /** Open a library for JavaScript. @param {import("./library.mjs").Library} library @param {string} name @param {boolean} join */
  async open(library, name, join) {
    if (!library.alive) throw new ProcessDead(library.ended);
    const { dl, library: found } = await this.#find(name);
    const handle = library.run(() => dl.openLibrary(found, join ? 2 | 256 : 2, dl.search), []);
    return new Opened(library, dl, handle, found.name);
  }
}
