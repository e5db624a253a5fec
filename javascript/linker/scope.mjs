/** The needed graph and the order in which symbols are looked up: breadth-first, each library once. */

import { diagnostic } from "./diagnostics.mjs";

/** @import { Diagnostic } from "./diagnostics.mjs" */
/** @import { Module } from "./module.mjs" */

/**
 * A module that was found. `identity` is one for each file, however often and by whatever name it is needed; `sha256`
 * is of the bytes that `module` was decoded from; `stackBytes` is the stack that a program asks for; `lazy` are the
 * names of those that it needs only when it calls into them.
 * @typedef {object} Library
 * @property {string} name
 * @property {string} identity
 * @property {Module} module
 * @property {string} sha256
 * @property {number | null} stackBytes
 * @property {Set<string>} lazy
 *
 * A needed library that is nowhere: the places that were searched, in order.
 * @typedef {{searched: string[]}} NotFound
 *
 * (needed name, who needs it, the root) → the library. Throws WasmbuildError where the file is no library.
 * @typedef {(name: string, requester: Library, root: Library) => Library | NotFound} Open
 */

/** The root and what it needs, breadth-first: the order in which the first definition of a symbol wins. */
export class Scope {
  /**
   * @param {Library[]} libraries
   * @param {number[][]} needed for each library, the indexes of those that it needs itself, in its order
   * @param {Set<number>[]} lazy of these, those that it needs only when it calls into them; nothing where no library has any
   */
  constructor(libraries, needed, lazy = []) {
    this.libraries = libraries;
    this.needed = needed;
    this.lazy = lazy;
  }

  /**
   * How a library came into the scope: itself, the first that needs it, and so on up to the root (or to one that came
   * by itself, as into a live process).
   * @param {number} index
   */
  chain(index) {
    const found = new Set([index]);
    for (let next = index; next !== 0;) {
      const by = this.#broughtInBy.get(next);
      if (by === undefined || found.has(by)) break;
      found.add((next = by));
    }
    return [...found];
  }

  /** @type {Map<number, number> | undefined} */
  #broughtIn;

  get #broughtInBy() {
    if (this.#broughtIn) return this.#broughtIn;
    /** @type {Map<number, number>} */
    const neededBy = new Map();
    this.needed.forEach((needed, requester) => {
      for (const other of needed) {
        // The scope is breadth-first, so the first one that needs a library is who brought it in.
        if (!neededBy.has(other)) neededBy.set(other, requester);
      }
    });
    return (this.#broughtIn = neededBy);
  }

  /** Every library after those that it needs; in a cycle, the one met first comes last. */
  dependenciesFirst() {
    return depthFirst(this.needed, 0, new Set());
  }
}

/**
 * `start` after all that it needs and that was not entered before.
 * @param {number[][]} edges
 * @param {number} start
 * @param {Set<number>} entered
 */
export function depthFirst(edges, start, entered) {
  const order = [];
  /** @type {{index: number, next: number}[]} */
  const todo = [{ index: start, next: 0 }];
  entered.add(start);
  for (let top = todo.at(-1); top; top = todo.at(-1)) {
    const needed = edges[top.index];
    while (top.next < needed.length && entered.has(needed[top.next])) top.next++;
    if (top.next === needed.length) {
      order.push(top.index);
      todo.pop();
    } else {
      entered.add(needed[top.next]);
      todo.push({ index: needed[top.next], next: 0 });
    }
  }
  return order;
}

/**
 * The scope of `root`, and a diagnostic for each needed library that was not found; where one library lacks very many,
 * one for all of them.
 * @param {Library} root
 * @param {Open} openNeeded
 */
export function findScope(root, openNeeded) {
  const libraries = [root];
  const indexOf = new Map([[root.identity, 0]]);
  const needed = [];
  /** @type {Set<number>[]} */
  const lazy = [];
  /** @type {Map<number, number>} */
  const wantedBy = new Map();
  /** @type {Diagnostic[]} */
  const missing = [];
  for (let current = 0; current < libraries.length; current++) {
    const library = libraries[current];
    /** @type {Map<number, boolean>} */
    const found = new Map();
    /** @type {[string, NotFound][]} */
    const absent = [];
    // Linkers write a name twice where an archive's directive and the command line both say it.
    for (const name of new Set(library.module.dylink?.needed)) {
      const opened = openNeeded(name, library, root);
      if ("searched" in opened) {
        absent.push([name, opened]);
        continue;
      }
      const index = indexOf.get(opened.identity) ?? libraries.length;
      if (index === libraries.length) {
        indexOf.set(opened.identity, index);
        libraries.push(opened);
        wantedBy.set(index, current);
      }
      found.set(index, (found.get(index) ?? true) && library.lazy.has(name));
    }
    needed.push([...found.keys()]);
    lazy.push(new Set([...found].flatMap(([index, isLazy]) => (isLazy ? [index] : []))));
    if (absent.length) missing.push(...notFound(absent, chain(libraries, wantedBy, current)));
  }
  return { scope: new Scope(libraries, needed, lazy.some((each) => each.size) ? lazy : []), missing };
}

/**
 * Who needs whom, from a library up to the root.
 * @param {Library[]} libraries
 * @param {Map<number, number>} wantedBy
 * @param {number} index
 */
function chain(libraries, wantedBy, index) {
  const names = [];
  for (let next = /** @type {number | undefined} */ (index); next !== undefined; next = wantedBy.get(next)) {
    names.push(libraries[next].name);
  }
  return neededByText(names);
}

const LONGEST_CHAIN = 16;

/** Libraries that one library needs and that are nowhere: beyond that they have one cause, and are one finding. */
const MANY = 16;

/**
 * A chain of libraries, each needed by the one behind it. Of a very long one, the middle is left out.
 * @param {string[]} names
 */
export function neededByText(names) {
  const leftOut = names.length - LONGEST_CHAIN;
  const ends = LONGEST_CHAIN / 2;
  const shown = leftOut > 0 ? [...names.slice(0, ends), `${leftOut} more`, ...names.slice(-ends)] : names;
  return shown.join(", needed by ");
}

/**
 * @param {[string, NotFound][]} absent
 * @param {string} neededBy
 */
function notFound(absent, neededBy) {
  if (absent.length <= MANY) {
    return absent.map(([name, missing]) => nowhere(`needed library not found: \`${name}\``, missing, neededBy));
  }
  const names = absent.slice(0, MANY).map(([name]) => `\`${name}\``);
  const headline = `${absent.length} needed libraries not found: ${names.join(", ")} and ${absent.length - MANY} more`;
  return [nowhere(headline, absent[0][1], neededBy)];
}

/**
 * @param {string} headline
 * @param {NotFound} missing
 * @param {string} neededBy
 */
function nowhere(headline, missing, neededBy) {
  const requester = neededBy.split(",", 1)[0];
  return diagnostic("needed-not-found", headline, {
    facts: [
      ["needed by", neededBy],
      ["searched", missing.searched.join(", ") || "nowhere"],
    ],
    help: [
      `put it where it is searched for, give \`${requester}\` a runtime path (\`rpath: [$ORIGIN]\`), ` +
        "or name its directory with --library-path",
    ],
  });
}
