/** What to say of imports that nobody defines: by symbol while there are few, else all of a module at once. */

import * as abi from "../abi.mjs";
import { diagnostic } from "../diagnostics.mjs";
import { NOT_SYMBOLS, privateNames } from "../resolve.mjs";
import { WASI_FUNCTIONS } from "../wasi.mjs";
import { lacking, missing } from "./missing.mjs";
import { grouped, listed, neededBy, references, short, symbol } from "./references.mjs";
import { didYouMean } from "./similar.mjs";

/** @import { Diagnostic, Facts } from "../diagnostics.mjs" */
/** @import { Module } from "../module.mjs" */
/** @import { Problem } from "../resolve.mjs" */
/** @import { Library, Scope } from "../scope.mjs" */
/** @import { Lack } from "./missing.mjs" */

/** Symbols that one module lacks; beyond that they have one cause, and are one finding. */
const MANY = 8;

/** Symbols for which a similar one is looked for among all that there are. */
const SUGGESTED = 24;

/** Libraries of a scope that are named. */
const SEARCHED = 24;

const OF_EMSCRIPTEN = /^(_?_?emscripten_|invoke_[vijfdp]+$|__syscall_|__small_)/;

const PREVIEW_1 = "WASI preview 1";

/**
 * The diagnostics of all undefined imports of a scope, in its order.
 * @param {Scope} scope
 * @param {Problem[]} problems
 * @param {string[]} symbols
 * @returns {Diagnostic[]}
 */
export function undefinedSymbols(scope, problems, symbols) {
  const bySymbol = grouped(problems, (problem) => {
    const module = origin(problem);
    // A function and its address are one symbol, but one name in two foreign modules is two.
    return [module, module === abi.ENV ? "" : problem.import.module, problem.import.name];
  });
  let suggested = 0;
  return grouped(bySymbol, (found) => [origin(found[0]), usersOf(found)]).flatMap((groups) => {
    const module = origin(groups[0][0]);
    if (groups.length > MANY) return [many(scope, module, usersOf(groups[0]), groups)];
    if (module !== abi.ENV) return groups.map((group) => foreign(scope, group));
    suggested += groups.length;
    return few(scope, groups, suggested - groups.length < SUGGESTED ? symbols : []);
  });
}

/** @param {Problem[]} problems */
function usersOf(problems) {
  return [...new Set(problems.map((problem) => problem.library))];
}

/**
 * Where a symbol should come from: to a reader, the GOTs are `env`, and the modules of WASI preview 2 are one.
 * @param {Problem} problem
 */
function origin({ import: { module } }) {
  if (module === abi.GOT_MEM || module === abi.GOT_FUNC) return abi.ENV;
  return module.startsWith("wasi:") ? "wasi:" : module;
}

/**
 * What one knows to be missing is one finding for each reason; every other symbol is one of its own.
 * @param {Scope} scope
 * @param {Problem[][]} groups
 * @param {string[]} symbols
 * @returns {Diagnostic[]}
 */
function few(scope, groups, symbols) {
  /** @type {Map<Lack, Problem[][]>} */
  const lacks = new Map();
  /** @type {Diagnostic[]} */
  const found = [];
  for (const group of groups) {
    const lack = lacking(group[0].import.name);
    if (lack) lacks.set(lack, [...(lacks.get(lack) ?? []), group]);
    else found.push(one(scope, group, symbols));
  }
  for (const [lack, those] of lacks) {
    const names = those.map((group) => group[0].import.name);
    const users = usersOf(those.flat()).map((user) => scope.libraries[user].name);
    found.push(missing(lack, names, [["imported by", listed(users)], ...neededBy(scope, those[0][0].library)]));
  }
  return found;
}

/**
 * @param {Scope} scope
 * @param {Problem[]} problems
 * @param {string[]} symbols
 */
function one(scope, problems, symbols) {
  const { name } = problems[0].import;
  const near = didYouMean(name, symbols);
  return diagnostic("undefined-symbol", `undefined symbol: ${symbol(name)}`, {
    facts: [...references(scope, problems), searched(scope)],
    notes: [
      ...hidden(scope, name),
      ...sideModule(
        scope,
        problems.map((problem) => scope.libraries[problem.library]),
      ),
    ],
    help: near === undefined ? [] : [`did you mean ${symbol(near)}?`],
  });
}

/**
 * Who has it and keeps it.
 * @param {Scope} scope
 * @param {string} name
 */
function hidden(scope, name) {
  const owners = scope.libraries.flatMap((library) => {
    const keeps = library.module.exportsByName.has(name) && privateNames(library.module).has(name);
    return keeps && !NOT_SYMBOLS.has(name) ? [`\`${library.name}\``] : [];
  });
  return owners.length ? [`${listed(owners)} defines it for itself alone: its flags say hidden or local`] : [];
}

/**
 * @param {Scope} scope
 * @param {Problem[]} problems
 */
function foreign(scope, problems) {
  const { module, name } = problems[0].import;
  const ofWasi = module === abi.WASI_SNAPSHOT_PREVIEW1;
  const near = ofWasi ? didYouMean(name, [...WASI_FUNCTIONS.keys()]) : undefined;
  return diagnostic("undefined-symbol", `undefined import: \`${module}.${name}\``, {
    facts: references(scope, problems),
    notes: ofWasi ? [] : [about(module)],
    help: near === undefined ? [] : [`did you mean \`${near}\`?`],
  });
}

/**
 * @param {Scope} scope
 * @param {string} module
 * @param {number[]} users
 * @param {Problem[][]} groups
 */
function many(scope, module, users, groups) {
  const isForeign = module !== abi.ENV;
  const names = groups.map(([{ import: each }]) =>
    isForeign ? `\`${each.module}.${each.name}\`` : `\`${short(each.name)}\``,
  );
  const libraries = users.map((user) => scope.libraries[user]);
  /** @type {Facts} */
  const facts = [
    ["imported by", listed(libraries.map((library) => library.name))],
    ...neededBy(scope, users[0]),
    ["undefined", listed(names, "\n", MANY)],
  ];
  const what = isForeign ? `imports from \`${module.replace(/:+$/, "")}\`` : "symbols";
  return diagnostic("undefined-symbol", `undefined: ${groups.length} ${what}`, {
    facts: isForeign ? facts : [...facts, searched(scope)],
    notes: isForeign ? [about(module)] : sideModule(scope, libraries),
  });
}

/**
 * @param {Scope} scope
 * @returns {[string, string]}
 */
function searched(scope) {
  const names = scope.libraries.slice(1).map((library) => library.name);
  return ["searched", listed(names, ", ", SEARCHED) || "no library is needed"];
}

/** @param {string} module */
function about(module) {
  if (module.startsWith("wasi:")) {
    return `it was made for WASI preview 2, which comes with a component around it; here is ${PREVIEW_1}`;
  }
  if (module.startsWith("wasi_")) return `what is supplied here is ${PREVIEW_1}, \`${abi.WASI_SNAPSHOT_PREVIEW1}\``;
  return "a module of imports that no loader here knows; a shared library imports from `env`";
}

/**
 * Emscripten's side modules need nobody by name: all is expected from the one main module. Of a library that others
 * need, those could define it just as well.
 * @param {Scope} scope
 * @param {Library[]} libraries
 */
function sideModule(scope, libraries) {
  for (const library of libraries) {
    const { module, name } = library;
    if (!module.dylink || module.dylink.needed.length || module.exportsByName.has(abi.START)) continue;
    if (isOfEmscripten(name, module)) {
      return [`\`${name}\` is an Emscripten side module: its main module supplies what it imports`];
    }
    if (library !== scope.libraries[0]) continue;
    return [
      `\`${name}\` needs no library: it expects what it imports from a main module, as Emscripten's side modules do`,
    ];
  }
  return [];
}

/**
 * Whether a module shows that Emscripten made it; many do not show it.
 * @param {string} name
 * @param {Module} module
 */
function isOfEmscripten(name, module) {
  return name.includes("emscripten") || module.imports.some((each) => OF_EMSCRIPTEN.test(each.name));
}
