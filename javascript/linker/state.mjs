/** A live process as a value: which libraries are in it and why, and where everything is.
 *
 * What libraries that come and go do to it is in `transitions`; nothing here is ever changed. */

import { Arena } from "./arena.mjs";
import { PAGE_BYTES, areas, ownEntries } from "./layout.mjs";
import { Scope } from "./scope.mjs";

/** @import { LinkPlan } from "./plan.mjs" */
/** @import { Library } from "./scope.mjs" */

/** Of a library that joins; more than a process starts with. Those from the start have their index in the plan. */
export const FIRST_NUMBER = 1 << 16;

/**
 * A library of a live process. Its number is its name there; it is never another library's.
 * @typedef {object} Member
 * @property {number} number
 * @property {Library} library
 * @property {number[]} needed
 * @property {[base: number, sizeBytes: number]} memory of its data
 * @property {[base: number, elements: number]} table of the table entries that it fills itself
 * @property {Set<number>} boundTo who defines what it imports, needed or not: they must stay as long as it does
 *
 * @typedef {object} StateParts
 * @property {Map<number, Member>} members in the order in which they were initialised
 * @property {number[]} scope the global scope: numbers, in the order in which symbols are looked up
 * @property {Map<number, Map<number, number>>} entries member → function index → that function's one table entry
 * @property {Map<string, number>} hostEntries function of the host → its one table entry
 * @property {Arena} memory
 * @property {Arena} table
 * @property {number} memoryMaxPages
 * @property {number} stackHigh
 * @property {number} heapBase
 * @property {boolean} closed it is one module that stands alone: nothing can be opened in it
 * @property {Map<number, number>} counts how often each member was opened and not closed
 * @property {Set<number>} kept members that are never unloaded: those from the start, and those opened with
 *   RTLD_NODELETE
 * @property {Map<string, number>} numbers the number of each library that ever joined, by identity: who comes back has
 *   its number again
 */

export class ProcessState {
  /** @param {StateParts} parts */
  constructor(parts) {
    this.members = parts.members;
    this.scope = parts.scope;
    this.entries = parts.entries;
    this.hostEntries = parts.hostEntries;
    this.memory = parts.memory;
    this.table = parts.table;
    this.memoryMaxPages = parts.memoryMaxPages;
    this.stackHigh = parts.stackHigh;
    this.heapBase = parts.heapBase;
    this.closed = parts.closed;
    this.counts = parts.counts;
    this.kept = parts.kept;
    this.numbers = parts.numbers;
  }

  /**
   * The same but for some parts.
   * @param {Partial<StateParts>} changes
   */
  with(changes) {
    return new ProcessState({ ...this, ...changes });
  }

  /** @param {number} number */
  member(number) {
    return /** @type {Member} */ (this.members.get(number));
  }

  get root() {
    return this.member(0).library;
  }

  /** @param {string} identity */
  find(identity) {
    return [...this.members.values()].find((member) => member.library.identity === identity);
  }

  /**
   * The member that bears a name: who needs that name needs this member, as with glibc and musl.
   * @param {string} name
   */
  named(name) {
    return [...this.members.values()].find((member) => member.library.name === name);
  }

  globalScope() {
    const libraries = this.scope.map((number) => this.member(number).library);
    return new Scope(
      libraries,
      libraries.map(() => []),
    );
  }

  /**
   * The members that stay as long as these do.
   * @param {Iterable<number>} numbers
   */
  keptBy(numbers) {
    const kept = new Set(numbers);
    for (const number of kept) for (const each of this.keeps(number)) kept.add(each);
    return kept;
  }

  /** The members that stay as long as somebody has them open, or for ever. */
  staying() {
    return this.keptBy([...this.kept, ...this.counts.keys()]);
  }

  /**
   * The members that a member needs or is bound to.
   * @param {number} number
   */
  keeps(number) {
    const { needed, boundTo } = this.member(number);
    return [...needed, ...boundTo];
  }

  /**
   * A member and what it needs: the order in which dlsym looks for a symbol in its handle.
   * @param {number} number
   */
  breadthFirst(number) {
    const order = new Set([number]);
    for (const reached of order) for (const needed of this.member(reached).needed) order.add(needed);
    return [...order];
  }

  /**
   * The same after the guest has grown its memory by itself, as libc's heap does: that part is not ours.
   * @param {number} memoryBytes
   * @param {number} tableElements
   */
  grown(memoryBytes, tableElements) {
    return this.with({ memory: this.memory.withEnd(memoryBytes), table: this.table.withEnd(tableElements) });
  }
}

/**
 * The number that a library has when it joins; `numbers` are a state's.
 * @param {Map<string, number>} numbers
 * @param {Library} library
 */
export function numberOf(numbers, library) {
  return numbers.get(library.identity) ?? FIRST_NUMBER + numbers.size;
}

/**
 * The process that a plan makes; `libraries` are its modules, in the plan's order. Lazy ones are members from the start:
 * they have their places, and what is bound to them is bound.
 * @param {Library[]} libraries
 * @param {LinkPlan} plan
 */
export function initialState(libraries, plan) {
  /** @type {Map<number, Member>} */
  const members = new Map();
  /** @type {Map<number, Map<number, number>>} */
  const entries = new Map();
  const hostEntries = new Map();
  const lazy = plan.lazy ?? [];
  for (const number of [...plan.instantiate, ...lazy.map(({ module }) => module)]) {
    const { needed, memory_base: memoryBase, table_base: tableBase } = plan.modules[number];
    members.set(number, makeMember(number, libraries[number], needed, memoryBase, tableBase));
    entries.set(number, ownEntries(libraries[number].module, tableBase));
  }
  for (const { index, function: filled } of [...plan.table_entries, ...lazy.flatMap((each) => each.table_entries)]) {
    if (filled.is === "from-host") {
      hostEntries.set(filled.name, index);
      continue;
    }
    const function_ = libraries[filled.module].module.exportsByName.get(filled.export)?.index ?? -1;
    const known = /** @type {Map<number, number>} */ (entries.get(filled.module));
    if (!known.has(function_)) known.set(function_, index);
  }
  const { memory, table } = plan;
  return new ProcessState({
    members,
    scope: plan.modules.map((_, number) => number),
    entries,
    hostEntries,
    memory: new Arena(memory ? memory.pages * PAGE_BYTES : 0),
    table: new Arena(table ? table.size : 0),
    memoryMaxPages: memory?.max_pages ?? 0,
    stackHigh: memory?.stack_high ?? 0,
    heapBase: memory?.heap_base ?? 0,
    closed: memory === null,
    counts: new Map(),
    kept: new Set(members.keys()),
    numbers: new Map(),
  });
}

/**
 * @param {number} number
 * @param {Library} library
 * @param {number[]} needed
 * @param {number} memoryBase
 * @param {number} tableBase
 * @returns {Member}
 */
export function makeMember(number, library, needed, memoryBase, tableBase) {
  const { memorySize, tableSize } = areas(library.module);
  return {
    number,
    library,
    needed,
    memory: [memoryBase, memorySize],
    table: [tableBase, tableSize],
    boundTo: new Set(),
  };
}
