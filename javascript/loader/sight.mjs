// What a running guest may have opened: what lies in its own files, and the libraries where the host put them. Its own
// are apart from the machine's: their paths start with a directory that no machine has.

import { problem } from "./errors.mjs";
import { basename, dirname, normalised, relative } from "../linker/paths.mjs";
import { Directory, File, walk } from "../wasi/tree.mjs";

const GUEST = "/guest:";
const OPENED_LIMIT_BYTES = 64 << 20;

/** Files for a `Search` of the linker's. */
export class Sight {
  #left = OPENED_LIMIT_BYTES;
  /** @type {Set<string>} what was asked for as a file */
  #asked = new Set();
  /** @type {WeakMap<File, {data: Uint8Array, modified: bigint}>} */
  #read = new WeakMap();

  /**
   * @param {[string, Directory][]} directories (name in the program, directory)
   * @param {string[]} libraries directories in which the host has libraries, the root's first
   * @param {string[]} libraryPath of them, those that are searched for whoever asks
   * @param {import("./place.mjs").Shelf} shelf the host's files
   */
  constructor(directories, libraries, libraryPath, shelf) {
    this.directories = directories;
    this.libraries = [...new Set([...libraries, ...libraryPath])];
    this.libraryPath = libraryPath;
    this.shelf = shelf;
  }

  /** @param {Uint8Array} bytes */
  sha256 = (bytes) => this.shelf.sha256(bytes);

  /** The path of a file that the guest names, for this; null where there is none. @param {string} name */
  place(name) {
    const path = GUEST + normalised(`/${name}`);
    return this.#inGuest(path) ? path : null;
  }

  /** @param {string} path */
  #inGuest(path) {
    if (!path.startsWith(`${GUEST}/`)) return null;
    const wanted = path.slice(GUEST.length);
    const inside = this.directories
      .map(([guest, directory]) => ({ root: normalised(`/${guest}`), directory }))
      .filter(({ root }) => wanted === root || wanted.startsWith(root === "/" ? root : `${root}/`))
      .sort((a, b) => b.root.length - a.root.length);
    // `/` and `.` are one place, in either of which it may be.
    for (const { root, directory } of inside.filter((each) => each.root === inside[0].root)) {
      try {
        const { node } = walk(directory, wanted.slice(root.length).replace(/^\/+/, "") || ".", true);
        if (node instanceof File) return node;
      } catch {
        // nor there
      }
    }
    return null;
  }

  /** @param {string} path */
  get = (path) => {
    path = normalised(path);
    this.#asked.add(path);
    const file = this.#inGuest(path);
    if (file) return this.#guestFile(file, path);
    const root = this.libraries.find((each) => isInside(path, each));
    if (root === undefined) return undefined;
    const bytes = isInside(this.shelf.real(path), root) ? this.shelf.get(path) : undefined;
    if (bytes && !isModule(bytes)) {
      // Of files that are not its own, a message must not say what is in them.
      throw problem("malformed-module", `not a WebAssembly module: \`${this.shown(path)}\``);
    }
    return bytes && this.#counted(bytes, path);
  };

  /** @param {File} file @param {string} path */
  #guestFile(file, path) {
    const known = this.#read.get(file);
    if (known && known.modified === file.modified && known.data.length === file.size) return known.data;
    const data = this.#counted(file.data.slice(), path);
    this.#read.set(file, { data, modified: file.modified });
    return data;
  }

  /** @type {WeakSet<Uint8Array>} */
  #known = new WeakSet();

  /** @param {Uint8Array} bytes @param {string} path */
  #counted(bytes, path) {
    if (this.#known.has(bytes)) return bytes;
    if (bytes.length > this.#left) {
      const headline = `too large for this process to open: \`${this.shown(path)}\``;
      throw problem("library-too-large", headline, {
        facts: [["it has", `${bytes.length} bytes`], ["left", `${this.#left} bytes`]],
      });
    }
    this.#left -= bytes.length;
    this.#known.add(bytes);
    return bytes;
  }

  /** @param {string} path */
  real = (path) => (path.startsWith(GUEST) ? normalised(path) : this.shelf.real(normalised(path)));

  /** How messages name a path: as the guest knows it, or not at all. @param {string} path */
  shown = (path) => {
    const whole = normalised(path);
    if (whole.startsWith(GUEST)) return whole.slice(GUEST.length);
    if (this.#asked.has(whole)) return basename(whole);
    const place = this.libraries.find((each) => isInside(whole, each));
    if (place === undefined) return "";
    return relative(whole, place === this.libraries[0] ? place : dirname(place));
  };

  /** A path for the guest: its own, or nobody's. Programs look for the slash. @param {string} path */
  named(path) {
    return path.startsWith(GUEST) ? path.slice(GUEST.length) : `./${basename(path)}`;
  }
}

/** @param {string} path @param {string} directory */
const isInside = (path, directory) => path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);

/** @param {Uint8Array} bytes */
const isModule = (bytes) => bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
