// A lazy library comes into the process: at the first call into it, or because somebody asks for it by other means.

import { compileSync } from "./engine.mjs";
import { Trap, WasmbuildError } from "./errors.mjs";
import { differs } from "./refusals.mjs";
import { addStubs } from "./stubs.mjs";
import { cppException } from "./uncaught.mjs";

/** @typedef {import("./process.mjs").Process} Process */
/** @typedef {import("./program.mjs").Linked} Linked */

/** Whether a module is lazy and not there yet. @param {Process} process @param {number} number */
export const waits = ({ instances, lazy }, number) => !instances.has(number) && lazy.some(({ module }) => module === number);

export class LazyLibraries {
  /**
   * @param {Process} process
   * @param {Linked} linked
   * @param {(number: number) => string} pathOf
   * @param {import("./place.mjs").Place} place
   */
  constructor(process, linked, pathOf, place) {
    process.cppException = cppException;
    this.process = process;
    this.linked = linked;
    this.pathOf = pathOf;
    this.place = place;
  }

  /** Those that come with one and are not there yet, in the order in which they are made. @param {number} number */
  #new(number) {
    const lazy = this.process.lazy.find(({ module }) => module === number);
    return lazy.instantiate.filter((/** @type {number} */ each) => !this.process.instances.has(each));
  }

  /** Whether one was asked for that was not there. @param {number} number @param {string} called what of it */
  need(number, called) {
    if (!waits(this.process, number)) return false;
    this.#open(number, called);
    return true;
  }

  /**
   * Make one and what it needs, as the plan says; constructors have run. What ends these is raised as it is: the call that
   * they come before cannot fail in another way. What keeps it from being made is a Trap.
   * @param {number} number
   * @param {string} called what of it
   */
  #open(number, called) {
    const { process } = this;
    const { modules } = process.plan;
    const coming = this.#new(number);
    try {
      coming.forEach((/** @type {number} */ each) => this.#compiled(each));
    } catch (error) {
      if (!(error instanceof WasmbuildError)) throw error;
      const at = called ? `, at the call of \`${called}\`` : "";
      const why = error.message.replace(/^error: /, "");
      throw new Trap("not-opened", `\`${modules[number].name}\` cannot be opened${at}: ${why}`);
    }
    addStubs(process, coming.map((/** @type {number} */ each) => modules[each]));
    for (const each of coming) {
      // A start function may have called it.
      if (!process.instances.has(each)) process.instances.set(each, process.instantiate(modules[each]));
    }
    for (const { module, table_entries: entries } of process.lazy) if (coming.includes(module)) process.fillEntries(entries);
    process.came.push(...coming);
    const { initialise } = process.lazy.find(({ module }) => module === number);
    process.makeCalls(initialise.filter((/** @type {{module: number}} */ call) => coming.includes(call.module)));
  }

  /** Look at all that one needs, for whoever waits until it is there. @param {number} number */
  look(number) {
    for (const each of this.#new(number)) if (!this.linked.images[each]) this.place.shelf.get(this.pathOf(each));
  }

  /** Which lazy module exports a function, of those that are not there. @param {string} name */
  exporter(name) {
    const waiting = this.process.lazy.map(({ module }) => module).filter((number) => !this.process.instances.has(number));
    waiting.sort((one, other) => one - other);
    return waiting.find((number) =>
      WebAssembly.Module.exports(this.#compiled(number)).some((each) => each.name === name && each.kind === "function"),
    );
  }

  /** @param {number} number @returns {WebAssembly.Module} */
  #compiled(number) {
    const { place } = this;
    const { name, sha256 } = this.process.plan.modules[number];
    const path = this.pathOf(number);
    const bytes = this.linked.images[number] ?? place.shelf.get(path);
    const computed = bytes ? place.shelf.sha256(bytes) : "";
    if (!bytes || computed !== sha256) throw differs(path, sha256, computed, bytes?.length ?? 0);
    let module = place.compiled.get(sha256);
    if (!module) place.compiled.set(sha256, (module = compileSync(name, bytes)));
    this.process.lines?.note(module, this.process.plan.modules[number], () => bytes);
    return module;
  }
}
