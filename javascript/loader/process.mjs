// A live process: the modules of a plan, instantiated and initialised. It decides nothing (docs/plan.md).

import { exportingModule, TRAP_MODULE } from "./adapters.mjs";
import { refused } from "./engine.mjs";
import { problem, Trap } from "./errors.mjs";
import { trapOf } from "./traps.mjs";

/** @typedef {import("./adapters.mjs").FuncType} FuncType */

/**
 * @typedef {object} ProcessOptions
 * @property {Record<string, {type: FuncType, function: Function}>} host what the embedder supplies, by name
 * @property {(name: string) => Function} wasi
 * @property {(process: Process, name: string, caller: number) => Function} loader the dlopen family
 * @property {(number: number, called: string) => boolean} [lazy] brings a module into the process, unless it is there, where
 *   there are lazy ones; `called` is what of it was
 * @property {(act: (index: number) => void) => Function} [opening] what openers call, where that may wait
 * @property {number} [memoryBytes] what its memory may grow to
 * @property {Map<string, WebAssembly.Module>} compiled by the hash of their bytes
 */

/** What was made. Libraries are named by number: those of the plan by their index in it, the root is 0. */
export class Process {
  /**
   * @param {any} plan
   * @param {ProcessOptions} options
   */
  constructor(plan, options) {
    this.plan = plan;
    this.options = options;
    /** @type {Map<number, WebAssembly.Instance>} */
    this.instances = new Map();
    /** @type {any[]} the plan of each lazy module */
    this.lazy = plan.lazy ?? [];
    /** Whether all is there that is from the start. */
    this.whole = false;
    /** @type {number[]} lazy modules that are there by now, in the order in which they came */
    this.came = [];
    /** @type {WebAssembly.Memory | null} */
    this.memory = null;
    /** @type {WebAssembly.Table | null} */
    this.table = null;
    /** @type {WebAssembly.Global | null} */
    this.stackPointer = null;
    /** @type {Map<string, any>} what is one for the process, by what it is */
    this.made = new Map();
    /** @type {{why: unknown} | null} why the loader unwinds the guest's calls: see `leave` */
    this.leaving = null;
    /** @type {import("./lines.mjs").Lines | null} of the source, where anything has some */
    this.lines = null;
    /** @type {typeof import("./uncaught.mjs").cppException | null} what reads exceptions of C++, where they are known */
    this.cppException = null;
    /** Whether C may be suspended: no JavaScript called what called it. */
    this.mayWait = false;
    const trap = new WebAssembly.Instance(new WebAssembly.Module(TRAP_MODULE)).exports.trap;
    this.trap = /** @type {() => never} */ (trap);
  }

  /**
   * End all calls of the guest that are running: whoever made the first of them gets `why`. By a trap, since wasm
   * catches exceptions of JavaScript's: C++ would run destructors, and `noexcept` would terminate.
   * @param {unknown} why
   * @returns {never}
   */
  leave(why) {
    this.leaving ??= { why };
    return this.trap();
  }

  /** @type {import("./traps.mjs").LinesOf} */
  linesOf = (frames) => this.lines?.of(frames) ?? [];

  /**
   * A function of JavaScript's for the guest to call. What it raises ends the guest's calls.
   * @param {Function} act
   */
  guarded(act) {
    return (/** @type {any[]} */ ...given) => {
      try {
        return act(...given);
      } catch (error) {
        throw this.leaving ? error : this.leave(error); // what is a trap already no wasm catches
      }
    };
  }

  /**
   * An export of a module. Who asks for what a lazy one has brings that in.
   * @param {number} library
   * @param {string} name
   */
  export(library, name) {
    this.need(library);
    return this.instances.get(library)?.exports[name];
  }

  /** A lazy module that is asked for comes now: whether it was not there. @param {number} number @param {string} called */
  need(number, called = "") {
    return this.options.lazy?.(number, called) ?? false;
  }

  /**
   * Call a function of wasm. What ends it is raised as an error of ours. `caughtAt` is where the stack pointer was, if
   * whoever called goes on with the process after an exception of C++.
   * @param {Function} target
   * @param {any[]} given
   * @param {number | null} caughtAt
   */
  call(target, given = [], caughtAt = null) {
    const before = this.mayWait;
    this.mayWait = false;
    try {
      return target(...given);
    } catch (error) {
      throw this.meaning(error, caughtAt);
    } finally {
      this.mayWait = before;
    }
  }

  /**
   * What was raised out of wasm, as an error of ours.
   * @param {unknown} error
   * @param {number | null} caughtAt
   * @returns {unknown}
   */
  meaning(error, caughtAt) {
    if (this.leaving) {
      const { why } = this.leaving;
      this.leaving = null;
      return why;
    }
    if (error instanceof WebAssembly.Exception) {
      try {
        if (caughtAt !== null && this.stackPointer) this.stackPointer.value = caughtAt;
        const thrown = this.cppException?.(this, error, caughtAt !== null);
        if (thrown) return thrown;
      } catch (other) {
        return this.meaning(other, null);
      }
    }
    return trapOf(error, this.linesOf) ?? error;
  }

  /**
   * Run relocations, constructors, destructors.
   * @param {{module: number, export: string, arguments: number[]}[]} calls
   * @param {number | null} caughtAt
   */
  makeCalls(calls, caughtAt = null) {
    for (const each of calls) {
      this.call(/** @type {Function} */ (this.export(each.module, each.export)), each.arguments, caughtAt);
    }
  }

  /** @param {{index: number, function: any}[]} entries */
  fillEntries(entries) {
    for (const { index, function: value } of entries) {
      // All openers are there, from one module.
      if (value.is !== "opener") /** @type {WebAssembly.Table} */ (this.table).set(index, this.make(value));
    }
  }

  /**
   * What a module is given for one of its imports.
   * @param {any} value
   */
  make(value) {
    // Not kept: who comes back under the same number is another instance.
    if (value.is === "from-module") return this.export(value.module, value.export);
    const key = keyOf(value);
    let made = this.made.get(key);
    if (made === undefined) this.made.set(key, (made = this.#make(value)));
    return made;
  }

  /** @param {any} value */
  #make(value) {
    switch (value.is) {
      case "shared":
        return value.what === "stack_pointer" ? this.stackPointer : this[/** @type {"memory" | "table"} */ (value.what)];
      case "constant":
        return new WebAssembly.Global({ value: "i32", mutable: false }, value.value);
      case "got-entry":
        return new WebAssembly.Global({ value: "i32", mutable: true }, value.value);
      case "from-wasi":
        return this.guarded(this.options.wasi(value.name));
      case "from-host": {
        const { type, function: act } = this.options.host[value.name];
        return this.wasmFunction(type, act, value.name); // it may have an address
      }
      case "from-loader":
        return this.options.loader(this, value.name, value.module);
      case "trap-when-called":
        checkType(value.type, value.name);
        return this.guarded(raiser(value.name));
    }
    throw problem("bad-plan", `a plan with something unknown: \`${value.is}\``);
  }

  /**
   * A function of JavaScript's as one of wasm's, which can stand in a table.
   * @param {FuncType} type
   * @param {Function} act
   * @param {string} name
   * @returns {Function}
   */
  wasmFunction(type, act, name) {
    checkType(type, name);
    const key = keyOf(type);
    let compiled = this.made.get(key);
    if (!compiled) this.made.set(key, (compiled = new WebAssembly.Module(exportingModule(type))));
    const instance = new WebAssembly.Instance(compiled, { f: { 0: this.guarded(act) } });
    return /** @type {Function} */ (instance.exports[0]);
  }

  /**
   * Instantiate a module as its plan says. A trap of its start function is raised as one.
   * @param {{name: string, sha256: string, imports: any[]}} plan
   */
  instantiate(plan) {
    const [compiled, imports] = this.#partsOf(plan);
    try {
      return new WebAssembly.Instance(compiled, imports);
    } catch (error) {
      throw this.#whyNoInstance(plan.name, error);
    }
  }

  /**
   * As `instantiate`, for whoever can wait: in a page's main thread, engines make large ones no other way.
   * @param {{name: string, sha256: string, imports: any[]}} plan
   */
  async instantiateLarge(plan) {
    const [compiled, imports] = this.#partsOf(plan);
    try {
      return await WebAssembly.instantiate(compiled, imports);
    } catch (error) {
      throw this.#whyNoInstance(plan.name, error);
    }
  }

  /** @param {{sha256: string, imports: any[]}} plan @returns {[WebAssembly.Module, any]} */
  #partsOf(plan) {
    return [this.compiled(plan), inTurn(plan.imports.map((each) => this.make(each)))];
  }

  /** @param {{sha256: string}} plan of a module @returns {WebAssembly.Module} */
  compiled({ sha256 }) {
    return /** @type {WebAssembly.Module} */ (this.options.compiled.get(sha256));
  }

  /** @param {string} name @param {unknown} error */
  #whyNoInstance(name, error) {
    return error instanceof WebAssembly.LinkError ? refused(name, error) : this.meaning(error, null);
  }
}

/** One for equal values of a plan. @param {any} value */
export const keyOf = (value) => JSON.stringify(value);

/**
 * A module's imports, in its own order: engines ask for each once and in that order, and the same name may be two things.
 * @param {any[]} values
 */
function inTurn(values) {
  let next = 0;
  const group = new Proxy({}, { get: () => values[next++] });
  return new Proxy({}, { get: () => group });
}

/** Whether JavaScript has values of these types. @param {FuncType} type @param {string} name */
function checkType(type, name) {
  const strange = [...type.params, ...type.results].find((each) => !["i32", "i64", "f32", "f64"].includes(each));
  if (!strange) return;
  throw problem("unsupported-type", `the host has no values of type ${strange}: \`${name}\``, {
    facts: [["its type", typeText(type)]],
  });
}

/** @param {FuncType} type */
const typeText = ({ params, results }) =>
  `(${params.join(", ")}) -> ${results.length === 1 ? results[0] : `(${results.join(", ")})`}`;

/** What a weak function that nothing defines does.
 * @param {string} name */
export function raiser(name) {
  return () => {
    throw new Trap("undefined-function", `undefined function called: \`${name}\``);
  };
}
