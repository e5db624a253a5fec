// What `load` returns: a process with a library or a program in it.

import { CppException, problem, ProcessDead } from "./errors.mjs";

/** A process of its own: memory and functions that no other process shares. */
export class Library {
  /** What ended it; null if it was closed. @type {unknown} */
  ended = undefined;
  /** How many of its calls are running. */
  depth = 0;
  /** @type {Map<string, number[]>} entries of the table that callbacks had, by their type */
  #free = new Map();
  /**
   * @param {import("./process.mjs").Process} process
   * @param {import("./program.mjs").Opener} opener
   */
  constructor(process, opener) {
    this.process = process;
    this.opener = opener;
  }

  /** Whether it can still be used. */
  get alive() {
    return this.ended === undefined;
  }

  /** The process's memory, as bytes. It is another array after the memory has grown. */
  get memory() {
    const { memory } = this.process;
    if (memory) return new Uint8Array(memory.buffer);
    throw problem("no-memory", `\`${this.name}\` has no memory that others can reach`);
  }

  get name() {
    return this.process.plan.modules[0].name;
  }

  /** The program's files: path → bytes. */
  get files() {
    return this.opener.world?.files() ?? {};
  }

  /**
   * A function that the library exports, or what it needs.
   * @param {string} name
   */
  function(name) {
    for (const { exports } of this.process.instances.values()) {
      const found = exports[name];
      if (typeof found === "function") return found;
    }
    const lazy = this.process.lazy.length ? this.opener.now().lazily.exporter(name) : undefined;
    if (lazy !== undefined) return this.run(() => this.process.export(lazy, name), []);
    throw problem("no-function", `\`${this.name}\` exports no function \`${name}\``);
  }

  /**
   * Call a function. Numbers are numbers, and BigInt for i64. What is `bytes` or a callback stands for its address.
   * @param {string} name
   * @param {...any} given
   */
  call(name, ...given) {
    return this.run(this.function(name), given.map(argument), true);
  }

  /** A call begins. */
  enter() {
    if (this.ended !== undefined) throw new ProcessDead(this.ended);
    this.depth += 1;
  }

  /**
   * Call a function of wasm: whoever catches an exception of C++ goes on with the process.
   * @param {Function} act
   * @param {any[]} given
   * @param {boolean} catches
   */
  run(act, given, catches = false) {
    this.enter();
    const { process } = this;
    const base = process.plan.memory?.stack_high | 0;
    const caughtAt = !catches || !process.stackPointer ? null : this.depth === 1 ? base : process.stackPointer.value;
    try {
      return process.call(act, given, caughtAt);
    } catch (error) {
      if (!(error instanceof CppException && error.caught)) this.ended = error;
      throw error;
    } finally {
      this.depth -= 1;
    }
  }

  /**
   * A copy of bytes (or of text, with a null byte behind it) in the process: its address, until `free`.
   * @param {Uint8Array | ArrayBuffer | string} data
   */
  bytes(data) {
    const copied = typeof data === "string" ? new TextEncoder().encode(`${data}\0`) : new Uint8Array(data);
    const address = this.call("malloc", Math.max(1, copied.length)) >>> 0;
    if (address === 0) throw new RangeError(`the process has no room for ${copied.length} bytes`);
    this.memory.set(copied, address);
    const library = this;
    return {
      address,
      size: copied.length,
      /** What is there now. */
      get data() {
        return library.memory.slice(address, address + copied.length);
      },
      free: () => library.alive && library.call("free", address),
    };
  }

  /**
   * The text at an address, up to its null byte.
   * @param {number} address
   */
  text(address) {
    const { memory } = this;
    const end = memory.indexOf(0, address >>> 0);
    if (end < 0) throw new RangeError(`no text at ${address}`);
    return new TextDecoder().decode(memory.slice(address >>> 0, end));
  }

  /**
   * A C function pointer to a function of JavaScript's, until `free`. What it raises ends the process, and is raised by
   * the call that led to it.
   * @param {string} type of wasm: `(i32, i32) -> i32`
   * @param {Function} act
   */
  callback(type, act) {
    const { table } = this.process;
    if (!table) throw problem("no-table", "the module gives out no table for function pointers");
    const free = this.#free.get(type) ?? [];
    this.#free.set(type, free);
    const address = free.pop() ?? table.grow(1);
    table.set(address, this.process.wasmFunction(parseType(type), act, "callback"));
    let is = true;
    return {
      address,
      free: () => {
        if (!is) return;
        is = false;
        table.set(address, null);
        free.push(address);
      },
    };
  }

  /**
   * Open one more library in this process, as `dlopen` does: by its name, which is looked for where needed libraries are,
   * or by its path. With `join` its symbols are there for what is opened later (RTLD_GLOBAL).
   * @param {string} name
   * @param {{join?: boolean}} options
   */
  async open(name, { join = false } = {}) {
    return (await this.opener.later([name])).open(this, name, join);
  }

  /** End the process and give its memory back. Again is no error. */
  async close() {
    if (this.depth) throw new Error("a process cannot be closed while it runs: a callback is a part of a call");
    this.ended ??= null;
    this.opener.world?.save();
    const { process } = this;
    process.instances.clear();
    process.made.clear();
    process.memory = process.table = process.stackPointer = null;
  }
}

/** @param {any} given */
export const argument = (given) => (typeof given === "object" && given !== null && "address" in given ? given.address : given);

/** @param {string} text */
export function parseType(text) {
  const found = /^\s*(\([^()]*\))\s*->\s*(\([^()]*\)|\w+)\s*$/.exec(text);
  if (!found) throw new SyntaxError(`not a type, such as \`(i32, i64) -> f64\`: ${text}`);
  const [params, results] = found.slice(1).map((list) => list.match(/[^\s,()]+/g) ?? []);
  return { params, results };
}
