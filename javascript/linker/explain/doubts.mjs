/** What links and yet will not do, or not as meant: two copies of one library, a program among the libraries,
 * exceptions that do not fit together, a section out of its place. */

import * as abi from "../abi.mjs";
import { diagnostic } from "../diagnostics.mjs";
import { grouped, listed, neededBy, symbol } from "./references.mjs";

/** @import { Diagnostic, Facts } from "../diagnostics.mjs" */
/** @import { Problem } from "../resolve.mjs" */
/** @import { Scope } from "../scope.mjs" */
/** @import { Traits } from "./traits.mjs" */

/**
 * Libraries of a scope that are one library, by their indexes, ascending, and why one thinks so.
 * @typedef {{libraries: number[], why: string}} Twins
 */

/**
 * Errors, then warnings; `traits` has one entry for each library of the scope, `twins` is from `findTwins`.
 * @param {Scope} scope
 * @param {Traits[]} traits
 * @param {Twins[]} twins
 * @param {(path: string) => string} shown
 * @returns {Diagnostic[]}
 */
export function doubts(scope, traits, twins, shown) {
  return [
    ...mixedExceptions(scope, traits),
    ...twins.map((each) => loadedTwice(scope, each, shown)),
    ...notUnwound(scope, traits),
    ...moved(scope),
  ];
}

/**
 * Libraries that are one library twice. In a scope, each file is there once already. Of identical files only the first
 * has further twins.
 * @param {Scope} scope
 * @param {Traits[]} traits
 * @returns {Twins[]}
 */
export function findTwins(scope, traits) {
  const identical = grouped(traits.keys(), (index) => traits[index].sha256);
  const firsts = new Set(identical.map(([first]) => first));
  const named = [...firsts].filter((index) => traits[index].soname);
  const bySoname = grouped(
    named.sort((a, b) => a - b),
    (index) => traits[index].soname,
  );
  /** @type {Map<string, Twins>} */
  const found = new Map();
  for (const libraries of identical) {
    if (libraries.length > 1) found.set(libraries.join(), { libraries, why: "the files are identical" });
  }
  for (const libraries of bySoname) {
    for (const alike of sharingExports(scope, libraries)) {
      const why = `both were linked as \`${traits[libraries[0]].soname}\``;
      found.set(alike.join(), { libraries: alike, why });
    }
  }
  return [...found.values()];
}

/**
 * Two tools may call what they make `a.out`; one library in two versions exports the same.
 * @param {Scope} scope
 * @param {number[]} libraries
 */
function sharingExports(scope, libraries) {
  /** @type {Map<string, number[]>} */
  const exporting = new Map();
  for (const index of libraries) {
    const alike = [index];
    for (const { name } of symbolsOf(scope, index)) {
      const known = exporting.get(name);
      if (!known) exporting.set(name, alike);
      else if (known !== alike && known.at(-1) !== index) known.push(index);
    }
  }
  const groups = [...new Set(exporting.values())].filter((alike) => alike.length > 1);
  return groups.sort((one, other) => {
    const place = one.findIndex((index, at) => index !== other[at]);
    return place < 0 ? one.length - other.length : one[place] - (other[place] ?? -1);
  });
}

/**
 * What a library exports that may be another's business.
 * @param {Scope} scope
 * @param {number} index
 */
function symbolsOf(scope, index) {
  return scope.libraries[index].module.exports.filter((each) => !abi.LINKER_SYMBOLS.has(each.name));
}

/**
 * @param {Scope} scope
 * @param {Twins} twins
 * @param {(path: string) => string} shown
 */
function loadedTwice(scope, { libraries, why }, shown) {
  const [first, second, ...more] = libraries;
  const names = `\`${scope.libraries[first].name}\`, \`${scope.libraries[second].name}\``;
  const headline = more.length
    ? `one library under ${libraries.length} names: ${names} and ${more.length} more`
    : `one library under two names: ${names}`;
  const where = (/** @type {number} */ index) =>
    [shown(scope.libraries[index].identity), ...neededBy(scope, index).map(([, value]) => `needed by ${value}`)].join(
      "\n",
    );
  return diagnostic("loaded-twice", headline, {
    facts: [
      ["one", where(first)],
      ["other", where(second)],
    ],
    notes: [`${why}; each copy has variables of its own`],
    help: ["let all that need it need it by one name"],
    severity: "warning",
  });
}

/**
 * What was compiled for the older encoding is refused by every engine but those of browsers.
 * @param {Scope} scope
 * @param {Traits[]} traits
 */
function mixedExceptions(scope, traits) {
  const having = (/** @type {string} */ encoding) =>
    scope.libraries.flatMap(({ name }, index) => (traits[index].exceptions === encoding ? [name] : []));
  const legacy = having("legacy");
  const standard = having("standard");
  if (!legacy.length) return [];
  /** @type {Facts} */
  const facts = [["legacy", listed(legacy)]];
  if (standard.length) facts.push(["standard", listed(standard)]);
  const headline = standard.length
    ? "two encodings of exceptions in one process"
    : "exceptions in an encoding that was given up";
  return [
    diagnostic("legacy-exceptions", headline, {
      facts,
      notes: ["the older one has `try`, the standard has `try_table`; wasmtime runs the standard one only"],
      help: ["compile it with `-mllvm -wasm-use-legacy-eh=false` (LLVM 20 or later)"],
    }),
  ];
}

/**
 * C++ without exceptions that calls a library which throws.
 * @param {Scope} scope
 * @param {Traits[]} traits
 */
function notUnwound(scope, traits) {
  /** @type {Map<string, number>} */
  const thrownBy = new Map();
  scope.libraries.forEach(({ module }, index) => {
    if (!module.imports.some((each) => each.name === abi.CXA_THROW)) return;
    for (const { name } of symbolsOf(scope, index)) if (!thrownBy.has(name)) thrownBy.set(name, index);
  });
  return scope.libraries.flatMap(({ name, module }, index) => {
    if (!traits[index].withoutExceptions) return [];
    const called = module.imports.flatMap((import_) => {
      const thrower = thrownBy.get(import_.name) ?? index;
      return thrower !== index && import_.type.kind === "func" ? [{ thrower, symbol: symbol(import_.name) }] : [];
    });
    return grouped(called, ({ thrower }) => thrower).map((calls) => {
      const other = scope.libraries[calls[0].thrower].name;
      return diagnostic(
        "not-unwound",
        `\`${name}\`, compiled with \`-fno-exceptions\`, calls \`${other}\`, which throws`,
        {
          facts: [
            [
              "calls",
              listed(
                calls.map((each) => each.symbol),
                "\n",
                4,
              ),
            ],
          ],
          notes: ["an exception that passes through it runs none of its destructors"],
          help: ["compile both with exceptions, or catch all of them in what is called"],
          severity: "warning",
        },
      );
    });
  });
}

/** @param {Scope} scope */
function moved(scope) {
  return scope.libraries.flatMap(({ module, name }) => {
    if (!module.dylink || module.dylinkIsFirst) return [];
    return [
      diagnostic("dylink-moved", `\`dylink.0\` is not the first section: \`${name}\``, {
        facts: [["first is", `\`${module.sections[0].name}\``]],
        notes: ["some tool moved it; it is read here, and other loaders will not find it"],
        help: ["have that tool leave custom sections where they are, or use wasm-ld's output as it is"],
        severity: "warning",
      }),
    ];
  });
}

/**
 * The libraries that were compiled for addresses of 64 bits.
 * @param {Scope} scope
 */
export function of64Bits(scope) {
  return new Set(
    [...scope.libraries.keys()].filter((index) => {
      return scope.libraries[index].module.space("memory").some((memory) => memory.is64);
    }),
  );
}

/**
 * @param {Scope} scope
 * @param {Set<number>} wide
 */
export function without64Bits(scope, wide) {
  if (!wide.size) return [];
  const names = [...wide].map((index) => `\`${scope.libraries[index].name}\``);
  return [
    diagnostic("memory64", `64-bit memory is not supported: ${listed(names)}`, {
      notes: [`the process has a memory of ${abi.POINTER_BITS}-bit addresses (wasm32)`],
      help: ["compile and link it for wasm32: without -mwasm64 and -sMEMORY64"],
    }),
  ];
}

/**
 * Modules that ask functions for their stack pointer and TLS base, where nobody defines these.
 * @param {Scope} scope
 * @param {Problem[]} problems
 */
export function threadContext(scope, problems) {
  const found = problems.filter((problem) => abi.THREAD_CONTEXT.has(problem.import.name));
  if (!found.length) return [];
  const libraries = [...new Set(found.map((problem) => problem.library))].map((index) => scope.libraries[index].name);
  const names = new Set(found.map((problem) => `\`${problem.import.name}\``));
  return [
    diagnostic(
      "thread-context",
      "stack pointer and thread-local base from functions: this convention is not supported yet",
      {
        facts: [
          ["imported by", listed(libraries)],
          ["imports", [...names].join(", ")],
        ],
        notes: [`it is that of cooperative threads; here each module imports the global \`${abi.STACK_POINTER}\``],
        help: ["compile without -mlibcall-thread-context, link without --cooperative-multithreading, not for wasip3"],
      },
    ),
  ];
}

/**
 * A process has one memory: all modules share it between threads, or none does.
 * @param {Scope} scope
 */
export function mixedMemory(scope) {
  /** @type {string[]} */
  const shared = [];
  /** @type {string[]} */
  const notShared = [];
  for (const library of scope.libraries) {
    for (const { name, type } of library.module.imports) {
      if (name === abi.MEMORY && type.kind === "memory") (type.shared ? shared : notShared).push(library.name);
    }
  }
  if (!shared.length || !notShared.length) return [];
  return [
    diagnostic("mixed-memory", "one module wants a memory that threads share, another does not", {
      facts: [
        ["shared", listed(shared)],
        ["not shared", listed(notShared)],
      ],
      help: ["compile and link all of them without -pthread, -matomics and --shared-memory"],
    }),
  ];
}

/**
 * `weak` are the functions that are undefined and may be.
 * @param {Scope} scope
 * @param {string[]} weak
 */
export function withoutMain(scope, weak) {
  const root = scope.libraries[0];
  if (!root.module.exportsByName.has(abi.START) || !weak.some((name) => abi.MAINS.has(name))) return [];
  return [
    diagnostic("no-main", `a program without \`main\`: \`${root.name}\``, {
      notes: ["zig's `-shared` makes such programs, where a library was meant"],
      help: ["a shared library is linked with `-shared` by wasm-ld itself, without a start file"],
      severity: "warning",
    }),
  ];
}
