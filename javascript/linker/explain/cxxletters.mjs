/** The letters of a mangled name, read forward. */

import { DEEPEST, unreadable } from "./cxxnodes.mjs";

/** Every method throws Unreadable where something else stands. */
export class Letters {
  #depth = 0;

  /**
   * @param {string} text
   * @param {number} pos
   */
  constructor(text, pos) {
    this.text = text;
    this.pos = pos;
  }

  get done() {
    return this.pos === this.text.length;
  }

  /**
   * Whether this comes next; then it is read.
   * @param {string} text
   */
  takes(text) {
    const found = this.text.startsWith(text, this.pos);
    if (found) this.pos += text.length;
    return found;
  }

  /** @param {string} text */
  expect(text) {
    if (!this.takes(text)) unreadable();
  }

  /**
   * What a pattern matches here.
   * @param {RegExp} pattern sticky
   */
  match(pattern) {
    pattern.lastIndex = this.pos;
    const found = pattern.exec(this.text);
    if (!found) return unreadable();
    this.pos += found[0].length;
    return found[0];
  }

  /** @param {string} text */
  comesTo(text) {
    return this.text.startsWith(text, this.pos);
  }

  /** A length, and as many letters. */
  source() {
    const length = Number(this.match(/\d+/y));
    const start = this.pos;
    this.pos += length;
    return length === 0 || this.pos > this.text.length ? unreadable() : this.text.slice(start, this.pos);
  }

  /**
   * @template T
   * @param {() => T} read
   * @returns {T}
   */
  deeper(read) {
    if (++this.#depth > DEEPEST) unreadable();
    const result = read();
    this.#depth--;
    return result;
  }

  /**
   * What there is up to an `E`, which is read too.
   * @template T
   * @param {() => T} read
   */
  untilEnd(read) {
    /** @type {T[]} */
    const found = [];
    while (!this.takes("E")) found.push(read());
    return found;
  }

  qualifiers() {
    const found = this.match(/r?V?K?/y);
    return `${found.includes("K") ? " const" : ""}${found.includes("V") ? " volatile" : ""}${
      found.includes("r") ? " restrict" : ""
    }`;
  }

  discriminator() {
    this.match(/(?:__\d+_|_\d)?/y);
  }
}
