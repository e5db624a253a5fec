/** Code, read just far enough to answer one question: in which of its two encodings are exceptions handled?
 *
 * The opcodes and their immediates are those of the WebAssembly core specification (5.4) with the proposals for
 * threads, and of the older exception-handling proposal, whose `try` engines other than the browsers' refuse. */

import { Cursor, MalformedModule } from "../reader.mjs";

/** @import { Module } from "../module.mjs" */

/** @typedef {"legacy" | "standard"} ExceptionEncoding */

const CODE_SECTION = 10;

/**
 * One letter for each immediate: u a number or an index, b a byte, m a memory argument, 4 and 8 the bytes of a float; L
 * and V are of opcodes whose immediates are lists. Ranges of opcodes, with both ends.
 * @type {[first: number, last: number, immediates: string][]}
 */
const RANGES = [
  [0x00, 0x01, ""],
  [0x02, 0x04, "u"],
  [0x05, 0x05, ""],
  [0x08, 0x08, "u"],
  [0x0b, 0x0b, ""],
  [0x0c, 0x0d, "u"],
  [0x0e, 0x0e, "L"],
  [0x0f, 0x0f, ""],
  [0x10, 0x10, "u"],
  [0x11, 0x11, "uu"],
  [0x12, 0x12, "u"],
  [0x13, 0x13, "uu"],
  [0x14, 0x15, "u"],
  [0x1a, 0x1b, ""],
  [0x1c, 0x1c, "V"],
  [0x20, 0x26, "u"],
  [0x28, 0x3e, "m"],
  [0x3f, 0x42, "u"],
  [0x43, 0x43, "4"],
  [0x44, 0x44, "8"],
  [0x45, 0xc4, ""],
  [0xd0, 0xd0, "u"],
  [0xd1, 0xd1, ""],
  [0xd2, 0xd2, "u"],
  [0xd3, 0xd4, ""],
  [0xd5, 0xd6, "u"],
];

/** @type {Map<number, string>} */
const IMMEDIATES = new Map(
  RANGES.flatMap(([first, last, immediates]) =>
    Array.from({ length: last - first + 1 }, (_, place) => [first + place, immediates]),
  ),
);

const LEGACY = new Set([0x06, 0x07, 0x09, 0x18, 0x19]); // try, catch, rethrow, delegate, catch_all
const STANDARD = new Set([0x0a, 0x1f]); // throw_ref, try_table

/** @type {Record<number, string>} */
const BULK = { 8: "uu", 9: "u", 10: "uu", 11: "u", 12: "uu", 13: "u", 14: "uu", 15: "u", 16: "u", 17: "u" };

/** The code ends inside of an instruction. */
class CutShort extends Error {}

/**
 * How the first function that handles an exception does so; null where none does (`throw` is in both encodings), or
 * where the code cannot be followed.
 * @param {Uint8Array} data
 * @param {Module} module
 * @returns {ExceptionEncoding | null}
 */
export function exceptionEncoding(data, module) {
  const section = module.sections.find((each) => each.id === CODE_SECTION);
  if (!section) return null;
  const c = new Cursor(data, section.offset, section.offset + section.sizeBytes, "", "section `code`");
  try {
    for (let left = c.u32(); left > 0; left--) {
      const found = ofFunction(c.part(c.u32(), "a function"));
      if (found) return found;
    }
  } catch (error) {
    // Whether the code is valid is the engine's question.
    if (!(error instanceof MalformedModule || error instanceof CutShort)) throw error;
  }
  return null;
}

/**
 * @param {Cursor} c
 * @returns {ExceptionEncoding | null}
 */
function ofFunction(c) {
  for (let left = c.u32(); left > 0; left--) {
    c.u32();
    skip(c, "u"); // a type
  }
  while (c.pos < c.end) {
    const opcode = c.data[c.pos++];
    const known = IMMEDIATES.get(opcode);
    if (known === undefined && LEGACY.has(opcode)) return "legacy";
    if (known === undefined && STANDARD.has(opcode)) return "standard";
    const kinds = known ?? prefixed(c, opcode);
    if (kinds === undefined) return null; // an opcode of some later proposal: its length is not known
    skip(c, kinds);
  }
  return null;
}

/**
 * @param {Cursor} c
 * @param {number} opcode
 */
function prefixed(c, opcode) {
  if (opcode === 0xfc) {
    const number = c.u32();
    return number < 8 ? "" : BULK[number];
  }
  if (opcode === 0xfd) return simd(c.u32());
  if (opcode === 0xfe) return c.u32() === 3 ? "b" : "m"; // atomic.fence, else an access
  return undefined;
}

/** @param {number} number */
function simd(number) {
  if (number <= 11 || number === 92 || number === 93) return "m";
  if (number === 12 || number === 13) return "88";
  if (number >= 21 && number <= 34) return "b";
  return number >= 84 && number <= 91 ? "mb" : "";
}

/**
 * @param {Cursor} c
 * @param {string} kinds
 */
function skip(c, kinds) {
  for (const kind of kinds) {
    switch (kind) {
      case "u":
        while (byteAt(c) >= 0x80) c.pos++;
        c.pos++;
        break;
      case "m":
        if (c.u32() & 0x40) c.u32(); // which memory
        c.unsigned(64);
        break;
      case "b":
        c.pos++;
        break;
      case "L":
        for (let left = c.count("labels") + 1; left > 0; left--) c.u32();
        break;
      case "V":
        for (let left = c.count("types"); left > 0; left--) skip(c, "u");
        break;
      default:
        c.pos += Number(kind);
    }
  }
}

/** @param {Cursor} c */
function byteAt(c) {
  if (c.pos >= c.data.length) throw new CutShort();
  return c.data[c.pos];
}
