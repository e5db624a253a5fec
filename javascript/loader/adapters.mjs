// The small modules that the loader generates: bytes out, the same bytes for the same needs, as in
// wasmbuild/loader/adapters.py.

/**
 * A function's type, as in the plan.
 * @typedef {{params: string[], results: string[]}} FuncType
 */

const NUMBERS = ["v128", "f64", "f32", "i64", "i32"]; // from 0x7b
const HEAPS = "cont exn array struct i31 eq any extern func none noextern nofunc noexn nocont".split(" "); // from 0x68
const REF_NULL = 0x63, REF = 0x64;

/** A type of values in the shortest way; null for one that has no meaning in another module. @param {string} text */
export function valueType(text) {
  if (NUMBERS.includes(text)) return [0x7b + NUMBERS.indexOf(text)];
  const [, isNull, of] = /^(null)?(\w*)ref$/.exec(text) ?? []; // nullref is (ref null none), nullfuncref (ref null nofunc)
  const [, nullable, named] = /^\(ref (null )?(\w+)\)$/.exec(text) ?? [];
  const heap = HEAPS.indexOf(named ?? (isNull ? `no${of || "ne"}` : of));
  return heap < 0 ? null : [...(named ? [nullable ? REF_NULL : REF] : []), 0x68 + heap];
}

export const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** @param {number} value */
export function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value);
  return bytes;
}

/** @param {string} text */
export const name = (text) => [...leb(text.length), ...[...text].map((c) => c.charCodeAt(0))];

/** @param {number[][]} items */
const vector = (items) => [...leb(items.length), ...items.flat()];

/**
 * @param {number} id
 * @param {number[][]} items
 */
export function section(id, items) {
  if (items.length === 0) return [];
  const body = vector(items);
  return [id, ...leb(body.length), ...body];
}

/** @param {FuncType} type */
export const typeBytes = ({ params, results }) =>
  [0x60, ...[params, results].flatMap((list) => vector(list.map((each) => valueType(each) ?? [])))];

/** @param {FuncType} type */
export const keyOf = ({ params, results }) => `${params} ${results}`;

/** @param {any} value */
export function keyOfImport(value) {
  if (value.is === "stub") return keyOfStub(value.table_index, value.type);
  return `${value.is} ${value.name ?? value.what ?? ""} ${value.value ?? value.module ?? ""}`;
}

/** @param {number} index @param {FuncType} type */
export const keyOfStub = (index, type) => `stub ${index} ${keyOf(type)}`;

/** @param {number[]} code */
export const bodyBytes = (code) => [...leb(code.length + 2), 0, ...code, 0x0b];

/**
 * Exports the functions that it imports, each of its type: JavaScript's functions as wasm's, which can stand in a table.
 * @param {FuncType[]} types
 */
export function exportingModule(types) {
  return new Uint8Array([
    ...MAGIC,
    ...section(1, types.map(typeBytes)),
    ...section(2, types.map((_, index) => [...name("f"), ...name(String(index)), 0, ...leb(index)])),
    ...section(7, types.map((_, index) => [...name(String(index)), 0, ...leb(index)])),
  ]);
}

/** Exports `trap`: what a trap ends no wasm can catch, while an exception of JavaScript's would be caught by C++. */
export const TRAP_MODULE = new Uint8Array([
  ...MAGIC,
  ...section(1, [typeBytes({ params: [], results: [] })]),
  ...section(3, [[0]]),
  ...section(7, [[...name("trap"), 0, 0]]),
  ...section(10, [bodyBytes([0])]),
]);
