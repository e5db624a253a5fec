// What a program has open.

import { E, fail, WasiError } from "./errno.mjs";
import { Directory, File, TYPE, now } from "./tree.mjs";

export const RIGHT = /** @type {const} */ ({ read: 1n << 1n, write: 1n << 6n });
export const FLAG = /** @type {const} */ ({ append: 1, nonblock: 4 });

const ALL = (1n << 29n) - 1n;
const OF_PATHS = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 24, 25, 26].reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);
const SEEK_AND_TELL = (1n << 2n) | (1n << 5n);

const DESCRIPTORS_LIMIT = 256;
/** What a guest may have open, besides its directories and standard input, output and error. */

/** A stream of the host: standard input, output, error. */
export class Stream {
  flags = 0;
  /**
   * @param {{read?: (size: number) => Uint8Array, write?: (data: Uint8Array) => void, terminal?: boolean}} end
   */
  constructor(end) {
    this.end = end;
    this.type = end.terminal ? TYPE.device : TYPE.unknown; // C writes line by line to a terminal only
    this.rights = (end.read ? RIGHT.read : 0n) | (end.write ? RIGHT.write : 0n) | (ALL & ~OF_PATHS & ~SEEK_AND_TELL & ~RIGHT.read & ~RIGHT.write);
  }
  /** @param {number} size */
  read(size) {
    return this.end.read ? this.end.read(size) : fail("BADF");
  }
  /** @param {Uint8Array} data */
  write(data) {
    if (!this.end.write) fail("BADF");
    this.end.write(data);
    return data.length;
  }
}

export class OpenFile {
  type = TYPE.file;
  offset = 0;
  /**
   * @param {File} file
   * @param {bigint} rights
   * @param {number} flags
   */
  constructor(file, rights, flags) {
    this.file = file;
    const used = rights & (RIGHT.read | RIGHT.write);
    this.rights = (ALL & ~OF_PATHS & ~RIGHT.read & ~RIGHT.write) | used;
    this.flags = flags;
  }
  /** @param {number} size */
  read(size, offset = this.offset) {
    if (!(this.rights & RIGHT.read)) fail("BADF");
    const data = this.file.data.subarray(offset, offset + size);
    this.file.accessed = now();
    return data;
  }
  /** @param {Uint8Array} data */
  write(data, offset = this.offset) {
    if (!(this.rights & RIGHT.write)) fail("BADF");
    this.file.write(data, offset);
    return data.length;
  }
}

export class OpenDirectory {
  type = TYPE.directory;
  rights = ALL & ~RIGHT.write & ~RIGHT.read & ~SEEK_AND_TELL;
  flags = 0;
  /** @type {[string, import("./tree.mjs").Node][]} as it was when reading began */
  listed = [];
  /**
   * @param {Directory} directory
   * @param {string | null} preopened its name, if it was there from the start
   */
  constructor(directory, preopened = null) {
    this.directory = directory;
    this.preopened = preopened;
  }
}

/** @typedef {Stream | OpenFile | OpenDirectory} Open */

/** Which number is what. */
export class Descriptors {
  /** @type {Map<number, Open>} */
  #open = new Map();
  #most;
  /** @param {Open[]} first */
  constructor(first) {
    first.forEach((each, number) => this.#open.set(number, each));
    this.#most = first.length + DESCRIPTORS_LIMIT;
  }
  /** @param {number} number @returns {Open} */
  get(number) {
    return this.#open.get(number) ?? fail("BADF");
  }
  /** @param {number} number @returns {OpenFile} */
  file(number) {
    const found = this.get(number);
    if (found instanceof OpenFile) return found;
    throw new WasiError(found instanceof OpenDirectory ? E.BADF : E.SPIPE);
  }
  /** @param {number} number */
  directory(number) {
    const found = this.get(number);
    return found instanceof OpenDirectory ? found : fail("NOTDIR");
  }
  /** The lowest number that is free, as POSIX has it. @param {() => Open} make */
  add(make) {
    if (this.#open.size >= this.#most) fail("MFILE");
    const opened = make();
    let number = 0;
    while (this.#open.has(number)) number += 1;
    this.#open.set(number, opened);
    return number;
  }
  /** @param {number} number */
  close(number) {
    this.get(number);
    this.#open.delete(number);
  }
  /**
   * @param {number} from
   * @param {number} to
   */
  move(from, to) {
    const opened = this.get(from);
    this.get(to);
    if (from === to) return;
    this.#open.delete(from);
    this.#open.set(to, opened);
  }
}
