/** Which files are meant: a root and all that it needs, found by name among files that are given. */

import * as abi from "./abi.mjs";
import { decide } from "./decide.mjs";
import { decode } from "./decode.mjs";
import { WasmbuildError, diagnostic } from "./diagnostics.mjs";
import { STACK_BYTES } from "./layout.mjs";
import { Module } from "./module.mjs";
import { ownFacts } from "./own.mjs";
import { basename, dirname, join } from "./paths.mjs";
import { Scope, findScope } from "./scope.mjs";

/** @import { Host } from "./resolve.mjs" */
/** @import { Library, NotFound } from "./scope.mjs" */

/**
 * The files that a search may look at. Paths are separated by `/`.
 * @typedef {object} Files
 * @property {(path: string) => Uint8Array | undefined} get a file's bytes, the same as long as it is the same;
 *   undefined where there is none. Whoever has to wait for files notes which were asked for, and asks again when they
 *   are there: a `Search` decodes each only once.
 * @property {(bytes: Uint8Array) => string} sha256 in hexadecimal
 * @property {(path: string) => string} [real] one path for each file, whatever leads to it
 * @property {(path: string) => string} [shown] how messages name a path; "" for a directory that they should not name
 */

const LONGEST_PATH = 8192;

/** A file that is a module, and no library that could be linked dynamically. What it is instead, `explain` says. */
export class NotALibrary extends Error {
  /**
   * @param {Library} library
   * @param {string} shown
   */
  constructor(library, shown) {
    super(`not a shared library: \`${shown}\``);
    this.name = "NotALibrary";
    this.library = library;
    this.shown = shown;
  }
}

/** Finds needed libraries: the requester's runtime path, then the library path, then the root's directory. */
export class Search {
  /**
   * @param {Files} files
   * @param {string[]} [libraryPath]
   */
  constructor(files, libraryPath = []) {
    this.files = files;
    this.libraryPath = libraryPath;
  }

  /**
   * What was read already, by path and by real path: a file is decoded once, as long as it is the same.
   * @type {Map<string, {data: Uint8Array, library: Library}>}
   */
  #read = new Map();

  /**
   * @param {string} needed
   * @param {Library} requester
   * @param {Library} root
   * @returns {Library | NotFound}
   */
  find(needed, requester, root) {
    const searched = new Set();
    const name = basename(needed);
    for (const directory of this.#directories(needed, requester, dirname(root.identity))) {
      const candidate = join(directory, name);
      const data = this.files.get(candidate);
      if (data) return this.#library(this.#module(candidate, data, needed));
      const shown = this.shown(directory);
      if (shown) searched.add(shown);
    }
    return { searched: [...searched] };
  }

  /**
   * Where to look, in order.
   * @param {string} needed
   * @param {Library} requester
   * @param {string} besideRoot
   * @returns {Iterable<string>}
   */
  #directories(needed, requester, besideRoot) {
    const origin = dirname(requester.identity);
    if (needed.includes("/")) return [expand(dirname(needed), origin)];
    const runtimePaths = requester.module.dylink?.runtimePaths.map((path) => expand(path, origin)) ?? [];
    return [...new Set(runtimePaths), ...this.libraryPath, besideRoot];
  }

  /**
   * A shared library (or a program made with `-pie`). Throws WasmbuildError or NotALibrary for anything else; its
   * message says `shownAs` for the path, which a program should not be told.
   * @param {string} path
   * @param {string} [name]
   * @param {string} [shownAs]
   */
  open(path, name, shownAs) {
    return this.#library(this.module(path, name, shownAs), shownAs);
  }

  /**
   * As `open`, for a module of any kind.
   * @param {string} path
   * @param {string} [name]
   * @param {string} [shownAs]
   */
  module(path, name = basename(path), shownAs = this.shown(path)) {
    const data = this.files.get(path);
    if (data) return this.#module(path, data, name, shownAs);
    throw new WasmbuildError(diagnostic("cannot-read", `cannot read \`${shownAs}\`: No such file or directory`));
  }

  /** @param {string} path */
  shown(path) {
    return this.files.shown?.(path) ?? path;
  }

  /**
   * @param {Library} library
   * @param {string} [shownAs]
   */
  #library(library, shownAs = this.shown(library.identity)) {
    if (library.module.dylink) return library;
    throw new NotALibrary(library, shownAs);
  }

  /**
   * @param {string} path
   * @param {Uint8Array} data
   * @param {string} name
   * @param {string} [shownAs]
   */
  #module(path, data, name, shownAs = this.shown(path)) {
    const identity = this.files.real?.(path) ?? path;
    const known = [path, identity].map((each) => this.#read.get(each)).find((each) => each?.data === data);
    const found = known ?? { data, library: decodeLibrary(data, name, identity, shownAs, this.files.sha256(data)) };
    this.#read.set(path, found);
    this.#read.set(identity, found);
    return found.library;
  }
}

/**
 * @param {string} path
 * @param {string} origin
 */
function expand(path, origin) {
  const expanded = path.replaceAll("${ORIGIN}", () => origin).replaceAll("$ORIGIN", () => origin);
  // No system has paths as long as one that names its origin a hundred times.
  return join(origin, expanded.length <= LONGEST_PATH ? expanded : path);
}

/**
 * A module of any kind from its bytes. Throws MalformedModule, which says `shown`.
 * @param {Uint8Array} data
 * @param {string} name
 * @param {string} identity
 * @param {string} shown
 * @param {string} sha256
 * @returns {Library}
 */
export function decodeLibrary(data, name, identity, shown, sha256) {
  const decoded = decode(data, shown);
  const module = decoded.isWhole ? new Module({ ...decoded, dylink: null }) : decoded; // it says nothing there
  const facts = ownFacts(data, module);
  return { name, identity, module, sha256, stackBytes: stackBytes(facts.stack_bytes), lazy: lazy(facts.lazy) };
}

/**
 * The names of needed libraries that may wait until they are called, from a library's own section.
 * @param {unknown} names
 * @returns {Set<string>}
 */
function lazy(names) {
  return new Set(Array.isArray(names) ? names.filter((each) => typeof each === "string") : []);
}

/**
 * The stack that a program asks for in its own section.
 * @param {unknown} wanted
 */
function stackBytes(wanted) {
  return Number.isInteger(wanted) && Number(wanted) > 0 && Number(wanted) < 2 ** 31 ? Number(wanted) : null;
}

/**
 * Whether a module without dylink.0 was linked to be whole: it has a memory of its own, or needs none.
 * @param {Module} module
 */
function standsAlone(module) {
  const old = module.custom(abi.OLD_DYLINK_SECTION);
  return !module.isObject && !old && !module.imports.some((each) => each.name === abi.MEMORY);
}

/**
 * Read a module and find what it needs. Throws where the file is no module, or none that could be loaded, and where
 * something needed is nowhere. A module that stands alone is a scope of its own.
 * @param {string} path
 * @param {Search} search
 */
export function openRoot(path, search) {
  const root = search.module(path);
  if (!root.module.dylink) {
    if (!standsAlone(root.module)) throw new NotALibrary(root, search.shown(root.identity));
    return new Scope([root], [[]]);
  }
  const { scope, missing } = findScope(root, (...asked) => search.find(...asked));
  if (missing.length) throw new WasmbuildError(...missing);
  return scope;
}

/**
 * How a module is loaded: a decision, whose plan is null where something does not fit. Throws as `openRoot` does.
 * @param {string} path
 * @param {Search} search
 * @param {Host} [host]
 */
export function decideRoot(path, search, host = new Map()) {
  const scope = openRoot(path, search);
  return decide(scope, host, scope.libraries[0].stackBytes ?? STACK_BYTES);
}
