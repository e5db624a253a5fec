// The modules of stubs and openers, the same bytes for the same needs, as in wasmbuild/loader/adapters.py.

import { leb, MAGIC } from "./adapters.mjs";

/** @typedef {import("./adapters.mjs").FuncType} FuncType */

const NUMBERS = ["v128", "f64", "f32", "i64", "i32"]; // from 0x7b
const HEAPS = "cont exn array struct i31 eq any extern func none noextern nofunc noexn nocont".split(" "); // from 0x68
const REF_NULL = 0x63, REF = 0x64;

/** A type of values in the shortest way; null for one that has no meaning in another module. @param {string} text */
function valueType(text) {
  if (NUMBERS.includes(text)) return [0x7b + NUMBERS.indexOf(text)];
  const [, isNull, of] = /^(null)?(\w*)ref$/.exec(text) ?? []; // nullref is (ref null none), nullfuncref (ref null nofunc)
  const [, nullable, named] = /^\(ref (null )?(\w+)\)$/.exec(text) ?? [];
  const heap = HEAPS.indexOf(named ?? (isNull ? `no${of || "ne"}` : of));
  return heap < 0 ? null : [...(named ? [nullable ? REF_NULL : REF] : []), 0x68 + heap];
}

/** @param {string} text */
const name = (text) => [...leb(text.length), ...[...text].map((c) => c.charCodeAt(0))];

/** @param {number[][]} items */
const vector = (items) => [...leb(items.length), ...items.flat()];

/**
 * @param {number} id
 * @param {number[][]} items
 */
function section(id, items) {
  if (items.length === 0) return [];
  const body = vector(items);
  return [id, ...leb(body.length), ...body];
}

/** @param {FuncType} type */
const typeBytes = ({ params, results }) =>
  [0x60, ...[params, results].flatMap((list) => vector(list.map((each) => valueType(each) ?? [])))];

/** @param {FuncType} type */
const keyOf = ({ params, results }) => `${params} ${results}`;

/** @param {number[]} code */
const bodyBytes = (code) => [...leb(code.length + 2), 0, ...code, 0x0b];

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
