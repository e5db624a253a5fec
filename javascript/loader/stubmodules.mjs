// The modules of stubs and openers, the same bytes for the same needs, as in wasmbuild/loader/adapters.py.

import { MAGIC, bodyBytes, keyOf, leb, name, section, typeBytes, valueType } from "./adapters.mjs";

/** @typedef {import("./adapters.mjs").FuncType} FuncType */

/** @param {FuncType[]} types */
export const canBeMade = (types) => types.every((t) => [...t.params, ...t.results].every(valueType));

/** @param {FuncType} type */
const parameters = (type) => type.params.flatMap((_, index) => [0x20, ...leb(index)]);

/**
 * One exported function for each type, named by its number, that calls what stands in its table entry. The indexes are
 * imported as globals, so that the bytes do not depend on them.
 * @param {FuncType[]} types
 */
export function stubModule(types) {
  const distinct = [...new Map(types.map((type) => [keyOf(type), type])).values()];
  const keys = distinct.map(keyOf);
  const places = types.map((type) => keys.indexOf(keyOf(type)));
  return new Uint8Array([
    ...MAGIC,
    ...section(1, distinct.map(typeBytes)),
    ...section(2, [
      [...name("env"), ...name("__indirect_function_table"), 1, 0x70, 0, 0],
      ...types.map((_, index) => [...name("table index"), ...name(String(index)), 3, 0x7f, 0]),
    ]),
    ...section(3, places.map(leb)),
    ...section(7, types.map((_, index) => [...name(String(index)), 0, ...leb(index)])),
    ...section(
      10,
      types.map((type, index) => bodyBytes([...parameters(type), 0x23, ...leb(index), 0x11, ...leb(places[index]), 0])),
    ),
  ]);
}

/** @param {number} value not negative */
function signedLeb(value) {
  const bytes = leb(value);
  if (!(bytes[bytes.length - 1] & 0x40)) return bytes;
  bytes[bytes.length - 1] |= 0x80;
  return [...bytes, 0];
}

/**
 * Puts a function into each table entry that calls `open` with the entry's index, and then what stands there; and exports
 * a stub for each, named by the index, that only calls what stands there.
 * @param {[index: number, type: FuncType][]} entries
 */
export function openerModule(entries) {
  const open = { params: ["i32"], results: [] };
  const distinct = [...new Map([...entries.map(([, type]) => type), open].map((type) => [keyOf(type), type])).values()];
  const keys = distinct.map(keyOf);
  const places = entries.map(([, type]) => keys.indexOf(keyOf(type)));
  const at = (/** @type {number} */ index) => [0x41, ...signedLeb(index)];
  const stubs = entries.map(([index, type], n) => [...parameters(type), ...at(index), 0x11, ...leb(places[n]), 0]);
  const openers = entries.map(([index], n) => [...at(index), 0x10, 0, ...stubs[n]]);
  return new Uint8Array([
    ...MAGIC,
    ...section(1, distinct.map(typeBytes)),
    ...section(2, [
      [...name("env"), ...name("__indirect_function_table"), 1, 0x70, 0, 0],
      [...name("wasmbuild"), ...name("open"), 0, ...leb(keys.indexOf(keyOf(open)))],
    ]),
    ...section(3, [...places, ...places].map(leb)),
    ...section(7, entries.map(([index], n) => [...name(String(index)), 0, ...leb(entries.length + n + 1)])),
    ...section(9, entries.map(([index], n) => [0, ...at(index), 0x0b, 1, ...leb(n + 1)])),
    ...section(10, [...openers, ...stubs].map(bodyBytes)),
  ]);
}
