/** From what each import is bound to, to the plan of a process. Loaders carry plans out. */

import * as abi from "./abi.mjs";
import { loading, madeBefore } from "./lazy.mjs";
import { MAX_PAGES, STACK_BYTES, address, imported, layOut, loaderAddress, ownEntries, tlsOffset } from "./layout.mjs";
import { dirname, relative } from "./paths.mjs";
import { VERSION } from "./plan.mjs";
import { LOADER_FUNCTIONS } from "./resolve.mjs";

/** @import { Layout } from "./layout.mjs" */
/** @import { ExternType } from "./module.mjs" */
/** @import { Loading } from "./lazy.mjs" */
/** @import { Call, FromHost, FromModule, ImportValue, LazyPlan, LinkPlan, MemoryPlan, ModulePlan, PlannedType, TableEntry, TablePlan } from "./plan.mjs" */
/** @import { Binding, Definition, Problem, Resolution } from "./resolve.mjs" */
/** @import { Library, Scope } from "./scope.mjs" */

/**
 * Plan the process of `scope`. `resolution` must be without problems: see `decide`.
 *
 * A module that stands alone is a scope of its own. Its plan has no memory and no table: it brings what it needs.
 * @param {Scope} scope
 * @param {Resolution} resolution
 * @param {number} [stackBytes]
 * @param {Loading} [when]
 * @returns {LinkPlan}
 */
export function makePlan(scope, resolution, stackBytes = STACK_BYTES, when = loading(scope, resolution)) {
  const { libraries } = scope;
  const root = libraries[0];
  const layout = layOut(scope, stackBytes);
  let end = layout.tableEnd;
  const own = libraries.map((library, index) => ownEntries(library.module, layout.tableBases[index]));
  const numbers = libraries.map((_, index) => index);
  const entries = new TableEntries(scope, resolution, own, () => end++, numbers, new Map(), when.along);
  const order = when.order.filter((index) => when.atStart.has(index));
  const before = madeBefore(when, positions(when.order));
  const planner = new ModulePlanner(scope, resolution, layout, entries, before, dirname(root.identity));
  const modules = numbers.map((index) => planner.plan(index, scope.needed[index]));
  const linked = root.module.dylink !== null;
  const program = root.module.exportsByName.has(abi.START);
  return {
    version: VERSION,
    pointer_bits: 32,
    modules,
    instantiate: order,
    memory: linked ? memoryPlan(scope, layout) : null,
    table: linked ? tablePlan(scope, end) : null,
    table_entries: entries.filled,
    // A program's `_start` runs its own constructors.
    initialise: initialisation(scope, layout.memoryBases, order, program ? 0 : null),
    start: program ? abi.START : null,
    ...(when.along.size ? { lazy: lazyPlans(scope, layout, when, entries) } : {}),
  };
}

/**
 * @param {Scope} scope
 * @param {Layout} layout
 * @param {Loading} when
 * @param {TableEntries} entries
 * @returns {LazyPlan[]}
 */
function lazyPlans(scope, layout, { order, along }, entries) {
  return order.flatMap((module) => {
    const group = along.get(module);
    if (!group) return [];
    const instantiate = order.filter((other) => group.has(other));
    const initialise = initialisation(scope, layout.memoryBases, instantiate);
    return [{ module, instantiate, table_entries: entries.later.get(module) ?? [], initialise }];
  });
}

/**
 * index → its place in an order.
 * @param {number[]} order
 * @returns {Map<number, number>}
 */
export function positions(order) {
  return new Map(order.map((index, place) => [index, place]));
}

/**
 * @param {Scope} scope
 * @param {Layout} layout
 * @returns {MemoryPlan}
 */
function memoryPlan(scope, layout) {
  return {
    pages: Number(layout.memoryPages),
    max_pages: least(scope, "memory") ?? MAX_PAGES,
    stack_low: 0,
    stack_high: layout.stackHigh,
    heap_base: layout.heapBase,
  };
}

/**
 * @param {Scope} scope
 * @param {number} end
 * @returns {TablePlan}
 */
function tablePlan(scope, end) {
  const minima = imported(scope, "table").map((type) => Number(type.limits.minimum));
  return { size: minima.reduce((one, other) => Math.max(one, other), end), max_size: least(scope, "table") };
}

/**
 * The least of the maxima that libraries set; null where none sets one.
 * @param {Scope} scope
 * @param {"memory" | "table"} kind
 */
function least(scope, kind) {
  const maxima = imported(scope, kind).flatMap(({ limits }) =>
    limits.maximum === null ? [] : [Number(limits.maximum)],
  );
  return maxima.length ? maxima.reduce((one, other) => Math.min(one, other)) : null;
}

/** Gives each function that needs an address its one table entry, and remembers which must be filled.
 *
 * `numbers` are the names of the scope's libraries in the process: what is planned calls them so. `ofHost` are the
 * entries that functions of the host have already. Entries of libraries that are `lazy` hold openers at first. */
export class TableEntries {
  /**
   * @param {Scope} scope
   * @param {Resolution} resolution
   * @param {Map<number, number>[]} own
   * @param {() => number} newEntry
   * @param {number[]} numbers
   * @param {Map<string, number>} [ofHost]
   * @param {Map<number, unknown>} [lazy]
   */
  constructor(scope, resolution, own, newEntry, numbers, ofHost, lazy = new Map()) {
    this.lazy = lazy;
    /** @type {Map<number, TableEntry[]>} what is filled when a lazy library is there */
    this.later = new Map();
    /** @type {Set<number>} */
    this.openers = new Set();
    this.scope = scope;
    this.bindings = resolution.bindings;
    this.own = own;
    this.newEntry = newEntry;
    this.numbers = numbers;
    /** @type {TableEntry[]} */
    this.filled = [];
    /** The entries that were given, by library and function. */
    this.given = scope.libraries.map(() => /** @type {Map<number, number>} */ (new Map()));
    this.givenToHost = new Map(ofHost);
  }

  /** @param {Definition} definition */
  of(definition) {
    const { library, export: export_ } = this.#origin(definition);
    const isLazy = this.lazy.has(library);
    const module = this.numbers[library];
    let index = this.own[library].get(export_.index);
    if (index === undefined) {
      if (isLazy && !this.later.has(library)) this.later.set(library, []);
      const filled = this.later.get(library) ?? this.filled;
      index = this.#give(this.given[library], export_.index, { is: "from-module", module, export: export_.name }, filled);
    }
    if (isLazy && !this.openers.has(index)) {
      this.openers.add(index);
      const type = planned(this.scope.libraries[library].module.exportType(export_));
      this.filled.push({ index, function: { is: "opener", module, export: export_.name, type } });
    }
    return index;
  }

  /** @param {string} name */
  ofHost(name) {
    return this.#give(this.givenToHost, name, { is: "from-host", name, type: null }, this.filled);
  }

  /**
   * @template K
   * @param {Map<K, number>} given
   * @param {K} key
   * @param {FromModule | FromHost} function_
   * @param {TableEntry[]} filled
   */
  #give(given, key, function_, filled) {
    const known = given.get(key);
    if (known !== undefined) return known;
    const index = this.newEntry();
    given.set(key, index);
    filled.push({ index, function: function_ });
    return index;
  }

  /** @type {Map<Definition, Definition>} */
  #origins = new Map();

  /**
   * The function itself where a library exports what it imports: it has one address, whatever its names.
   * @param {Definition} definition
   */
  #origin(definition) {
    const passed = new Set();
    while (!passed.has(definition) && !this.#origins.has(definition)) {
      passed.add(definition);
      const binding = this.#functionBindings(definition.library)[definition.export.index];
      if (binding?.is !== "definition") break;
      definition = binding;
    }
    const origin = this.#origins.get(definition) ?? definition;
    for (const each of passed) this.#origins.set(each, origin); // a chain of them is followed once
    return origin;
  }

  /** @type {Map<number, (Binding | Problem)[]>} */
  #ofFunctions = new Map();

  /**
   * What the functions that a library imports are bound to; nothing for a library that was bound before.
   * @param {number} library
   */
  #functionBindings(library) {
    let found = this.#ofFunctions.get(library);
    if (!found) {
      const { imports } = this.scope.libraries[library].module;
      found = this.bindings[library].filter((_, number) => imports[number].type.kind === "func");
      this.#ofFunctions.set(library, found);
    }
    return found;
  }
}

/** Plans the modules of one scope. `madeBefore` says whether one library is there whenever another is made. Paths are
 * from `directory`, the root's. */
export class ModulePlanner {
  /**
   * @param {Scope} scope
   * @param {Resolution} resolution
   * @param {Layout} layout
   * @param {TableEntries} entries
   * @param {(library: number, other: number) => boolean} before
   * @param {string} directory
   */
  constructor(scope, resolution, layout, entries, before, directory) {
    this.scope = scope;
    this.bindings = resolution.bindings;
    this.layout = layout;
    this.entries = entries;
    this.madeBefore = before;
    this.directory = directory;
    this.numbers = entries.numbers;
  }

  /**
   * @param {number} index
   * @param {number[]} needed
   * @returns {ModulePlan}
   */
  plan(index, needed) {
    const library = this.scope.libraries[index];
    const { imports } = library.module;
    return {
      name: library.name,
      path: relative(library.identity, this.directory),
      sha256: library.sha256,
      needed: needed.map((other) => this.numbers[other]),
      memory_base: this.layout.memoryBases[index],
      table_base: this.layout.tableBases[index],
      imports: this.bindings[index].map((binding, number) => this.#value(index, binding, imports[number].type)),
    };
  }

  /**
   * @param {number} index
   * @param {Binding | Problem} binding
   * @param {ExternType} type
   * @returns {ImportValue}
   */
  #value(index, binding, type) {
    const { layout, numbers } = this;
    const base = layout.memoryBases[index];
    switch (binding.is) {
      case "definition": {
        const { library, export: export_ } = binding;
        if (this.madeBefore(library, index)) {
          return { is: "from-module", module: numbers[library], export: export_.name };
        }
        return { is: "stub", table_index: this.entries.of(binding), type: planned(type) };
      }
      case "provided":
        switch (binding.what) {
          case "memory_base":
            return { is: "constant", value: base };
          case "table_base":
            return { is: "constant", value: layout.tableBases[index] };
          case "tls_base": {
            // An entry for each module: its __wasm_init_tls sets it.
            const offset = tlsOffset(this.scope.libraries[index].module) ?? 0;
            return { is: "got-entry", name: `tls:${numbers[index]}`, value: base + offset };
          }
        }
        return { is: "shared", what: binding.what };
      case "address":
        return { is: "got-entry", name: `${binding.kind}:${binding.name}`, value: this.#address(binding, base) };
      case "address-of-host":
        return { is: "got-entry", name: `func:${binding.name}`, value: this.entries.ofHost(binding.name) };
      case "weak-undefined":
        return { is: "trap-when-called", name: binding.name, type: planned(type) };
      case "of-loader": {
        const asked = /** @type {ExternType} */ (LOADER_FUNCTIONS.get(binding.name));
        return { is: "from-loader", name: binding.name, type: planned(asked), module: numbers[index] };
      }
      case "of-wasi":
        return { is: "from-wasi", name: binding.name };
      case "of-host":
        return { is: "from-host", name: binding.name, type: planned(type) };
    }
    throw new TypeError("a plan is made only for what fits");
  }

  /**
   * @param {Extract<Binding, {is: "address"}>} binding
   * @param {number} ownBase of the module that imports it
   */
  #address({ kind, name, definition }, ownBase) {
    if (!definition) {
      if (kind === "func") return 0;
      // As where a module defines its own (wasm-ld): it tells modules apart.
      return name === "__dso_handle" ? ownBase : loaderAddress(this.layout, name);
    }
    if (kind === "func") return this.entries.of(definition);
    const exporter = this.scope.libraries[definition.library];
    return dataAddress(exporter, definition.export.name, this.layout.memoryBases[definition.library]);
  }
}

/**
 * A function's type as the document has it.
 * @param {ExternType} type
 * @returns {PlannedType}
 */
function planned(type) {
  if (type.kind !== "func") throw new TypeError("nothing but a function can be late, or missing: see decide");
  return { params: type.params, results: type.results };
}

/**
 * Where exported data is: its library's base plus the offset that the export holds (not for ABSOLUTE symbols).
 * @param {Library} library
 * @param {string} name
 * @param {number} memoryBase
 */
export function dataAddress({ module }, name, memoryBase) {
  const index = module.exportsByName.get(name)?.index ?? 0;
  const flags = module.dylink?.exportFlags.get(name) ?? 0;
  const tls = flags & abi.TLS ? (tlsOffset(module) ?? 0) : 0;
  const offset = module.definedGlobal(index)?.init?.value ?? 0n;
  return address(BigInt((flags & abi.ABSOLUTE ? 0 : memoryBase) + tls) + offset);
}

/**
 * Every module's data relocations, its thread-local data, then every module's constructors, in the order given.
 * @param {Scope} scope
 * @param {number[]} memoryBases
 * @param {number[]} order
 * @param {number | null} [withoutConstructors]
 * @returns {Call[]}
 */
export function initialisation(scope, memoryBases, order, withoutConstructors = null) {
  const modules = order.map((index) => ({ index, module: scope.libraries[index].module }));
  const relocations = modules.flatMap(({ index, module }) =>
    module.exportsByName.has(abi.APPLY_DATA_RELOCS) ? [call(index, abi.APPLY_DATA_RELOCS)] : [],
  );
  const threadLocal = modules.flatMap(({ index, module }) => {
    const offset = tlsOffset(module);
    return offset === null ? [] : [call(index, abi.INIT_TLS, [memoryBases[index] + offset])];
  });
  const constructors = modules.flatMap(({ index, module }) => {
    const entry = [abi.INITIALIZE, abi.CALL_CTORS].find((name) => module.exportsByName.has(name));
    return entry && index !== withoutConstructors ? [call(index, entry)] : [];
  });
  return [...relocations, ...threadLocal, ...constructors];
}

/**
 * @param {number} module
 * @param {string} name
 * @param {number[]} [arguments_]
 * @returns {Call}
 */
function call(module, name, arguments_ = []) {
  return { module, export: name, arguments: arguments_ };
}
