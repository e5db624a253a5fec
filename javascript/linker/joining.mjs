/** What it takes for a library to join a live process, with what it needs: the same resolution as at the start, looked
 * up in the global scope first, then in the library's own. */

import { areaMisfits } from "./areas.mjs";
import { secondRunTimes, tooLate } from "./decide.mjs";
import { diagnostic } from "./diagnostics.mjs";
import { entryMisfits } from "./entries.mjs";
import { PAGE_BYTES, areas, ownEntries } from "./layout.mjs";
import { ModulePlanner, TableEntries, initialisation } from "./planner.mjs";
import { definitionOf, resolve, symbolTable } from "./resolve.mjs";
import { Scope } from "./scope.mjs";
import { makeMember, numberOf } from "./state.mjs";

/** @import { Decision } from "./decide.mjs" */
/** @import { Diagnostic } from "./diagnostics.mjs" */
/** @import { Layout } from "./layout.mjs" */
/** @import { Call, ModulePlan, TableEntry } from "./plan.mjs" */
/** @import { Host, Symbols } from "./resolve.mjs" */
/** @import { Member, ProcessState } from "./state.mjs" */

/**
 * `state` is the process afterwards; members are named by number throughout. `modules` are the new members, in the
 * order to instantiate them in.
 * @typedef {object} Joining
 * @property {ProcessState} state
 * @property {number} root
 * @property {Map<number, ModulePlan>} modules
 * @property {TableEntry[]} entries
 * @property {Call[]} initialise
 *
 * @typedef {{scope: number[], symbols: Symbols}} GlobalSymbols
 */

/**
 * Plan to bring a library and what it needs into a process; some of it may be there already.
 *
 * `globalSymbols` is the symbol table of the global scope, where somebody has it; paths will be from `directory`. What
 * does not fit comes back as a decision without a plan.
 * @param {ProcessState} state
 * @param {Scope} local
 * @param {Host} host
 * @param {string} directory
 * @param {Symbols} [globalSymbols]
 * @returns {Joining | Decision | Diagnostic}
 */
export function join(state, local, host, directory, globalSymbols) {
  const { scope, numbers, root, order, known } = jointScope(state, local);
  const table = symbolTable(scope, globalSymbols, globalSymbols ? state.scope.length : 0);
  const resolution = resolve(scope, host, known, table);
  const position = new Map([...known].map((index) => [index, -1]));
  order.forEach((index, place) => position.set(index, place));
  const misfits = [
    ...order.flatMap((index) => areaMisfits(index, scope.libraries[index], false)),
    ...order.flatMap((index) => entryMisfits(index, scope.libraries[index])),
    ...secondRunTimes(scope),
    ...tooLate(scope, resolution, position),
  ];
  if (misfits.length || resolution.problems.length) return { scope, resolution, misfits, plan: null };
  const { placed, layout } = place(state, scope, numbers, order);
  if (layout.memoryPages > state.memoryMaxPages) {
    return diagnostic("no-memory", `no memory left for \`${local.libraries[0].name}\``, {
      facts: [
        ["needed", `${layout.memoryPages} pages`],
        ["at most", `${state.memoryMaxPages} pages`],
      ],
    });
  }
  let arena = placed.table;
  const newEntry = () => {
    const [index, after] = arena.take(1, 1);
    arena = after;
    return index;
  };
  const own = numbers.map((number) => placed.entries.get(number) ?? new Map());
  const entries = new TableEntries(scope, resolution, own, newEntry, numbers, state.hostEntries);
  const at = (/** @type {number} */ index) => /** @type {number} */ (position.get(index));
  const before = (/** @type {number} */ one, /** @type {number} */ other) => at(one) < at(other);
  const planner = new ModulePlanner(scope, resolution, layout, entries, before, directory);
  const modules = new Map(order.map((index) => [numbers[index], planner.plan(index, scope.needed[index])]));
  const allEntries = new Map(placed.entries);
  entries.given.forEach((given, library) => {
    if (given.size) allEntries.set(numbers[library], new Map([...own[library], ...given]));
  });
  const members = new Map(placed.members);
  for (const index of order) {
    const number = numbers[index];
    const definitions = resolution.bindings[index].flatMap((binding) => definitionOf(binding) ?? []);
    const boundTo = new Set(definitions.map((definition) => numbers[definition.library]));
    boundTo.delete(number);
    members.set(number, { .../** @type {Member} */ (members.get(number)), boundTo });
  }
  return {
    state: placed.with({ members, table: arena, entries: allEntries, hostEntries: entries.givenToHost }),
    root: numbers[root],
    modules,
    entries: entries.filled,
    initialise: initialisation(scope, layout.memoryBases, order).map((call) => ({
      ...call,
      module: numbers[call.module],
    })),
  };
}

/**
 * The symbol table of a state's global scope. `known` is that of an earlier state, where somebody has it: what was
 * there then is not read again.
 * @param {ProcessState} state
 * @param {GlobalSymbols} [known]
 * @returns {GlobalSymbols}
 */
export function globalSymbols(state, known) {
  const { scope } = state;
  if (!known?.scope.every((number, place) => number === scope[place])) {
    return { scope, symbols: symbolTable(state.globalScope()) };
  }
  if (known.scope.length === scope.length) return known;
  return { scope, symbols: symbolTable(state.globalScope(), known.symbols, known.scope.length) };
}

/**
 * The libraries that symbols are looked up in, as one scope, and which of them are new: `order` has these, dependencies
 * first; the others are `known`.
 * @param {ProcessState} state
 * @param {Scope} local
 */
function jointScope(state, local) {
  const numbers = [...state.scope];
  const libraries = numbers.map((number) => state.member(number).library);
  const indexOf = new Map(libraries.map((library, index) => [library.identity, index]));
  const memberOf = new Map(Array.from(state.members.values(), ({ library, number }) => [library.identity, number]));
  const known = new Set(libraries.keys());
  const given = new Map(state.numbers);
  for (const library of local.libraries) {
    if (indexOf.has(library.identity)) continue;
    indexOf.set(library.identity, libraries.length);
    const there = memberOf.get(library.identity);
    if (there !== undefined) known.add(libraries.length);
    const number = there ?? numberOf(given, library);
    if (there === undefined) given.set(library.identity, number);
    numbers.push(number);
    libraries.push(library);
  }
  const where = local.libraries.map((library) => /** @type {number} */ (indexOf.get(library.identity)));
  const order = local
    .dependenciesFirst()
    .map((index) => where[index])
    .filter((index) => !known.has(index));
  /** @type {number[][]} */
  const needed = libraries.map(() => []);
  where.forEach((index, place) => {
    if (!known.has(index)) needed[index] = local.needed[place].map((other) => where[other]);
  });
  return { scope: new Scope(libraries, needed), numbers, root: where[0], order, known };
}

/**
 * Give each new library its areas, and make them members.
 * @param {ProcessState} state
 * @param {Scope} scope
 * @param {number[]} numbers
 * @param {number[]} order
 * @returns {{placed: ProcessState, layout: Layout}}
 */
function place(state, scope, numbers, order) {
  let { memory, table } = state;
  const members = new Map(state.members);
  const entries = new Map(state.entries);
  const given = new Map(state.numbers);
  for (const index of order) {
    const library = scope.libraries[index];
    const number = numbers[index];
    const info = areas(library.module);
    const [memoryBase, afterMemory] = memory.take(info.memorySize, 2 ** info.memoryP2align, PAGE_BYTES);
    const [tableBase, afterTable] = table.take(info.tableSize, 2 ** info.tableP2align);
    memory = afterMemory;
    table = afterTable;
    const needed = scope.needed[index].map((other) => numbers[other]);
    members.set(number, makeMember(number, library, needed, memoryBase, tableBase));
    entries.set(number, ownEntries(library.module, tableBase));
    given.set(library.identity, number);
  }
  const placed = state.with({ members, entries, numbers: given, memory, table });
  return {
    placed,
    layout: {
      stackHigh: state.stackHigh,
      memoryBases: numbers.map((number) => placed.member(number).memory[0]),
      tableBases: numbers.map((number) => placed.member(number).table[0]),
      heapBase: state.heapBase,
      tableEnd: table.end,
      memoryPages: Math.floor(memory.end / PAGE_BYTES),
    },
  };
}

/**
 * The process after members have left it: their room is free again.
 * @param {ProcessState} state
 * @param {Set<number>} gone
 */
export function leave(state, gone) {
  let { memory, table } = state;
  for (const number of gone) {
    const member = state.member(number);
    memory = memory.giveBack(...member.memory);
    table = table.giveBack(...member.table);
    const [start, size] = member.table;
    for (const index of state.entries.get(number)?.values() ?? []) {
      if (index < start || index >= start + size) table = table.giveBack(index, 1);
    }
  }
  return state.with({
    members: without(state.members, gone),
    scope: state.scope.filter((number) => !gone.has(number)),
    entries: without(state.entries, gone),
    counts: without(state.counts, gone),
    kept: new Set([...state.kept].filter((number) => !gone.has(number))),
    memory,
    table,
  });
}

/**
 * @template V
 * @param {Map<number, V>} map
 * @param {Set<number>} gone
 * @returns {Map<number, V>}
 */
function without(map, gone) {
  return new Map([...map].filter(([number]) => !gone.has(number)));
}
