// A live process: the modules of a plan, instantiated and initialised. It decides nothing (docs/plan.md).

import { exportingModule, keyOf, keyOfImport, TRAP_MODULE } from "./adapters.mjs";
import { refused } from "./engine.mjs";
import { problem, Trap } from "./errors.mjs";
import { trapOf } from "./traps.mjs";

/** @typedef {import("./adapters.mjs").FuncType} FuncType */

/**
 * @typedef {object} ProcessOptions
 * @property {Record<string, {type: FuncType, function: Function}>} host what the embedder supplies, by name
 * @property {(name: string) => Function} wasi
 * @property {(process: Process, name: string, caller: number) => Function} loader the dlopen family
 * @property {(process: Process) => OpenLazy} [lazy] how lazy modules come, where there are any
 * @property {(act: (index: number) => void) => Function} [opening] what openers call, where that may wait
 * @property {number} [memoryBytes] what its memory may grow to
 * @property {Map<string, WebAssembly.Module>} compiled by the hash of their bytes
 *
 * What brings a lazy module into the process: its number, and what of it was called.
 * @typedef {(number: number, called: string) => void} OpenLazy
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
    /** @type {Map<string, Uint8Array>} modules that have lines of the source, by name */
    this.debugged = new Map();
    /** @type {typeof import("./dwarf.mjs").findLines | null} what reads them, where there are any */
    this.findLines = null;
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

  /** Note whether a module has lines of the source. @param {string[]} names @param {string} sha256 @param {() => Uint8Array} imageOf */
  note(names, sha256, imageOf) {
    const compiled = /** @type {WebAssembly.Module} */ (this.options.compiled.get(sha256));
    if (!WebAssembly.Module.customSections(compiled, ".debug_line").length) return;
    const image = imageOf();
    for (const name of names) this.debugged.set(name, image);
  }

  /** @type {import("./traps.mjs").FindLines} */
  linesOf = (module, offsets) => {
    const image = this.debugged.get(module);
    return image && this.findLines ? this.findLines(image, offsets) : new Map();
  };

  /**
   * A function of JavaScript's for the guest to call. What it raises ends the guest's calls.
   * @param {Function} act
   */
  guarded(act) {
    return (/** @type {any[]} */ ...given) => {
      try {
        return act(...given);
      } catch (error) {
        if (this.leaving) throw error; // a trap, which no wasm catches
        return this.leave(error);
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

  /** Whether a module is lazy and not there yet. @param {number} number */
  waits(number) {
    return !this.instances.has(number) && this.lazy.some(({ module }) => module === number);
  }

  /** A lazy module that is asked for comes now: whether it was not there. @param {number} number @param {string} called */
  need(number, called = "") {
    if (!this.waits(number)) return false;
    /** @type {(process: Process) => OpenLazy} */ (this.options.lazy)(this)(number, called);
    return true;
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

  /** As `call`, for what may be suspended. @param {(target: Function) => Promise<any>} suspending @param {Function} target */
  async callLater(suspending, target) {
    this.mayWait = true;
    try {
      return await suspending(target);
    } catch (error) {
      throw this.meaning(error, null);
    } finally {
      this.mayWait = false;
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
      if (value.is === "opener") continue; // all of these are there, from one module
      const made = this.make(value);
      /** @type {WebAssembly.Table} */ (this.table).set(index, made);
    }
  }

  /**
   * What a module is given for one of its imports.
   * @param {any} value
   */
  make(value) {
    // Not kept: who comes back under the same number is another instance.
    if (value.is === "from-module") return this.export(value.module, value.export);
    const key = keyOfImport(value);
    let made = this.made.get(key);
    if (made === undefined) this.made.set(key, (made = this.#make(value)));
    return made;
  }

  /** @param {any} value */
  #make(value) {
    switch (value.is) {
      case "shared":
        return { memory: this.memory, table: this.table, stack_pointer: this.stackPointer }[
          /** @type {"memory"} */ (value.what)
        ];
      case "constant":
        return new WebAssembly.Global({ value: "i32", mutable: false }, value.value);
      case "got-entry":
        return new WebAssembly.Global({ value: "i32", mutable: true }, value.value);
      case "from-wasi":
        return this.guarded(this.options.wasi(value.name));
      case "from-host": {
        const { type, function: act } = this.options.host[value.name];
        checkType(value.name, type);
        return this.wasmFunction(type, act); // it may have an address
      }
      case "from-loader":
        return this.options.loader(this, value.name, value.module);
      case "trap-when-called":
        checkType(value.name, value.type);
        return this.guarded(raiser(value.name));
    }
    throw problem("bad-plan", `a plan with something unknown: \`${value.is}\``);
  }

  /**
   * A function of JavaScript's as one of wasm's, which can stand in a table.
   * @param {FuncType} type
   * @param {Function} act
   * @returns {Function}
   */
  wasmFunction(type, act) {
    const key = `exporting ${keyOf(type)}`;
    let compiled = this.made.get(key);
    if (!compiled) this.made.set(key, (compiled = new WebAssembly.Module(exportingModule([type]))));
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

  /** @param {{sha256: string, imports: any[]}} plan @returns {[WebAssembly.Module, Record<string, any>]} */
  #partsOf({ sha256, imports }) {
    const compiled = /** @type {WebAssembly.Module} */ (this.options.compiled.get(sha256));
    return [compiled, this.importsOf(compiled, imports)];
  }

  /** @param {string} name @param {unknown} error */
  #whyNoInstance(name, error) {
    return error instanceof WebAssembly.LinkError ? refused(name, error) : this.meaning(error, null);
  }

  /**
   * The plan's values, which are in the order of the module's imports, under their names.
   * @param {WebAssembly.Module} compiled
   * @param {any[]} values
   */
  importsOf(compiled, values) {
    /** @type {Record<string, Record<string, any>>} */
    const given = Object.create(null);
    WebAssembly.Module.imports(compiled).forEach(({ module, name }, index) => {
      const group = (given[module] ??= Object.create(null));
      const value = this.make(values[index]);
      if (!(name in group)) group[name] = value;
      else if (group[name] !== value) inTurn(group, name, value);
    });
    return given;
  }
}

/** One name imported twice, as two things: the engine asks once for each, in order.
 * @param {Record<string, any>} group
 * @param {string} name
 * @param {any} value */
function inTurn(group, name, value) {
  const before = Object.getOwnPropertyDescriptor(group, name);
  /** @type {any[]} */
  const values = before?.get ? /** @type {any} */ (before.get).values : [before?.value];
  values.push(value);
  let next = 0;
  const get = Object.assign(() => values[next++ % values.length], { values });
  Object.defineProperty(group, name, { get, configurable: true, enumerable: true });
}

/** Whether JavaScript has values of these types. @param {string} name @param {FuncType} type */
function checkType(name, type) {
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
