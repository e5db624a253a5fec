/** Constant expressions (core specification 3.0, 3.4.13): skipped exactly, evaluated where integers. */

import { Cursor, hex } from "./reader.mjs";

/** @import { ConstExpr } from "./module.mjs" */
/** @import { TypeReader } from "./valtypes.mjs" */

/**
 * How many functions and globals exist so far: what an expression may name.
 * @typedef {{functions: number, globals: number}} Spaces
 *
 * What one operand is, as far as it is known: an integer, a function (`ref.func`), or anything else.
 * @typedef {ConstExpr | {function: number} | null} Operand
 */

/**
 * Reads up to and with `end`. Throws MalformedModule for instructions that are not constant.
 * @param {Cursor} c
 * @param {TypeReader} types
 * @param {Spaces} spaces
 * @returns {Operand}
 */
export function readConstExpr(c, types, spaces) {
  const start = c.pos;
  /** @type {Operand[]} */
  const stack = [];
  let fixedArity = true; // how many operands `struct.new` takes is in a type that we skip
  for (;;) {
    const offset = c.pos;
    const opcode = c.u8();
    switch (opcode) {
      case 0x0b:
        if (fixedArity && stack.length !== 1) c.fail(`a constant expression leaves ${stack.length} values`, start);
        return fixedArity ? stack[0] : null;
      case 0x41:
        stack.push({ baseGlobal: null, value: c.signed(32) });
        break;
      case 0x42:
        stack.push({ baseGlobal: null, value: c.signed(64) });
        break;
      case 0x43:
        c.skip(4);
        stack.push(null);
        break;
      case 0x44:
        c.skip(8);
        stack.push(null);
        break;
      case 0x23:
        stack.push({ baseGlobal: readIndex(c, "global", spaces.globals), value: 0n });
        break;
      case 0xd0:
        types.heapType(c);
        stack.push(null);
        break;
      case 0xd2:
        stack.push({ function: readIndex(c, "function", spaces.functions) });
        break;
      case 0x6a: // i32.add, sub, mul
      case 0x6b:
      case 0x6c:
      case 0x7c: // i64.add, sub, mul
      case 0x7d:
      case 0x7e: {
        if (stack.length < 2 && fixedArity) c.fail("a constant expression lacks an operand", offset);
        const right = stack.pop() ?? null;
        const left = stack.pop() ?? null;
        stack.push(arithmetic(opcode, integer(left), integer(right)));
        break;
      }
      case 0xfd:
        if (c.u32() !== 0x0c) {
          c.fail("a vector instruction other than v128.const in a constant expression", offset);
        }
        c.skip(16);
        stack.push(null);
        break;
      case 0xfb:
        skipGcInstruction(c, types, offset);
        fixedArity = false;
        stack.push(null);
        break;
      default:
        c.fail(`instruction ${hex(opcode, 2)} is not constant`, offset);
    }
  }
}

/**
 * @param {Operand} operand
 * @returns {ConstExpr | null}
 */
export function integer(operand) {
  return operand && "value" in operand ? operand : null;
}

/**
 * An index below `size`.
 * @param {Cursor} c
 * @param {string} what
 * @param {number} size
 */
export function readIndex(c, what, size) {
  const offset = c.pos;
  return checkedIndex(c, what, c.u32(), size, offset);
}

/**
 * @param {Cursor} c
 * @param {string} what
 * @param {number} index
 * @param {number} size
 * @param {number} offset
 */
export function checkedIndex(c, what, index, size, offset) {
  if (index >= size) c.fail(`there is no ${what} ${index}, only ${size}`, offset);
  return index;
}

/**
 * @param {Cursor} c
 * @param {TypeReader} types
 * @param {number} offset
 */
function skipGcInstruction(c, types, offset) {
  const opcode = c.u32();
  switch (opcode) {
    case 0x00: // struct.new, struct.new_default, array.new, array.new_default
    case 0x01:
    case 0x06:
    case 0x07:
      return types.typeIndex(c);
    case 0x08: // array.new_fixed
      types.typeIndex(c);
      c.u32();
      return;
    case 0x1a: // any.convert_extern, extern.convert_any, ref.i31
    case 0x1b:
    case 0x1c:
      return;
  }
  c.fail(`instruction 0xfb ${hex(opcode, 2)} is not constant`, offset);
}

/**
 * @param {number} opcode
 * @param {ConstExpr | null} left
 * @param {ConstExpr | null} right
 * @returns {ConstExpr | null}
 */
function arithmetic(opcode, left, right) {
  if (!left || !right) return null;
  const bits = opcode < 0x70 ? 32 : 64;
  const one = left.baseGlobal;
  const other = right.baseGlobal;
  const wrapped = (/** @type {bigint} */ value) => BigInt.asIntN(bits, value);
  switch (opcode) {
    case 0x6a:
    case 0x7c:
      if (one !== null && other !== null) return null;
      return { baseGlobal: one ?? other, value: wrapped(left.value + right.value) };
    case 0x6b:
    case 0x7d:
      return other === null ? { baseGlobal: one, value: wrapped(left.value - right.value) } : null;
  }
  return one === null && other === null ? { baseGlobal: null, value: wrapped(left.value * right.value) } : null;
}
