// Functions of JavaScript's as wasm's: the small modules that nearly every process has.

/**
 * A function's type, as in the plan.
 * @typedef {{params: string[], results: string[]}} FuncType
 */

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

const NUMBERS = ["f64", "f32", "i64", "i32"]; // from 0x7c

/** Exports the function that it imports, of a type of numbers: one of JavaScript's can stand in a table then. @param {FuncType} type */
export function exportingModule({ params, results }) {
  const lists = [params, results].flatMap((list) => [...leb(list.length), ...list.map((each) => 0x7c + NUMBERS.indexOf(each))]);
  return Uint8Array.from(
    [
      MAGIC,
      [1, ...leb(lists.length + 2), 1, 0x60, ...lists],
      [2, 7, 1, 1, 0x66, 1, 0x30, 0, 0], // f.0
      [7, 5, 1, 1, 0x30, 0, 0], // 0
    ].flat(),
  );
}

/** Exports `trap`: what a trap ends no wasm can catch, while an exception of JavaScript's would be caught by C++. */
export const TRAP_MODULE = Uint8Array.from(
  [MAGIC, [1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0], [7, 8, 1, 4, 0x74, 0x72, 0x61, 0x70, 0, 0], [10, 5, 1, 3, 0, 0, 0x0b]].flat(),
);
