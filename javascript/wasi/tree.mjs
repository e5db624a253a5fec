// The files that a program sees: a tree in memory. No path leads out of it.

import { fail } from "./errno.mjs";

export const TYPE = /** @type {const} */ ({ unknown: 0, device: 2, directory: 3, file: 4, link: 7 });

const LINKS_AT_MOST = 40;
const NAME_BYTES = 255;

let inodes = 0n;

export const now = () => BigInt(Date.now()) * 1_000_000n;

/** What all that has a name in a directory has. Times are in nanoseconds. */
export class Node {
  /** @param {number} type */
  constructor(type) {
    this.type = type;
    this.inode = ++inodes;
    this.links = 1;
    this.accessed = this.modified = this.changed = now();
  }
  get size() {
    return 0;
  }
}

/** What one tree may have in all. */
export class Quota {
  /** @param {number} bytes */
  constructor(bytes) {
    this.left = this.most = bytes;
  }
  /** For a file that shall have a size. @param {number} bytes more @param {number} size */
  take(bytes, size) {
    if (size > this.most) fail("FBIG");
    if (bytes > this.left) fail("NOSPC");
    this.left -= bytes;
  }
}

export class File extends Node {
  /** @type {Uint8Array | null} */
  #data = null;
  #size;
  #read;
  /**
   * @param {Uint8Array | {size: number, read: () => Uint8Array}} data or what reads it, when it is needed
   * @param {Quota | null} quota
   */
  constructor(data = new Uint8Array(), quota = null) {
    super(TYPE.file);
    this.#size = data instanceof Uint8Array ? data.length : data.size;
    this.#read = data instanceof Uint8Array ? () => data : data.read;
    this.quota = quota;
    /** Whether what it has is not what it had at first. */
    this.dirty = false;
  }
  get size() {
    return this.#size;
  }
  /** All that there is room for: what is behind `size` is zero. */
  get #room() {
    if (this.#data) return this.#data;
    this.#data = this.#read();
    this.#size = this.#data.length;
    return this.#data;
  }
  /** What is in it, until it is written to. */
  get data() {
    const room = this.#room;
    return room.subarray(0, this.#size);
  }
  /** @param {number} size */
  resize(size) {
    const before = this.#room;
    if (size > before.length) {
      const room = Math.max(size, Math.min(2 * before.length, before.length + (64 << 20), this.quota?.most ?? Infinity));
      this.quota?.take(room - before.length, size);
      const data = new Uint8Array(room);
      data.set(this.data);
      this.#data = data;
    } else if (size < this.#size) {
      before.fill(0, size, this.#size);
    }
    this.#size = size;
    this.#touch();
  }
  /**
   * @param {Uint8Array} bytes
   * @param {number} offset
   */
  write(bytes, offset) {
    if (offset + bytes.length > this.#size && bytes.length) this.resize(offset + bytes.length);
    this.#room.set(bytes, offset);
    this.#touch();
  }
  #touch() {
    this.dirty = true;
    this.modified = this.changed = now();
  }
}

export class Link extends Node {
  /** @param {string} target */
  constructor(target) {
    super(TYPE.link);
    this.target = target;
  }
  get size() {
    return new TextEncoder().encode(this.target).length;
  }
}

export class Directory extends Node {
  /** @type {Map<string, Node>} */
  #entries = new Map();
  constructor() {
    super(TYPE.directory);
    this.links = 2;
    /** @type {Directory} */
    this.parent = this;
  }
  get entries() {
    return this.#entries;
  }
  /**
   * @param {string} name
   * @param {Node} node
   */
  add(name, node) {
    if (new TextEncoder().encode(name).length > NAME_BYTES) fail("NAMETOOLONG");
    this.entries.set(name, node);
    if (node instanceof Directory) node.parent = this;
    this.modified = this.changed = now();
  }
  /** @param {string} name */
  remove(name) {
    this.entries.delete(name);
    this.modified = this.changed = now();
  }
}

/**
 * Where a path leads, from a directory: the directory that it ends in, the name there, and what bears it, if anything
 * does. A name is null for the directory itself. `follow`: a link at the end is followed.
 * @param {Directory} base
 * @param {string} path
 * @param {boolean} follow
 * @returns {{parent: Directory, name: string | null, node: Node | undefined, wantsDirectory: boolean}}
 */
export function walk(base, path, follow) {
  if (path.startsWith("/")) fail("PERM");
  if (path === "") fail("NOENT");
  if (path.includes("\0")) fail("INVAL");
  const stack = [base];
  const todo = path.split("/").reverse();
  let links = 0;
  let wantsDirectory = false;
  while (todo.length) {
    const part = /** @type {string} */ (todo.pop());
    const here = /** @type {Directory} */ (stack.at(-1));
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (stack.length === 1) fail("PERM");
      stack.pop();
      continue;
    }
    const node = here.entries.get(part);
    const rest = todo.filter((each) => each !== "" && each !== ".");
    const last = rest.length === 0;
    wantsDirectory = last && todo.length > 0;
    if (node instanceof Link && (!last || follow || wantsDirectory)) {
      if (++links > LINKS_AT_MOST) fail("LOOP");
      if (node.target.startsWith("/")) fail("PERM");
      todo.push(...node.target.split("/").reverse());
    } else if (last) {
      if (wantsDirectory && node && !(node instanceof Directory)) fail("NOTDIR");
      return { parent: here, name: part, node, wantsDirectory };
    } else if (node instanceof Directory) {
      stack.push(node);
    } else {
      fail(node ? "NOTDIR" : "NOENT");
    }
  }
  const end = /** @type {Directory} */ (stack.at(-1));
  return { parent: stack.at(-2) ?? end, name: null, node: end, wantsDirectory: true };
}

/**
 * A tree of what JavaScript gives: path → bytes or text; or what is to be there itself.
 * @param {Record<string, Uint8Array | string | Node>} files
 * @param {number} limitBytes
 */
export function treeOf(files, limitBytes = 1 << 30) {
  const root = new Directory();
  const quota = new Quota(limitBytes);
  for (const [path, contents] of Object.entries(files)) {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    const name = parts.pop();
    if (name === undefined || parts.includes("..") || name === "..") throw new TypeError(`not a place for a file: ${path}`);
    let here = root;
    for (const part of parts) {
      let next = here.entries.get(part);
      if (!next) here.add(part, (next = new Directory()));
      if (!(next instanceof Directory)) throw new TypeError(`a file and a directory: ${path}`);
      here = next;
    }
    const data = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
    here.add(name, data instanceof Node ? data : new File(new Uint8Array(data), quota));
  }
  return { root, quota };
}

/**
 * All files of a tree: path → bytes.
 * @param {Directory} root
 */
export function filesOf(root, prefix = "") {
  /** @type {Record<string, Uint8Array>} */
  const found = {};
  for (const [name, node] of root.entries) {
    if (node instanceof File) found[prefix + name] = node.data.slice();
    if (node instanceof Directory) Object.assign(found, filesOf(node, `${prefix}${name}/`));
  }
  return found;
}
