// Directories of the machine that a program may see, in Node: read when the program looks, written when it has ended.
// Meanwhile it works in memory, so no path of its leads out, whatever links there are.

import { Directory, File, Link } from "../wasi/tree.mjs";

const fs = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");

/** @typedef {import("../wasi/tree.mjs").Node} Node */
/** @typedef {import("../wasi/tree.mjs").Quota} Quota */

/** One that is read when its entries are asked for first. */
class HostDirectory extends Directory {
  /** @type {Map<string, Node> | null} */
  #entries = null;
  /** @type {Map<string, Node>} as they were found */
  found = new Map();
  /**
   * @param {string} path
   * @param {Quota} quota
   */
  constructor(path, quota) {
    super();
    this.path = path;
    this.quota = quota;
  }
  get isRead() {
    return this.#entries !== null;
  }
  get entries() {
    if (this.#entries) return this.#entries;
    this.#entries = new Map();
    for (const name of fs.readdirSync(this.path).sort()) {
      const node = nodeOf(join(this.path, name), this.quota);
      if (!node) continue;
      this.#entries.set(name, node);
      if (node instanceof Directory) node.parent = this;
    }
    this.found = new Map(this.#entries);
    return this.#entries;
  }
}

/** What is at a path; null for what no program can use. @param {string} path @param {Quota} quota */
function nodeOf(path, quota) {
  const status = fs.lstatSync(path, { bigint: true });
  const node = status.isDirectory()
    ? new HostDirectory(path, quota)
    : status.isSymbolicLink()
      ? new Link(fs.readlinkSync(path))
      : status.isFile()
        ? new File({ size: Number(status.size), read: () => fs.readFileSync(path) }, quota)
        : null;
  if (!node) return null;
  node.accessed = status.atimeNs;
  node.modified = status.mtimeNs;
  node.changed = status.ctimeNs;
  return node;
}

/** @param {string} path @param {Quota} quota */
export const hostDirectory = (path, quota) => new HostDirectory(path, quota);

/** Make the directory of the machine what the program made of it. @param {Directory} directory */
export function save(directory) {
  if (!(directory instanceof HostDirectory)) return;
  readMoved(directory, directory.path);
  remove(directory);
  write(directory, directory.path, new Map());
}

/** What bears another name now is read, before its old name goes. @param {Directory} directory @param {string} path */
function readMoved(directory, path) {
  if (directory instanceof HostDirectory && !directory.isRead && directory.path === path) return;
  const found = directory instanceof HostDirectory && directory.path === path ? directory.found : new Map();
  for (const [name, node] of directory.entries) {
    if (node instanceof Directory) readMoved(node, join(path, name));
    else if (node instanceof File && found.get(name) !== node) void node.data;
  }
}

/** @param {Directory} directory */
function remove(directory) {
  if (!(directory instanceof HostDirectory) || !directory.isRead) return;
  for (const [name, node] of directory.found) {
    if (directory.entries.get(name) === node) remove(/** @type {Directory} */ (node));
    else fs.rmSync(join(directory.path, name), { recursive: true, force: true });
  }
}

/**
 * @param {Directory} directory
 * @param {string} path
 * @param {Map<Node, string>} written of files, where they are
 */
function write(directory, path, written) {
  const here = directory instanceof HostDirectory && directory.path === path;
  if (here && !directory.isRead) return;
  for (const [name, node] of directory.entries) {
    const place = join(path, name);
    const isThere = here && directory.found.get(name) === node;
    if (node instanceof Directory) {
      if (!isThere) fs.mkdirSync(place);
      write(node, place, written);
    } else if (node instanceof Link) {
      if (!isThere) fs.symlinkSync(node.target, place);
    } else if (node instanceof File && (node.dirty || !isThere)) {
      const other = written.get(node);
      if (other && !isThere) {
        fs.linkSync(other, place);
        continue;
      }
      fs.writeFileSync(place, node.data);
      fs.utimesSync(place, Number(node.accessed) / 1e9, Number(node.modified) / 1e9);
      written.set(node, place);
    }
  }
}
