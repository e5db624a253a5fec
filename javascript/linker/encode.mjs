/** Values to bytes: the inverse of `decode`, as far as the small modules that we generate need it.
 *
 * The encoding is the shortest and does not depend on anything but the values, so equal modules are equal bytes. */

import { same } from "./module.mjs";
import { HEAP_TYPES, NUMBER_TYPES, REF, REF_NULL } from "./valtypes.mjs";

/** @import { Export, ExternType, FuncType, Import, Limits, ValType } from "./module.mjs" */

/** Bytes, as numbers: what is made of them is small. @typedef {number[]} Bytes */

const END = 0x0b;

/** @param {number} function_ @returns {Bytes} */
export const call = (function_) => [0x10, ...unsigned(function_)];

/** @param {number} type @returns {Bytes} */
export const callIndirect = (type) => [0x11, ...unsigned(type), 0];

/** @param {number} index @returns {Bytes} */
export const localGet = (index) => [0x20, ...unsigned(index)];

/** @param {number} index @returns {Bytes} */
export const globalGet = (index) => [0x23, ...unsigned(index)];

/**
 * A function body without locals from its instructions, without the last `end`.
 * @param {Bytes} instructions
 * @returns {Bytes}
 */
export function body(instructions) {
  return [0, ...instructions, END];
}

/**
 * A module to encode. The type section is `types`, which must have all that the rest needs.
 * @param {object} spec
 * @param {FuncType[]} spec.types
 * @param {Import[]} spec.imports
 * @param {{type: FuncType, body: Bytes}[]} spec.functions
 * @param {Export[]} spec.exports
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encode({ types, imports, functions, exports }) {
  const indexOf = (/** @type {ExternType} */ type) => unsigned(types.findIndex((each) => same(each, type)));
  /** @type {[id: number, items: Bytes[]][]} */
  const sections = [
    [1, types.map((type) => [0x60, ...vector(type.params.map(valType)), ...vector(type.results.map(valType))])],
    [2, imports.map((each) => [...name(each.module), ...name(each.name), ...externType(each.type, indexOf)])],
    [3, functions.map((each) => indexOf(each.type))],
    [7, exports.map((each) => [...name(each.name), KINDS.indexOf(each.kind), ...unsigned(each.index)])],
    [10, functions.map((each) => sized(each.body))],
  ];
  const present = sections.filter(([, items]) => items.length);
  const contents = present.flatMap(([id, items]) => [id, ...sized(vector(items))]);
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...contents]);
}

const KINDS = ["func", "table", "memory", "global", "tag"];

/**
 * Unsigned LEB128.
 * @param {number} value
 * @returns {Bytes}
 */
function unsigned(value) {
  return value > 0x7f ? [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 128))] : [value];
}

/**
 * @param {Bytes[]} items
 * @returns {Bytes}
 */
function vector(items) {
  return [...unsigned(items.length), ...items.flat()];
}

/**
 * @param {Bytes} contents
 * @returns {Bytes}
 */
function sized(contents) {
  return [...unsigned(contents.length), ...contents];
}

/** @param {string} text */
function name(text) {
  return sized([...new TextEncoder().encode(text)]);
}

/**
 * @param {ExternType} type
 * @param {(type: ExternType) => Bytes} indexOf
 * @returns {Bytes}
 */
function externType(type, indexOf) {
  const kind = KINDS.indexOf(type.kind);
  switch (type.kind) {
    case "func":
      return [kind, ...indexOf(type)];
    case "table":
      return [kind, ...valType(type.element), ...limits(type.limits, type.is64 ? 4 : 0)];
    case "memory":
      return [kind, ...limits(type.limits, (type.shared ? 2 : 0) | (type.is64 ? 4 : 0))];
    case "global":
      return [kind, ...valType(type.value), Number(type.mutable)];
    case "tag":
      return [kind, 0, ...indexOf(type.type)];
  }
}

/**
 * @param {Limits} limits
 * @param {number} flags
 * @returns {Bytes}
 */
function limits({ minimum, maximum }, flags) {
  const most = maximum === null ? [] : unsigned(Number(maximum));
  return [flags | Number(maximum !== null), ...unsigned(Number(minimum)), ...most];
}

/**
 * @param {ValType} type
 * @returns {Bytes}
 */
function valType(type) {
  const number = Object.entries(NUMBER_TYPES).find(([, text]) => text === type);
  if (number) return [Number(number[0])];
  const heaps = Object.entries(HEAP_TYPES);
  const abstract = heaps.find(([, [, nullable]]) => nullable === type);
  if (abstract) return [Number(abstract[0])];
  const [, nullable, heap] = type.match(/^\(ref (null )?(\w+)\)$/) ?? [];
  const byte = heaps.find(([, [text]]) => text === heap)?.[0];
  if (byte) return [nullable ? REF_NULL : REF, Number(byte)];
  throw new TypeError(`a type that has no meaning in another module: ${type}`);
}
