/** Types in the binary format (core specification 3.0, 5.3, with the custom-page-sizes proposal). */

import { Cursor, hex } from "./reader.mjs";

/** @import { FuncType, GlobalType, Limits, MemoryType, OpaqueType, TableType, TagType, ValType } from "./module.mjs" */

/** @type {Record<number, ValType>} */
export const NUMBER_TYPES = { 0x7f: "i32", 0x7e: "i64", 0x7d: "f32", 0x7c: "f64", 0x7b: "v128" };

/**
 * Abstract heap types: each is also, alone, the nullable reference to itself, which is called `NAMEref`, or as here.
 * @type {Record<number, [heap: string, nullable: ValType]>}
 */
export const HEAP_TYPES = {
  0x70: ["func", "funcref"],
  0x6f: ["extern", "externref"],
  0x6e: ["any", "anyref"],
  0x6d: ["eq", "eqref"],
  0x6c: ["i31", "i31ref"],
  0x6b: ["struct", "structref"],
  0x6a: ["array", "arrayref"],
  0x69: ["exn", "exnref"],
  0x68: ["cont", "contref"],
  0x71: ["none", "nullref"],
  0x72: ["noextern", "nullexternref"],
  0x73: ["nofunc", "nullfuncref"],
  0x74: ["noexn", "nullexnref"],
  0x75: ["nocont", "nullcontref"],
};
export const REF = 0x64;
export const REF_NULL = 0x63;

/** And results: what engines take. A few bytes refer to a type, which is compared and shown each time. */
const MOST_PARAMETERS = 1000;

/** Reads types of one module and checks the type indexes in them against its type section.
 *
 * Inside the type section an index may name a later type of the same group, so there they are gathered and checked at
 * the end. */
export class TypeReader {
  /** @type {(FuncType | OpaqueType)[]} */
  types = [];
  /** @type {[index: number, offset: number][] | null} */
  #pending = null;

  /**
   * @param {Cursor} c
   * @returns {ValType}
   */
  valType(c) {
    const offset = c.pos;
    const byte = c.u8();
    const known = NUMBER_TYPES[byte] ?? HEAP_TYPES[byte]?.[1];
    if (known) return known;
    if (byte !== REF && byte !== REF_NULL) c.fail(`unknown value type ${hex(byte, 2)}`, offset);
    const [heap, nullable] = this.heapType(c);
    return byte === REF ? `(ref ${heap})` : nullable;
  }

  /**
   * @param {Cursor} c
   * @returns {ValType}
   */
  refType(c) {
    const offset = c.pos;
    const value = this.valType(c);
    if (Object.values(NUMBER_TYPES).includes(value)) c.fail(`${value} is not a reference type`, offset);
    return value;
  }

  /**
   * The heap type's text, and that of its nullable reference.
   * @param {Cursor} c
   * @returns {[string, ValType]}
   */
  heapType(c) {
    const offset = c.pos;
    const index = Number(c.signed(33));
    if (index >= 0) {
      this.#check(c, index, offset);
      return [String(index), `(ref null ${index})`];
    }
    return (index >= -0x40 && HEAP_TYPES[index & 0x7f]) || c.fail("unknown heap type", offset);
  }

  /**
   * @param {Cursor} c
   * @param {number} index
   * @param {number} offset
   */
  #check(c, index, offset) {
    if (this.#pending) this.#pending.push([index, offset]);
    else if (index >= this.types.length) c.fail(`there is no type ${index}, only ${this.types.length}`, offset);
  }

  /** @param {Cursor} c */
  typeIndex(c) {
    const offset = c.pos;
    this.#check(c, c.u32(), offset);
  }

  /**
   * A type index that must name a function type.
   * @param {Cursor} c
   * @returns {FuncType}
   */
  funcType(c) {
    const offset = c.pos;
    const index = c.u32();
    if (index >= this.types.length) c.fail(`there is no type ${index}, only ${this.types.length}`, offset);
    const type = this.types[index];
    if (type.kind !== "func") c.fail(`type ${index} is not a function type but a ${type.kind} type`, offset);
    return type;
  }

  /**
   * The limits and their flags: 1 has a maximum, 2 shared, 4 is 64-bit, 8 a page size follows.
   * @param {Cursor} c
   * @param {number} allowedFlags
   * @returns {[Limits, number]}
   */
  #limits(c, allowedFlags) {
    const offset = c.pos;
    const flags = c.u8();
    if (flags & ~allowedFlags) c.fail(`unknown flags ${hex(flags, 2)} of limits`, offset);
    const bits = flags & 4 ? 64 : 32;
    const minimum = c.unsigned(bits);
    const maximum = flags & 1 ? c.unsigned(bits) : null;
    if (maximum !== null && maximum < minimum) {
      c.fail(`the minimum ${minimum} is above the maximum ${maximum}`, offset);
    }
    return [{ minimum, maximum }, flags];
  }

  /**
   * @param {Cursor} c
   * @returns {TableType}
   */
  tableType(c) {
    const element = this.refType(c);
    const [limits, flags] = this.#limits(c, 0b0101);
    return { kind: "table", element, limits, is64: (flags & 4) !== 0 };
  }

  /**
   * @param {Cursor} c
   * @returns {MemoryType}
   */
  memoryType(c) {
    const start = c.pos;
    const [limits, flags] = this.#limits(c, 0b1111);
    if (flags & 2 && !(flags & 1)) c.fail("a shared memory needs a maximum", start);
    const offset = c.pos;
    const pageSizeP2 = flags & 8 ? c.u32() : 16;
    if (pageSizeP2 > 16) c.fail(`a page size of 2**${pageSizeP2} bytes`, offset);
    const most = 1n << BigInt((flags & 4 ? 64 : 32) - pageSizeP2);
    const pages = limits.maximum ?? limits.minimum;
    if (pages > most) c.fail(`a memory of ${pages} pages, where at most ${most} have addresses`, start);
    return { kind: "memory", limits, shared: (flags & 2) !== 0, is64: (flags & 4) !== 0, pageSizeP2 };
  }

  /**
   * @param {Cursor} c
   * @returns {GlobalType}
   */
  globalType(c) {
    const value = this.valType(c);
    return { kind: "global", value, mutable: this.#mutability(c) };
  }

  /** @param {Cursor} c */
  #mutability(c) {
    const offset = c.pos;
    const mutability = c.u8();
    if (mutability > 1) c.fail(`unknown mutability ${hex(mutability, 2)}`, offset);
    return mutability === 1;
  }

  /**
   * @param {Cursor} c
   * @returns {TagType}
   */
  tagType(c) {
    const offset = c.pos;
    const attribute = c.u8();
    if (attribute !== 0) c.fail(`unknown attribute ${hex(attribute, 2)} of a tag`, offset);
    return { kind: "tag", type: this.funcType(c) };
  }

  /** @param {Cursor} c */
  typeSection(c) {
    /** @type {[number, number][]} */
    const pending = (this.#pending = []);
    c.times(c.count("types", 2), () => {
      if (!takes(c, 0x4e)) return this.#subType(c);
      c.times(c.count("types of a group", 2), () => this.#subType(c)); // which may refer to each other
    });
    this.#pending = null;
    for (const [index, offset] of pending) this.#check(c, index, offset);
  }

  /** @param {Cursor} c */
  #subType(c) {
    if (takes(c, 0x50, 0x4f)) c.times(c.count("supertypes"), () => this.typeIndex(c));
    this.types.push(this.#compositeType(c));
  }

  /**
   * @param {Cursor} c
   * @returns {FuncType | OpaqueType}
   */
  #compositeType(c) {
    const offset = c.pos;
    const form = c.u8();
    switch (form) {
      case 0x60: {
        const params = c.times(c.count("parameters", 1, MOST_PARAMETERS), () => this.valType(c));
        const results = c.times(c.count("results", 1, MOST_PARAMETERS), () => this.valType(c));
        return { kind: "func", params, results };
      }
      case 0x5f:
        c.times(c.count("fields", 2), () => this.#fieldType(c));
        return { kind: "struct" };
      case 0x5e:
        this.#fieldType(c);
        return { kind: "array" };
      case 0x5d:
        this.heapType(c);
        return { kind: "cont" };
    }
    return c.fail(`unknown form ${hex(form, 2)} of a type`, offset);
  }

  /** @param {Cursor} c */
  #fieldType(c) {
    if (!takes(c, 0x78, 0x77)) this.valType(c); // these two are packed: i8, i16
    this.#mutability(c);
  }
}

/**
 * Reads the next byte if it is one of these.
 * @param {Cursor} c
 * @param {number[]} bytes
 */
function takes(c, ...bytes) {
  const found = c.pos < c.end && bytes.includes(c.data[c.pos]);
  if (found) c.pos++;
  return found;
}
