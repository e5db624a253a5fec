/** A bounded cursor over bytes: LEB128 numbers and UTF-8 names (WebAssembly core specification, 5.2). */

import { WasmbuildError, diagnostic } from "./diagnostics.mjs";
import { printable } from "./printing.mjs";

/** What engines take. Without a limit, few bytes that refer to one name would be shown as many. */
const LONGEST_NAME_BYTES = 100_000;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes that break the format. `offset` counts bytes from the start of the file. */
export class MalformedModule extends WasmbuildError {
  /**
   * @param {string} name
   * @param {number} offset
   * @param {string} problem
   */
  constructor(name, offset, problem) {
    super(
      diagnostic("malformed-module", `malformed module: \`${name}\``, {
        facts: [
          ["offset", hex(offset)],
          ["problem", printable(problem)],
        ],
      }),
    );
  }
}

/**
 * `0x1f`, with at least so many digits.
 * @param {number} value
 * @param {number} [digits]
 */
export function hex(value, digits = 1) {
  return "0x" + value.toString(16).padStart(digits, "0");
}

/**
 * A whole number as a `number` where that is exact, else as it is. Both compare with `<` and print alike.
 * @param {bigint} value
 * @returns {number | bigint}
 */
export function narrowed(value) {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Reads forward from `pos` and never past `end`; `what` names the enclosing part in messages.
 *
 * Every method throws MalformedModule where the bytes do not hold what it was asked for. */
export class Cursor {
  /**
   * @param {Uint8Array} data
   * @param {number} pos
   * @param {number} end
   * @param {string} name
   * @param {string} what
   */
  constructor(data, pos, end, name, what) {
    this.data = data;
    this.pos = pos;
    this.end = end;
    this.name = name;
    this.what = what;
  }

  /**
   * @param {string} problem
   * @param {number} [offset]
   * @returns {never}
   */
  fail(problem, offset = this.pos) {
    throw new MalformedModule(this.name, offset, problem);
  }

  /**
   * @param {number} wanted
   * @returns {never}
   */
  ends(wanted) {
    this.fail(`${this.what} ends at ${hex(this.end)} but its contents want ${hex(wanted)}`);
  }

  /**
   * A cursor over the next bytes, which this one skips.
   * @param {number} sizeBytes
   * @param {string} what
   */
  part(sizeBytes, what) {
    const start = this.pos;
    this.skip(sizeBytes);
    return new Cursor(this.data, start, this.pos, this.name, what);
  }

  /** @param {number} sizeBytes */
  skip(sizeBytes) {
    const wanted = this.pos + sizeBytes;
    if (wanted > this.end) this.ends(wanted);
    this.pos = wanted;
  }

  finish() {
    if (this.pos !== this.end) {
      this.fail(`${this.what} ends at ${hex(this.end)} but its contents end at ${hex(this.pos)}`);
    }
  }

  u8() {
    if (this.pos >= this.end) this.ends(this.pos + 1);
    return this.data[this.pos++];
  }

  /** @returns {number} */
  u32() {
    const { data, pos } = this;
    if (pos < this.end && data[pos] < 0x80) {
      this.pos++; // nearly all of them
      return data[pos];
    }
    if (pos + 1 < this.end && data[pos + 1] < 0x80) {
      this.pos += 2; // nearly all others
      return (data[pos] & 0x7f) | (data[pos + 1] << 7);
    }
    return Number(this.unsigned(32));
  }

  /**
   * @param {number} bits
   * @returns {number | bigint}
   */
  unsigned(bits) {
    const start = this.pos;
    const [result] = this.#leb128(bits, start);
    if (result >> BigInt(bits)) this.fail(`an integer does not fit in ${bits} bits`, start);
    return narrowed(result);
  }

  /**
   * @param {number} bits
   * @returns {bigint}
   */
  signed(bits) {
    const start = this.pos;
    const [unsigned, shift] = this.#leb128(bits, start);
    const result = BigInt.asIntN(shift, unsigned);
    // Bits of the last byte beyond the width must repeat the sign: the same as being in range.
    if (BigInt.asIntN(bits, result) !== result) this.fail(`a signed integer does not fit in ${bits} bits`, start);
    return result;
  }

  /**
   * The bits of a number, and how many of them there are.
   * @param {number} bits
   * @param {number} start
   * @returns {[bigint, number]}
   */
  #leb128(bits, start) {
    let result = 0n;
    for (let shift = 0; ;) {
      const byte = this.u8();
      result |= BigInt(byte & 0x7f) << BigInt(shift);
      shift += 7;
      if (byte < 0x80) return [result, shift];
      if (shift >= bits) {
        this.fail(`an integer of ${bits} bits takes more than ${Math.floor((bits + 6) / 7)} bytes`, start);
      }
    }
  }

  /**
   * The length of a vector whose items take at least `itemSizeBytes`: checked against what is left before anybody loops
   * or allocates. `most` is for what is multiplied by something else later.
   * @param {string} item
   * @param {number} [itemSizeBytes]
   * @param {number} [most]
   */
  count(item, itemSizeBytes = 1, most = Infinity) {
    const start = this.pos;
    const count = this.u32();
    if (count * itemSizeBytes > this.end - this.pos) {
      this.fail(`${this.what} has ${this.end - this.pos} bytes left, too few for ${count} ${item}`, start);
    }
    if (count > most) this.fail(`${this.what} has ${count} ${item}, where at most ${most} are taken`, start);
    return count;
  }

  /**
   * A vector of what `read` reads.
   * @template T
   * @param {number} count
   * @param {() => T} read
   * @returns {T[]}
   */
  times(count, read) {
    const items = [];
    for (let number = 0; number < count; number++) items.push(read());
    return items;
  }

  /** A name: its length in bytes, then UTF-8. */
  text() {
    const sizeBytes = this.u32();
    const start = this.pos;
    const end = start + sizeBytes;
    if (end > this.end) this.ends(end);
    if (sizeBytes > LONGEST_NAME_BYTES) {
      this.fail(`a name of ${sizeBytes} bytes, where at most ${LONGEST_NAME_BYTES} are taken`, start);
    }
    this.pos = end;
    const bytes = this.data.subarray(start, end);
    try {
      return UTF8.decode(bytes);
    } catch {
      return this.fail("a name is not UTF-8", start + wholeBytes(bytes));
    }
  }
}

/**
 * How many bytes of what is not UTF-8 are, from the start.
 * @param {Uint8Array} bytes
 */
function wholeBytes(bytes) {
  for (let start = 0; ;) {
    const lead = bytes[start];
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    try {
      UTF8.decode(bytes.subarray(start, start + length));
    } catch {
      return start;
    }
    start += length;
  }
}
