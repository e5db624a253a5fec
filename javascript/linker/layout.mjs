/** Where everything is.
 *
 * The layout of memory, from address 0: the stack (so that overflow runs below 0 and traps), each module's area, the
 * heap. Of the table: entry 0 stays null, each module's area, then one entry for each function whose address is needed
 * and that has none in its own module's area. */

import * as abi from "./abi.mjs";
import { NO_AREAS } from "./module.mjs";

/** @import { MemInfo, Module, MemoryType, TableType } from "./module.mjs" */
/** @import { Scope } from "./scope.mjs" */

export const PAGE_BYTES = 65536;
export const MAX_PAGES = 65536;

/** What engines allow a table to hold. */
export const MAX_TABLE_ELEMENTS = 10_000_000;

/** When the program does not say. wasm-ld's own 64 KiB is too little for much of what is ported. */
export const STACK_BYTES = 1 << 20;

const STACK_ALIGN = 16;

/**
 * The types of all imports of one kind.
 * @template {"memory" | "table"} K
 * @param {Scope} scope
 * @param {K} kind
 * @returns {(K extends "memory" ? MemoryType : TableType)[]}
 */
export function imported(scope, kind) {
  const imports = scope.libraries.flatMap((library) => library.module.imports);
  return /** @type {any[]} */ (imports.flatMap(({ type }) => (type.kind === kind ? [type] : [])));
}

/**
 * Where everything is. Bases are 0 for a module that has no areas.
 * @typedef {object} Layout
 * @property {number} stackHigh
 * @property {number[]} memoryBases
 * @property {number[]} tableBases
 * @property {number} heapBase
 * @property {number} tableEnd
 * @property {number | bigint} memoryPages
 */

/**
 * The value of one of `LOADER_ADDRESSES`.
 * @param {Layout} layout
 * @param {string} name
 * @returns {number}
 */
export function loaderAddress({ stackHigh, heapBase, memoryPages }, name) {
  switch (name) {
    case "__stack_high":
    case "__global_base":
      return stackHigh;
    case "__data_end":
    case "__heap_base":
      return heapBase;
    case "__heap_end":
      return Math.min(Number(memoryPages) * PAGE_BYTES, abi.ADDRESS_MASK);
  }
  return 0;
}

/**
 * Place the areas. The result may be more than a process can have: `decide` says so before it is used.
 * @param {Scope} scope
 * @param {number} [stackBytes]
 * @returns {Layout}
 */
export function layOut(scope, stackBytes = STACK_BYTES) {
  const stackHigh = align(stackBytes, STACK_ALIGN);
  let memory = stackHigh;
  let table = 1;
  const memoryBases = [];
  const tableBases = [];
  for (const { module } of scope.libraries) {
    if (!module.dylink) {
      memoryBases.push(0);
      tableBases.push(0);
      continue;
    }
    const info = areas(module);
    memory = align(memory, 2 ** info.memoryP2align);
    table = align(table, 2 ** info.tableP2align);
    memoryBases.push(memory);
    tableBases.push(table);
    memory += info.memorySize;
    table += info.tableSize;
  }
  const heapBase = align(memory, STACK_ALIGN);
  const memoryPages = imported(scope, "memory").reduce(
    (most, { limits }) => (limits.minimum > most ? limits.minimum : most),
    /** @type {number | bigint} */ (Math.ceil(heapBase / PAGE_BYTES)),
  );
  return { stackHigh, memoryBases, tableBases, heapBase, tableEnd: table, memoryPages };
}

/**
 * The areas that a module has in memory and table: what it asks for, and behind its data its thread-local block, of
 * which a process with one thread has one. Who registers destructors does it under `__dso_handle`, the start of its
 * area, which is nobody else's only if there is a byte in it.
 * @param {Module} module
 * @returns {MemInfo}
 */
export function areas(module) {
  let info = module.dylink?.memInfo ?? NO_AREAS;
  if (info.memorySize === 0 && module.imports.some((each) => abi.ATEXIT.has(each.name))) {
    info = { ...info, memorySize: 1 };
  }
  const offset = tlsOffset(module);
  if (offset === null) return info;
  const tlsP2align = 32 - Math.clz32(Math.abs(constant(module, abi.TLS_ALIGN) - 1));
  const memoryP2align = Math.max(info.memoryP2align, tlsP2align);
  return { ...info, memorySize: offset + constant(module, abi.TLS_SIZE), memoryP2align };
}

/**
 * Where in its memory area a module's thread-local block is; null where it has none.
 * @param {Module} module
 * @returns {number | null}
 */
export function tlsOffset(module) {
  if (!module.dylink || !module.exportsByName.has(abi.INIT_TLS)) return null;
  return align(module.dylink.memInfo.memorySize, Math.max(constant(module, abi.TLS_ALIGN), 1));
}

/**
 * The value of an exported constant; 0 where there is none.
 * @param {Module} module
 * @param {string} name
 */
function constant(module, name) {
  const found = module.exportsByName.get(name);
  const init = found?.kind === "global" ? module.definedGlobal(found.index)?.init : null;
  return init ? address(init.value) : 0;
}

/**
 * The table entries that a module fills itself when it is instantiated: function index → table index.
 * @param {Module} module
 * @param {number} tableBase
 * @returns {Map<number, number>}
 */
export function ownEntries(module, tableBase) {
  /** @type {Map<number, number>} */
  const entries = new Map();
  const importedGlobals = module.imports.filter((each) => each.type.kind === "global");
  for (const { mode, offset, table, functions } of module.elements) {
    if (mode !== "active" || !offset || table !== 0) continue;
    const base = offset.baseGlobal;
    if (base !== null && importedGlobals[base]?.name !== abi.TABLE_BASE) continue;
    const start = Number(offset.value) + (base === null ? 0 : tableBase);
    functions.forEach((index, place) => {
      if (index !== null && !entries.has(index)) entries.set(index, start + place);
    });
  }
  return entries;
}

/**
 * @param {number} value
 * @param {number} alignment
 */
export function align(value, alignment) {
  return Math.ceil(value / alignment) * alignment;
}

/**
 * A number as an address: modulo the address space.
 * @param {bigint} value
 */
export function address(value) {
  return Number(BigInt.asUintN(abi.POINTER_BITS, value));
}
