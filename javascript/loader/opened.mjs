// A library that JavaScript opened in a process.

import { problem } from "./errors.mjs";
import { argument } from "./library.mjs";

/** @typedef {import("./library.mjs").Library} Library */

/** It stays until `close`. Its functions are its own, then those of what it needs. */
export class Opened {
  #open = true;
  /**
   * @param {Library} library
   * @param {import("./dl.mjs").DynamicLoader} dl
   * @param {number} handle
   * @param {string} name
   */
  constructor(library, dl, handle, name) {
    this.library = library;
    this.dl = dl;
    this.handle = handle;
    this.name = name;
  }

  /** @param {string} name @param {...any} given */
  call(name, ...given) {
    if (!this.#open) throw problem("closed", `\`${this.name}\` was closed`);
    for (const number of this.dl.members(this.handle)) {
      const found = this.library.process.export(number, name);
      if (typeof found === "function") return this.library.run(found, given.map(argument), true);
    }
    throw problem("no-function", `\`${this.name}\` exports no function \`${name}\``);
  }

  /** Give it back: if nobody else uses it, its destructors run and it leaves the process. Again is no error. */
  async close() {
    if (this.#open && this.library.alive) this.library.run(() => this.dl.close(this.handle), []);
    this.#open = false;
  }
}
