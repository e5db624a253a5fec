/** Lazy libraries: which of a scope are there from the start, and which come at the first call into them.
 *
 * A library that is needed lazily is resolved and placed as all others are: only its instantiation, its relocations and
 * its constructors wait. Whoever calls it goes through its table entries, in which there are openers until then. For
 * what is no function, its data above all, nobody can wait: who imports that needs it at once. */

import { depthFirst } from "./scope.mjs";

/** @import { Resolution } from "./resolve.mjs" */
/** @import { Scope } from "./scope.mjs" */

/**
 * `order` has all libraries, each after those that it needs at once: those that come together come in this order.
 * `along` has for each library that comes later those that come with it, itself among them.
 * @typedef {{order: number[], atStart: Set<number>, along: Map<number, Set<number>>}} Loading
 */

/**
 * When each library comes. Where one needs it lazily and another does not, it comes with that.
 * @param {Scope} scope
 * @param {Resolution} resolution
 * @returns {Loading}
 */
export function loading(scope, resolution) {
  const every = scope.dependenciesFirst();
  if (!scope.lazy.length) return { order: every, atStart: new Set(every), along: new Map() };
  const edges = atOnce(scope);
  const withoutData = reached(edges, 0);
  edges.forEach((needed, index) => {
    needed.push(...new Set(noFunctions(scope, resolution, index, withoutData).map(({ library }) => library)));
  });
  const atStart = reached(edges, 0);
  // Those of the start come as if nothing was lazy, without the others.
  const order = every.filter((index) => atStart.has(index));
  const entered = new Set(order);
  for (const start of every) if (!entered.has(start)) order.push(...depthFirst(edges, start, entered));
  const later = order.filter((index) => !atStart.has(index));
  const along = new Map(later.map((index) => [index, new Set([...reached(edges, index)].filter((each) => !atStart.has(each)))]));
  return { order, atStart, along };
}

/**
 * Whether a library is there whenever another is made; `position` is that of each in the order.
 * @param {Loading} when
 * @param {Map<number, number>} position
 */
export function madeBefore({ atStart, along }, position) {
  return (/** @type {number} */ library, /** @type {number} */ other) =>
    (atStart.has(library) || Boolean(along.get(other)?.has(library))) &&
    /** @type {number} */ (position.get(library)) < /** @type {number} */ (position.get(other));
}

/**
 * Libraries that somebody needs lazily and that do not wait for a call, because of their data: which names.
 * @param {Scope} scope
 * @param {Resolution} resolution
 * @returns {{library: number, importer: number, names: string[]}[]}
 */
export function forced(scope, resolution) {
  if (!scope.lazy.length) return [];
  const now = atOnce(scope);
  const there = reached(now, 0);
  const wanted = new Set(scope.lazy.flatMap((lazy) => [...lazy]));
  return scope.libraries.flatMap((_, importer) => {
    /** @type {Map<number, Set<string>>} */
    const names = new Map();
    for (const { library, name } of noFunctions(scope, resolution, importer, there)) {
      if (!wanted.has(library) || now[importer].includes(library)) continue;
      names.set(library, (names.get(library) ?? new Set()).add(name));
    }
    const sorted = [...names].sort(([one], [other]) => one - other);
    return sorted.map(([library, each]) => ({ library, importer, names: [...each] }));
  });
}

/** @param {Scope} scope */
const atOnce = ({ needed, lazy }) => needed.map((each, index) => each.filter((other) => !lazy[index].has(other)));

/**
 * Definitions that a library imports and that are no functions, of libraries that are not there anyhow.
 * @param {Scope} scope
 * @param {Resolution} resolution
 * @param {number} index
 * @param {Set<number>} there
 */
function noFunctions(scope, resolution, index, there) {
  return resolution.bindings[index].flatMap((binding, number) => {
    const import_ = scope.libraries[index].module.imports[number];
    const definition =
      binding.is === "address" && binding.kind === "mem"
        ? binding.definition
        : binding.is === "definition" && import_.type.kind !== "func"
          ? binding
          : null;
    if (!definition || definition.library === index || there.has(definition.library)) return [];
    return [{ library: definition.library, name: import_.name }];
  });
}

/**
 * @param {number[][]} edges
 * @param {number} start
 */
function reached(edges, start) {
  /** @type {Set<number>} */
  const entered = new Set();
  depthFirst(edges, start, entered);
  return entered;
}
