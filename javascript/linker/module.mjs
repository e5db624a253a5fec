/** The decoded values: what a module imports, defines and exports. Nothing changes them once they are made.
 *
 * Indexes count in the module's own index spaces, imports first (WebAssembly core specification, 2.5.1). */

import * as abi from "./abi.mjs";

/**
 * "i32", "i64", "f32", "f64", "v128", "funcref", "externref", "exnref", else the text format's own words, such as
 * "(ref null 5)": there the number is a type index of *this* module.
 * @typedef {string} ValType
 *
 * @typedef {{kind: "func", params: ValType[], results: ValType[]}} FuncType
 * @typedef {{kind: "struct" | "array" | "cont"}} OpaqueType an entry of the type section that is no function
 * @typedef {{minimum: number | bigint, maximum: number | bigint | null}} Limits `maximum` null is unbounded
 * @typedef {{kind: "table", element: ValType, limits: Limits, is64: boolean}} TableType
 * @typedef {{kind: "memory", limits: Limits, shared: boolean, is64: boolean, pageSizeP2: number}} MemoryType
 * @typedef {{kind: "global", value: ValType, mutable: boolean}} GlobalType
 * @typedef {{kind: "tag", type: FuncType}} TagType
 * @typedef {FuncType | TableType | MemoryType | GlobalType | TagType} ExternType
 * @typedef {ExternType["kind"]} ExternKind
 *
 * @typedef {{module: string, name: string, type: ExternType}} Import
 * @typedef {{name: string, kind: ExternKind, index: number}} Export
 *
 * The value of an integer constant expression: the global `baseGlobal` (null: no global) plus `value`, signed, modulo
 * the width of its type.
 * @typedef {{baseGlobal: number | null, value: bigint}} ConstExpr
 *
 * @typedef {{type: GlobalType, init: ConstExpr | null}} Global `init` is null where it is no integer
 * @typedef {"active" | "passive" | "declared"} Mode
 * @typedef {{table: number, offset: ConstExpr | null, functions: (number | null)[], mode: Mode}} Element
 * @typedef {{memory: number, offset: ConstExpr | null, sizeBytes: number}} Data `offset` is null where it is passive
 * @typedef {{id: number, name: string, offset: number, sizeBytes: number}} Section
 *
 * WASM_DYLINK_MEM_INFO: bytes and table elements, alignments as log2 of those.
 * @typedef {{memorySize: number, memoryP2align: number, tableSize: number, tableP2align: number}} MemInfo
 */

/** @type {MemInfo} */
export const NO_AREAS = { memorySize: 0, memoryP2align: 0, tableSize: 0, tableP2align: 0 };

/** Of the parameters, and of the results: types that have more may differ and yet have one text. */
const SHOWN_TYPES = 32;

/** @param {ValType[]} types */
function listed(types) {
  const rest = types.length - SHOWN_TYPES;
  return types.slice(0, SHOWN_TYPES).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** @param {Limits} limits */
function limitsText({ minimum, maximum }) {
  return `${minimum}..${maximum ?? ""}`;
}

/**
 * A type as messages show it: `(i32, i32) -> i64`, `global mutable i32`.
 * @param {ExternType} type
 * @returns {string}
 */
export function typeText(type) {
  switch (type.kind) {
    case "func": {
      const results = type.results.length === 1 ? type.results[0] : `(${listed(type.results)})`;
      return `(${listed(type.params)}) -> ${results}`;
    }
    case "table":
      return `table ${type.is64 ? "i64 " : ""}${limitsText(type.limits)} of ${type.element}`;
    case "memory": {
      const unit = type.pageSizeP2 === 16 ? "pages" : `pages of ${2 ** type.pageSizeP2} bytes`;
      return `${type.shared ? "shared " : ""}memory ${type.is64 ? "i64 " : ""}${limitsText(type.limits)} ${unit}`;
    }
    case "global":
      return `global ${type.mutable ? "mutable " : ""}${type.value}`;
    case "tag":
      return `tag (${listed(type.type.params)})`;
  }
}

/**
 * @param {ValType[]} [params]
 * @param {ValType[]} [results]
 * @returns {FuncType}
 */
export function funcType(params = [], results = []) {
  return { kind: "func", params, results };
}

/**
 * @param {ValType} value
 * @param {boolean} [mutable]
 * @returns {GlobalType}
 */
export function globalType(value, mutable = false) {
  return { kind: "global", value, mutable };
}

/**
 * Whether two plain values are equal in all their parts.
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]));
}

/**
 * One key for a pair of names, which may contain anything.
 * @param {string} module
 * @param {string} name
 */
export function pair(module, name) {
  return `${module.length}:${module}${name}`;
}

/** The section dylink.0. Flags are those of `abi`; import flags are keyed by `pair(module, field)`, where LLVM writes
 * the module `env` even for GOT imports. */
export class Dylink {
  /**
   * @param {MemInfo} memInfo
   * @param {string[]} needed
   * @param {Map<string, number>} exportFlags
   * @param {Map<string, number>} importFlags
   * @param {string[]} runtimePaths
   */
  constructor(memInfo, needed, exportFlags, importFlags, runtimePaths) {
    this.memInfo = memInfo;
    this.needed = needed;
    this.exportFlags = exportFlags;
    this.importFlags = importFlags;
    this.runtimePaths = runtimePaths;
  }

  /**
   * Whether an import need not be defined. Others than LLVM name the module that the import itself names.
   * @param {Import} import_
   */
  isWeak({ module, name }) {
    const flags = this.importFlags;
    return (((flags.get(pair(abi.ENV, name)) ?? 0) | (flags.get(pair(module, name)) ?? 0)) & abi.WEAK) !== 0;
  }

  /**
   * The exports that are no symbols for other modules: local, or hidden as in ELF.
   *
   * Not thread-local data that is hidden: wasm-ld writes the flags of the object there, which says nothing of
   * `--export=NAME`, and without that option it would not have exported it.
   * @returns {string[]}
   */
  privateExports() {
    return [...this.exportFlags].flatMap(([name, flags]) =>
      flags & abi.LOCAL || (flags & (abi.HIDDEN | abi.TLS)) === abi.HIDDEN ? [name] : [],
    );
  }
}

/**
 * @typedef {object} ModuleParts
 * @property {Section[]} sections
 * @property {Import[]} imports
 * @property {FuncType[]} functions
 * @property {TableType[]} tables
 * @property {MemoryType[]} memories
 * @property {TagType[]} tags
 * @property {Global[]} globals
 * @property {Export[]} exports
 * @property {Element[]} elements
 * @property {Data[]} data
 * @property {Dylink | null} dylink
 */

/** A whole module without its code. Everything in a list is in the order of the file.
 *
 * `functions` holds one type for each *defined* function, `tables`, `memories`, `globals` and `tags` likewise hold what
 * is defined; `space(kind)` puts the imports in front. */
export class Module {
  /** @param {ModuleParts} parts */
  constructor(parts) {
    this.sections = parts.sections;
    this.imports = parts.imports;
    this.functions = parts.functions;
    this.tables = parts.tables;
    this.memories = parts.memories;
    this.tags = parts.tags;
    this.globals = parts.globals;
    this.exports = parts.exports;
    this.elements = parts.elements;
    this.data = parts.data;
    this.dylink = parts.dylink;
    this.exportsByName = new Map(parts.exports.map((each) => [each.name, each]));
  }

  /**
   * The first custom section of a name.
   * @param {string} name
   */
  custom(name) {
    return this.sections.find((section) => section.id === 0 && section.name === name);
  }

  /** Whether dylink.0 stands where the convention wants it; moving it breaks other loaders. */
  get dylinkIsFirst() {
    return this.sections[0]?.name === abi.DYLINK_SECTION;
  }

  /** Whether it uses a memory of its own where a shared library imports one. */
  get ownsMemory() {
    return this.memories.length > 0 && !this.imports.some((each) => each.type.kind === "memory");
  }

  /** Whether its function pointers are of a table of its own, where a shared library imports one. */
  get ownsTable() {
    const own = this.tables.some((table) => table.element === "funcref");
    return own && !this.imports.some((each) => each.type.kind === "table");
  }

  /** Whether it was linked to run alone, whatever its dylink.0 says: wasm-ld writes one into static programs too, where
   * what is undefined may be imported. */
  get isWhole() {
    const { dylink } = this;
    return (
      this.ownsMemory &&
      !(dylink && (dylink.needed.length || dylink.importFlags.size)) &&
      !this.imports.some((i) => i.module === abi.GOT_MEM || i.module === abi.GOT_FUNC || abi.OF_LOADER.has(i.name))
    );
  }

  /** Whether this is a relocatable object: what `clang -c` writes, not yet linked. */
  get isObject() {
    return this.custom(abi.LINKING_SECTION) !== undefined;
  }

  /**
   * The types of one kind, by index: imports, then what is defined.
   * @template {ExternKind} K
   * @param {K} kind
   * @returns {Extract<ExternType, {kind: K}>[]}
   */
  space(kind) {
    return /** @type {any[]} */ (
      this.#spaces[kind] ??= [
        ...this.imports.flatMap(({ type }) => (type.kind === kind ? [type] : [])),
        ...this.#defined(kind),
      ]
    );
  }

  /** @type {Partial<Record<ExternKind, ExternType[]>>} */
  #spaces = {};

  /**
   * @param {ExternKind} kind
   * @returns {ExternType[]}
   */
  #defined(kind) {
    switch (kind) {
      case "func":
        return this.functions;
      case "table":
        return this.tables;
      case "memory":
        return this.memories;
      case "global":
        return this.globals.map((each) => each.type);
      case "tag":
        return this.tags;
    }
  }

  /**
   * @param {Export} export_
   * @returns {ExternType}
   */
  exportType(export_) {
    return this.space(export_.kind)[export_.index];
  }

  /**
   * The global at an index of the global space, undefined where it is imported.
   * @param {number} index
   * @returns {Global | undefined}
   */
  definedGlobal(index) {
    return this.globals[index - (this.space("global").length - this.globals.length)];
  }
}
