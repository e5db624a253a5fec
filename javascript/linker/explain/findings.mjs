/** Says what does not fit, grouped by symbol, and what links and yet will not do: a decision as diagnostics. */

import * as abi from "../abi.mjs";
import { WasmbuildError, diagnostic } from "../diagnostics.mjs";
import { typeText } from "../module.mjs";
import { NotALibrary } from "../search.mjs";
import { ownMemory, outsideArea } from "./areas.mjs";
import { doubts, findTwins, mixedMemory, of64Bits, threadContext, without64Bits, withoutMain } from "./doubts.mjs";
import { notALibrary } from "./library.mjs";
import { notLazy } from "./notlazy.mjs";
import { grouped, importers, listed, neededBy, references, symbol } from "./references.mjs";
import { undefinedSymbols } from "./undefined.mjs";

/** @import { Decision, Misfit } from "../decide.mjs" */
/** @import { Diagnostic, Facts } from "../diagnostics.mjs" */
/** @import { Module } from "../module.mjs" */
/** @import { Definition, Problem, Resolution } from "../resolve.mjs" */
/** @import { Scope } from "../scope.mjs" */
/** @import { Twins } from "./doubts.mjs" */
/** @import { Traits } from "./traits.mjs" */

/** Libraries that are named of those whose definition is not used. */
const HIDDEN = 24;

const FIRST = new Set(["program-as-library", "second-allocator", "second-libcxx", "own-memory", "outside-area"]);

/**
 * What keeps a scope from being loaded; nothing where it has a plan. Also of what was thrown where a scope was looked
 * for; anything else that was thrown is thrown again.
 * @param {unknown} reason
 * @returns {Diagnostic[]}
 */
export function errors(reason) {
  if (reason instanceof WasmbuildError) return reason.diagnostics;
  if (reason instanceof NotALibrary) return [notALibrary(reason.library.module, reason.shown)];
  if (reason instanceof Error) throw reason;
  return errorsOf(/** @type {Decision} */ (reason));
}

/** @param {Decision} decision */
function errorsOf({ scope, resolution, misfits }) {
  return [
    ...misfits.filter((misfit) => FIRST.has(misfit.is)).map((misfit) => ofMisfit(scope, misfit)),
    ...ofProblems(scope, resolution),
    ...misfits.filter((misfit) => !FIRST.has(misfit.is)).map((misfit) => ofMisfit(scope, misfit)),
  ];
}

/**
 * Every finding about a scope: errors first, then warnings.
 *
 * With `traits`, one for each library of the scope, it looks closer: a loader has no time for that. `shown` is how a
 * path is named.
 * @param {Decision} decision
 * @param {Traits[]} [traits]
 * @param {(path: string) => string} [shown]
 * @returns {Diagnostic[]}
 */
export function findings(decision, traits = [], shown = (path) => path) {
  const { scope, resolution } = decision;
  const twins = traits.length ? findTwins(scope, traits) : [];
  const closer = traits.length ? doubts(scope, traits, twins, shown) : [];
  const weak = resolution.bindings[0].flatMap((binding) => (binding.is === "weak-undefined" ? [binding.name] : []));
  return [
    ...errorsOf(decision),
    ...closer.filter((finding) => finding.severity === "error"),
    ...closer.filter((finding) => finding.severity === "warning"),
    ...duplicates(scope, resolution, twins),
    ...withoutMain(scope, weak),
    ...(resolution.problems.length ? [] : notLazy(scope, resolution)),
  ];
}

/**
 * @param {Scope} scope
 * @param {Resolution} resolution
 * @returns {Diagnostic[]}
 */
function ofProblems(scope, { problems, symbols }) {
  const mixed = mixedMemory(scope);
  const wide = of64Bits(scope);
  // Compiled again, they will import other things.
  const rest = problems.filter((each) => !wide.has(each.library) && !abi.THREAD_CONTEXT.has(each.import.name));
  const unknown = rest.filter((problem) => problem.code === "undefined");
  const known = rest.filter(
    ({ code, import: { name } }) => code !== "undefined" && !(mixed.length && name === abi.MEMORY),
  );
  const groups = grouped(known, ({ code, import: { name }, has, definition }) => {
    return [code, name, has, definition ? scope.libraries[definition.library].identity : ""];
  });
  return [
    ...mixed,
    ...without64Bits(scope, wide),
    ...threadContext(scope, problems),
    ...undefinedSymbols(scope, unknown, symbols.names()),
    ...groups.map((group) => (group[0].code === "unsupported" ? unsupported(scope, group) : mismatch(scope, group))),
  ];
}

/**
 * @param {Scope} scope
 * @param {Problem[]} problems
 */
function unsupported(scope, problems) {
  return diagnostic("unsupported-import", `cannot be supplied: \`${problems[0].import.name}\``, {
    facts: [...references(scope, problems), ["but", problems[0].has]],
  });
}

/**
 * What an import asks for: of a GOT entry, the type says nothing about that.
 * @param {Problem} problem
 */
function wanted({ import: { module, type } }) {
  if (module === abi.GOT_MEM) return "data (its address)";
  return module === abi.GOT_FUNC ? "a function (its address)" : typeText(type);
}

/**
 * @param {Scope} scope
 * @param {Problem[]} problems
 */
function mismatch(scope, problems) {
  const { code, definition, has, import: import_ } = problems[0];
  const exporter = definition ? scope.libraries[definition.library].name : "the host";
  /** @type {Facts} */
  const facts = grouped(problems, wanted).map((users) => {
    return ["imported as", `${wanted(users[0])}  by ${importers(scope, users)}`];
  });
  facts.push(["exported as", `${has}  by ${exporter}`]);
  if (code === "mismatch") {
    return diagnostic("signature-mismatch", `signature mismatch: ${symbol(import_.name)}`, {
      facts,
      help: ["compile both against the same header"],
    });
  }
  return diagnostic("kind-mismatch", `not the same kind of thing on both sides: ${symbol(import_.name)}`, {
    facts,
    help: ["declare it alike on both sides: a function, or data"],
  });
}

/**
 * @param {Scope} scope
 * @param {Misfit} misfit
 * @returns {Diagnostic}
 */
function ofMisfit(scope, misfit) {
  if (misfit.is === "too-large") return tooLarge(scope, misfit);
  const { library } = misfit;
  const { name, module } = scope.libraries[library];
  switch (misfit.is) {
    case "program-as-library":
      return diagnostic("program-as-library", `a program where a library belongs: \`${name}\``, {
        facts: [["it exports", `\`${abi.START}\`, which nobody would call`], ...neededBy(scope, library)],
        help: ["link it with -shared and without a start file, or take it out of what is needed"],
      });
    case "not-callable":
      return diagnostic("not-callable", `cannot be called: \`${misfit.name}\` of \`${name}\``, {
        facts: [
          ["it is", misfit.found],
          ["needed", `a function ${typeText(misfit.wanted)}`],
          ...neededBy(scope, library),
        ],
        help: ["give it another name: whoever loads the module calls what has this one"],
      });
    case "second-allocator": {
      const other = scope.libraries[misfit.libc].name;
      if (misfit.isLibc) {
        return diagnostic("second-libc", `a second C library: \`${name}\``, {
          facts: [["in the process", other], ...neededBy(scope, library)],
          notes: ["both would take what is behind the last module's data for their heap"],
          help: ["let all that need one find the same file"],
        });
      }
      return diagnostic("second-allocator", `a heap beside that of the C library: \`${name}\``, {
        facts: [
          ["it exports", listed(misfit.names.map(symbol))],
          ["libc's own", other],
        ],
        notes: ["`strdup`, `getline` and all others of libc go on with libc's: what one gives, the other gets"],
        help: ["leave it out of `exports`, or call it by other names"],
      });
    }
    case "second-libcxx":
      return diagnostic("second-libcxx", `a second C++ library: \`${name}\``, {
        facts: [["in the process", scope.libraries[misfit.libcxx].name], ...neededBy(scope, library)],
        notes: ["what one of the two throws, the other does not catch"],
        help: ["link it to the one that is there, without libc++ and libc++abi in it"],
      });
    case "too-late": {
      const exporter = scope.libraries[misfit.definer].name;
      return diagnostic("defined-too-late", `imported before it exists: ${symbol(misfit.import.name)}`, {
        facts: [
          ["imported by", `${name}  ${typeText(misfit.import.type)}`],
          ["defined by", exporter],
        ],
        help: [`let \`${name}\` need \`${exporter}\`, and not the other way round`],
      });
    }
    case "limit-too-small": {
      const ofMemory = misfit.import.name === abi.MEMORY;
      const unit = ofMemory ? "pages of 64 KiB" : "elements";
      return diagnostic("limit-too-small", `limit too small: \`${misfit.import.name}\` of \`${name}\``, {
        facts: [
          ["at most", `${misfit.most} ${unit}`],
          ["needed", `${misfit.needed} ${unit} by the whole process`],
        ],
        help: ofMemory ? ["raise `memory: {max: …}`, or leave it out"] : [],
      });
    }
    case "own-memory":
      return ownMemory(name, module, neededBy(scope, library));
    case "outside-area":
      return outsideArea(name, misfit);
  }
}

/**
 * @param {Scope} scope
 * @param {Extract<Misfit, {is: "too-large"}>} misfit
 */
function tooLarge(scope, { what, needed, most }) {
  const unit = what === "memory" ? "bytes" : "elements";
  let largest = { size: 0, name: "" };
  for (const { name, module } of scope.libraries) {
    const { memorySize, tableSize } = module.dylink?.memInfo ?? { memorySize: 0, tableSize: 0 };
    const size = what === "memory" ? memorySize : tableSize;
    if (size > largest.size || (size === largest.size && name > largest.name)) largest = { size, name };
  }
  /** @type {Facts} */
  const facts = [
    ["needed", `${needed} ${unit}`],
    ["at most", `${most} ${unit}`],
  ];
  if (largest.size) facts.push(["largest", `${largest.name}, ${largest.size} ${unit}`]);
  return diagnostic("too-large", `more ${what} than a process can have`, { facts });
}

/**
 * C++ defines in each library what describes types, inline functions and instances of templates. Of its data, who
 * imports what it defines takes the first definition, as all others do; the names of some are plain.
 * @param {Scope} scope
 * @param {string} name
 * @param {readonly Definition[]} definitions
 */
function isMeant(scope, name, [used, ...others]) {
  if (name.startsWith(used.export.kind === "func" ? "_Z" : "_ZT")) return true;
  return others.every(({ library }) => {
    const { module } = scope.libraries[library];
    return module.imports.some((each) => each.module === abi.GOT_MEM && each.name === name) && isCxx(module);
  });
}

/** @param {Module} module */
function isCxx({ exports, imports }) {
  return [...exports, ...imports].some((each) => each.name.startsWith("_Z"));
}

/**
 * Symbols that two libraries define. The first wins, as in ELF: sometimes meant, often a surprise. Of two copies of one
 * library, that they are two has been said.
 * @param {Scope} scope
 * @param {Resolution} resolution
 * @param {Twins[]} twins
 */
function duplicates(scope, { symbols }, twins) {
  /** @type {Map<number, number>} */
  const first = new Map();
  for (const { libraries } of twins) {
    for (const index of libraries) first.set(index, Math.min(first.get(index) ?? index, ...libraries));
  }
  const defined = symbols.names().map((name) => ({ name, definitions: symbols.get(name) }));
  const surprising = defined.filter(({ name, definitions }) => {
    if (definitions.length < 2 || name === abi.MAIN_VOID) return false; // libc's stands in for that of who has a `main`
    if (abi.MAINS.has(name) && definitions[0].library === 0) return false; // a library's is for programs without one
    if (isMeant(scope, name, definitions)) return false;
    return new Set(definitions.map(({ library }) => first.get(library) ?? library)).size > 1;
  });
  return grouped(surprising, ({ definitions }) => definitions.map(({ library }) => library)).map((group) => {
    const [used, ...others] = group[0].definitions.map(({ library }) => scope.libraries[library].name);
    return diagnostic("duplicate-symbol", `defined more than once: ${listed(group.map(({ name }) => symbol(name)))}`, {
      facts: [
        ["used", used],
        ["hidden", listed(others, ", ", HIDDEN)],
      ],
      help: ["leave it out of the `exports` of one of them"],
      severity: "warning",
    });
  });
}
