/** Symbols, and who refers to them, as messages show them: three references of each, the rest counted. */

import * as abi from "../abi.mjs";
import { typeText } from "../module.mjs";
import { printable } from "../printing.mjs";
import { neededByText } from "../scope.mjs";
import { demangle } from "./demangle.mjs";

/** @import { Facts } from "../diagnostics.mjs" */
/** @import { Problem } from "../resolve.mjs" */
/** @import { Scope } from "../scope.mjs" */

/** References that are shown of each symbol. */
const SHOWN = 3;

/** Characters of a C++ name in a list. */
const WIDEST = 90;

/**
 * A symbol for messages: in backticks, with what it means in C++ where that differs.
 * @param {string} name
 */
export function symbol(name) {
  const meaning = demangle(name);
  return meaning === name ? `\`${name}\`` : `\`${meaning}\` (${name})`;
}

/**
 * What a symbol means, or the beginning of that.
 * @param {string} name
 */
export function short(name) {
  const meaning = [...demangle(name)];
  return meaning.length <= WIDEST ? meaning.join("") : `${meaning.slice(0, WIDEST - 1).join("")}…`;
}

/**
 * The first names, and how many more there are.
 * @param {string[]} names
 * @param {string} [separator]
 * @param {number} [shown]
 */
export function listed(names, separator = ", ", shown = SHOWN) {
  const rest = names.length - shown;
  const first = names.slice(0, shown);
  // A line break in a name is no line of the list.
  const text = (separator === "\n" ? first.map(printable) : first).join(separator);
  return rest <= 0 ? text : `${text}${separator === "\n" ? separator : " "}and ${rest} more`;
}

/**
 * Who imports a symbol and how, and why the first of them is there at all.
 * @param {Scope} scope
 * @param {Problem[]} problems
 * @returns {Facts}
 */
export function references(scope, problems) {
  const lines = problems.slice(0, SHOWN).map(({ library, import: { module, type } }) => {
    const how = module === abi.GOT_MEM || module === abi.GOT_FUNC ? "(its address)" : typeText(type);
    return printable(`${scope.libraries[library].name}  ${how}`);
  });
  if (problems.length > SHOWN) lines.push(`and ${problems.length - SHOWN} more`);
  return [["imported by", lines.join("\n")], ...neededBy(scope, problems[0].library)];
}

/**
 * The chain from a library to the root, without the library itself; nothing for the root.
 * @param {Scope} scope
 * @param {number} library
 * @returns {Facts}
 */
export function neededBy(scope, library) {
  const [, ...chain] = scope.chain(library);
  return chain.length ? [["needed by", neededByText(chain.map((index) => scope.libraries[index].name))]] : [];
}

/**
 * @param {Scope} scope
 * @param {Problem[]} problems
 */
export function importers(scope, problems) {
  return listed(problems.map((problem) => scope.libraries[problem.library].name));
}

/**
 * Lists of what has one key, in the order in which the keys come.
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => unknown} keyOf
 * @returns {T[][]}
 */
export function grouped(items, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
