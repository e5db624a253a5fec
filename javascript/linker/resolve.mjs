/** What each import of each module is bound to: by name first, then the types are compared. */

import * as abi from "./abi.mjs";
import { funcType, globalType, same, typeText } from "./module.mjs";
import { WASI_FUNCTIONS } from "./wasi.mjs";

/** @import { Export, ExternType, FuncType, Import, Module } from "./module.mjs" */
/** @import { Library, Scope } from "./scope.mjs" */

/** Addresses that describe the process and not a module; the loader knows them, wherever they are imported. */
export const LOADER_ADDRESSES = new Set([
  "__heap_base",
  "__heap_end",
  "__stack_low",
  "__stack_high",
  "__data_end",
  "__global_base",
  "__dso_handle",
]);

/** What a module exports about itself: no other module's import binds to it. */
export const NOT_SYMBOLS = new Set([...abi.LINKER_SYMBOLS, abi.START, abi.INITIALIZE, abi.CALL_CTORS]);

/**
 * The names under which no other module finds an export of this one.
 * @param {Module} module
 * @returns {Set<string>}
 */
export function privateNames(module) {
  const own = module.dylink?.privateExports() ?? [];
  return own.length ? new Set([...NOT_SYMBOLS, ...own]) : NOT_SYMBOLS;
}

/**
 * An export of a library in the scope.
 * @typedef {{is: "definition", library: number, export: Export}} Definition
 *
 * What an import is bound to:
 * - provided: a thing that the loader makes: memory, table, stack pointer, or a module's own bases
 * - address: a GOT entry; `definition` is null for an address of the loader's, and for a weak symbol that nobody
 *   defines
 * - of-wasi, of-host: a function of WASI, of the embedder (the manifest's `imports`)
 * - address-of-host: the table index of a function that the embedder supplies
 * - of-loader: a function of the dlopen family. It belongs to the importing library: the loader must know who asks
 * - weak-undefined: a function that nobody defines and that need not be defined: a call to it traps
 * @typedef {Definition
 *   | {is: "provided", what: "memory" | "table" | "stack_pointer" | "memory_base" | "table_base" | "tls_base"}
 *   | {is: "address", kind: "mem" | "func", name: string, definition: Definition | null}
 *   | {is: "of-wasi" | "of-host" | "address-of-host" | "of-loader" | "weak-undefined", name: string}} Binding
 *
 * An import that cannot be bound. `has` is what stands on the other side: the definition's type, or why the import
 * cannot be supplied.
 * @typedef {object} Problem
 * @property {"problem"} is
 * @property {"undefined" | "mismatch" | "wrong-kind" | "unsupported"} code
 * @property {number} library
 * @property {Import} import
 * @property {Definition | null} definition
 * @property {string} has
 *
 * For each library of the scope, one binding for each of its imports; and all that cannot be bound, in the same order.
 * @typedef {{bindings: (Binding | Problem)[][], symbols: Symbols, problems: Problem[]}} Resolution
 *
 * What the embedder supplies by name; null where only the name is known, as when a build is checked.
 * @typedef {Map<string, FuncType | null>} Host
 */

/** What libc.so imports from the loader. */
export const LOADER_FUNCTIONS = new Map(
  Object.entries({ dlopen: 2, dlsym: 2, dlclose: 1, dlerror: 2, dladdr: 5 }).map(([name, parameters]) => [
    name,
    funcType(Array(parameters).fill("i32"), ["i32"]),
  ]),
);

const CALLER_MATTERS = new Set(["dlopen", "dlsym"]);

/** Every symbol with all its definitions, in the order of a scope: those of an earlier table, which stays as it is and
 * may be large, then those that were added. */
export class Symbols {
  /** @type {Symbols | undefined} */
  #before;
  /** @type {Map<string, Definition[]>} */
  #added;

  /**
   * @param {Symbols} [before]
   * @param {Map<string, Definition[]>} [added]
   */
  constructor(before, added = new Map()) {
    this.#before = before && before.#settled();
    this.#added = added;
  }

  /** The same, in which each table has at most half as many names as the one before it: there are few to look in, and a
   * name moves few times.
   * @returns {Symbols} */
  #settled() {
    const before = this.#before;
    if (!before || this.#added.size * 2 <= before.#added.size) return this;
    return new Symbols(before.#before, new Map([...before.#added, ...this.#added])).#settled();
  }

  /**
   * Its definitions; the first one wins.
   * @param {string} name
   * @returns {readonly Definition[]}
   */
  get(name) {
    return this.#added.get(name) ?? this.#before?.get(name) ?? [];
  }

  /**
   * @param {string} name
   * @param {Definition} definition
   */
  add(name, definition) {
    const added = this.#added.get(name);
    if (added) added.push(definition);
    else this.#added.set(name, [...this.get(name), definition]);
  }

  /** @returns {string[]} */
  names() {
    return [...new Set([...(this.#before?.names() ?? []), ...this.#added.keys()])];
  }
}

/**
 * Every symbol with all its definitions, in the scope's order: the first one wins. `before` is the table of the first
 * `start` libraries, where somebody has it already.
 * @param {Scope} scope
 * @param {Symbols} [before]
 * @param {number} [start]
 * @returns {Symbols}
 */
export function symbolTable(scope, before, start = 0) {
  const table = new Symbols(before);
  for (let library = start; library < scope.libraries.length; library++) {
    const { module } = scope.libraries[library];
    const hidden = privateNames(module);
    for (const each of module.exports) {
      if (!hidden.has(each.name)) table.add(each.name, { is: "definition", library, export: each });
    }
  }
  return table;
}

/**
 * Bind the imports of a scope's libraries. Those in `known` are in the process already: they define symbols, and what
 * they import was bound before. `table` is the scope's symbol table, where somebody has it already.
 * @param {Scope} scope
 * @param {Host} host
 * @param {Set<number>} [known]
 * @param {Symbols} [table]
 * @returns {Resolution}
 */
export function resolve(scope, host, known = new Set(), table = symbolTable(scope)) {
  const resolver = new Resolver(scope, host, table);
  const bindings = scope.libraries.map((library, index) =>
    known.has(index) ? [] : library.module.imports.map((import_) => resolver.bind(index, library, import_)),
  );
  const problems = bindings.flatMap((each) => each.flatMap((binding) => (binding.is === "problem" ? [binding] : [])));
  return { bindings, symbols: table, problems };
}

/**
 * @param {Problem["code"]} code
 * @param {number} library
 * @param {Import} import_
 * @param {{definition?: Definition, has?: string}} [rest]
 * @returns {Problem}
 */
function problem(code, library, import_, { definition, has = "" } = {}) {
  return { is: "problem", code, library, import: import_, definition: definition ?? null, has };
}

class Resolver {
  /**
   * @param {Scope} scope
   * @param {Host} host
   * @param {Symbols} table
   */
  constructor(scope, host, table) {
    this.scope = scope;
    this.host = host;
    this.table = table;
  }

  /**
   * @param {number} index
   * @param {Library} library
   * @param {Import} import_
   * @returns {Binding | Problem}
   */
  bind(index, library, import_) {
    switch (import_.module) {
      case abi.ENV:
        return provided(index, import_) ?? this.#symbol(index, library, import_);
      case abi.GOT_MEM:
      case abi.GOT_FUNC:
        return this.#got(index, library, import_);
      case abi.WASI_SNAPSHOT_PREVIEW1:
        return supplied(WASI_FUNCTIONS, "of-wasi", index, library, import_);
      case abi.LOADER:
        return supplied(LOADER_FUNCTIONS, "of-loader", index, library, import_);
    }
    return unbound(index, library, import_);
  }

  /**
   * @param {number} index
   * @param {Library} library
   * @param {Import} import_
   * @returns {Binding | Problem}
   */
  #symbol(index, library, import_) {
    const { name, type } = import_;
    const fromHost = this.host.get(name);
    if (type.kind === "func" && fromHost !== undefined) {
      if (fromHost && !same(fromHost, type)) return problem("mismatch", index, import_, { has: typeText(fromHost) });
      return { is: "of-host", name };
    }
    const definition = this.table.get(name).at(0);
    if (!definition) return unbound(index, library, import_);
    if (CALLER_MATTERS.has(name) && this.#asksLoader(definition, import_)) return { is: "of-loader", name };
    return this.#compare(index, import_, definition);
  }

  /**
   * Whether a definition of dlopen or dlsym is our libc's, which does nothing but ask the loader.
   * @param {Definition} definition
   * @param {Import} import_
   */
  #asksLoader(definition, { name, type }) {
    const { imports } = this.scope.libraries[definition.library].module;
    return (
      same(type, LOADER_FUNCTIONS.get(name)) && imports.some((each) => each.module === abi.LOADER && each.name === name)
    );
  }

  /**
   * @param {number} index
   * @param {Import} import_
   * @param {Definition} definition
   * @returns {Binding | Problem}
   */
  #compare(index, import_, definition) {
    const has = exportedType(this.scope, definition);
    if (same(has, import_.type)) return definition;
    const alike = has.kind === import_.type.kind && (has.kind === "func" || has.kind === "tag");
    return problem(alike ? "mismatch" : "wrong-kind", index, import_, { definition, has: typeText(has) });
  }

  /**
   * @param {number} index
   * @param {Library} library
   * @param {Import} import_
   * @returns {Binding | Problem}
   */
  #got(index, library, import_) {
    const { name } = import_;
    const kind = import_.module === abi.GOT_MEM ? "mem" : "func";
    if (!same(import_.type, globalType(abi.POINTER_TYPE, true))) {
      return problem("unsupported", index, import_, { has: "a GOT entry is a mutable global of type i32" });
    }
    if (kind === "func" && this.host.has(name)) return { is: "address-of-host", name };
    if (kind === "mem" && LOADER_ADDRESSES.has(name)) return { is: "address", kind, name, definition: null };
    const definition = this.table.get(name).at(0);
    if (!definition) {
      const weak = library.module.dylink?.isWeak(import_);
      return weak ? { is: "address", kind, name, definition: null } : problem("undefined", index, import_);
    }
    const has = exportedType(this.scope, definition);
    const fits = kind === "func" ? has.kind === "func" : same(has, globalType(abi.POINTER_TYPE));
    if (!fits) return problem("wrong-kind", index, import_, { definition, has: typeText(has) });
    return { is: "address", kind, name, definition };
  }
}

/**
 * @param {number} index
 * @param {Import} import_
 * @returns {Binding | Problem | undefined}
 */
function provided(index, import_) {
  const { name, type } = import_;
  const unsupported = (/** @type {string} */ has) => problem("unsupported", index, import_, { has });
  if (name === abi.MEMORY && type.kind === "memory") {
    const fits = !type.is64 && !type.shared && type.pageSizeP2 === 16;
    return fits ? { is: "provided", what: "memory" } : unsupported("the process has an unshared 32-bit memory");
  }
  if (name === abi.INDIRECT_FUNCTION_TABLE && type.kind === "table") {
    const fits = !type.is64 && type.element === "funcref";
    return fits ? { is: "provided", what: "table" } : unsupported("the process has a 32-bit table of funcref");
  }
  const global = GLOBALS.get(name);
  if (global && same(type, globalType(abi.POINTER_TYPE, global.mutable))) return { is: "provided", what: global.what };
  const has = LOADERS.get(name);
  return has ? unsupported(`the loader has ${has}`) : undefined;
}

/** @type {Map<string, {what: "stack_pointer" | "memory_base" | "table_base" | "tls_base", mutable: boolean}>} */
const GLOBALS = new Map([
  [abi.STACK_POINTER, { what: "stack_pointer", mutable: true }],
  [abi.MEMORY_BASE, { what: "memory_base", mutable: false }],
  [abi.TABLE_BASE, { what: "table_base", mutable: false }],
  [abi.TLS_BASE, { what: "tls_base", mutable: true }],
]);

/** What the loader has under a name, for an import of another type. */
const LOADERS = new Map([
  [abi.MEMORY, "a memory"],
  [abi.INDIRECT_FUNCTION_TABLE, "a table"],
  [abi.STACK_POINTER, "a mutable global of type i32"],
  [abi.MEMORY_BASE, "a constant global of type i32"],
  [abi.TABLE_BASE, "a constant global of type i32"],
]);

/**
 * @param {Map<string, FuncType>} functions
 * @param {"of-wasi" | "of-loader"} is
 * @param {number} index
 * @param {Library} library
 * @param {Import} import_
 * @returns {Binding | Problem}
 */
function supplied(functions, is, index, library, import_) {
  const has = functions.get(import_.name);
  if (!has) return unbound(index, library, import_);
  return same(has, import_.type)
    ? { is, name: import_.name }
    : problem("mismatch", index, import_, { has: typeText(has) });
}

/**
 * Nobody has it: only a weak function need not be there.
 * @param {number} index
 * @param {Library} library
 * @param {Import} import_
 * @returns {Binding | Problem}
 */
function unbound(index, library, import_) {
  const weak = import_.type.kind === "func" && library.module.dylink?.isWeak(import_);
  return weak ? { is: "weak-undefined", name: import_.name } : problem("undefined", index, import_);
}

/**
 * The definition that a binding leads to, if any.
 * @param {Binding | Problem} binding
 * @returns {Definition | null}
 */
export function definitionOf(binding) {
  return binding.is === "definition" ? binding : binding.is === "address" ? binding.definition : null;
}

/**
 * @param {Scope} scope
 * @param {Definition} definition
 * @returns {ExternType}
 */
export function exportedType(scope, definition) {
  return scope.libraries[definition.library].module.exportType(definition.export);
}
