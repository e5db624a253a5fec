/** What dlopen, dlclose, dlsym and dladdr do (POSIX 2024, with RTLD_NOLOAD and RTLD_NODELETE), decided: a process as a
 * value and a request in; the next value and what to do out, or what is wrong. Nothing is carried out here. */

import * as abi from "./abi.mjs";
import { diagnostic } from "./diagnostics.mjs";
import { join, leave } from "./joining.mjs";
import { dataAddress } from "./planner.mjs";
import { hex } from "./reader.mjs";
import { privateNames } from "./resolve.mjs";
import { Scope } from "./scope.mjs";

/** @import { Decision } from "./decide.mjs" */
/** @import { Diagnostic } from "./diagnostics.mjs" */
/** @import { Export } from "./module.mjs" */
/** @import { Call, ModulePlan, TableEntry } from "./plan.mjs" */
/** @import { Host, Symbols } from "./resolve.mjs" */
/** @import { Member, ProcessState } from "./state.mjs" */

export const RTLD_LAZY = 1;
export const RTLD_NOW = 2;
export const RTLD_NOLOAD = 4;
export const RTLD_LOCAL = 8;
export const RTLD_GLOBAL = 256;
export const RTLD_NODELETE = 4096;
const MODES = RTLD_LAZY | RTLD_NOW | RTLD_NOLOAD | RTLD_LOCAL | RTLD_GLOBAL | RTLD_NODELETE;

export const RTLD_DEFAULT = 0;
export const RTLD_NEXT = abi.ADDRESS_MASK;

/**
 * - grow: memory and table must have at least this: bytes, elements
 * - zero: memory that another library may have used before
 * - instantiate: new members, in this order
 * - fill: table entries
 * - clear: a member leaves: its table entries become null, so that a call through a stale pointer traps
 * @typedef {{do: "clear", member: number, tableIndexes: number[]}} Clear
 * @typedef {{do: "grow", memoryBytes: number, tableElements: number}
 *   | {do: "zero", address: number, sizeBytes: number}
 *   | {do: "instantiate", modules: [Member, ModulePlan][]}
 *   | {do: "fill", entries: TableEntry[]}
 *   | Clear} Action
 *
 * Carry out `actions`; then the process is `state`; then make `calls`, which may ask for more. `undo` takes the actions
 * back. `value` is the request's result.
 * @typedef {object} Transition
 * @property {ProcessState} state
 * @property {number} value
 * @property {Action[]} actions
 * @property {Call[]} calls
 * @property {Clear[]} undo
 *
 * A decision has no plan here: it says what does not fit.
 * @typedef {Transition | Decision | Diagnostic} Answer
 */

/**
 * @param {ProcessState} state
 * @param {Partial<Transition>} [rest]
 * @returns {Transition}
 */
function transition(state, { value = 0, actions = [], calls = [], undo = [] } = {}) {
  return { state, value, actions, calls, undo };
}

/**
 * What is wrong with a mode of dlopen.
 * @param {number} flags
 */
export function modeProblem(flags) {
  const fits = !(flags & ~MODES) && flags & (RTLD_LAZY | RTLD_NOW);
  return fits ? null : diagnostic("dl-mode", `not a mode of dlopen: ${signedHex(flags)}`);
}

/**
 * One more opening of a library that is in the process; its handle.
 * @param {ProcessState} state
 * @param {number} number
 * @param {number} flags
 */
export function openMember(state, number, flags) {
  const joining = flags & RTLD_GLOBAL ? state.breadthFirst(number).filter((each) => !state.scope.includes(each)) : [];
  const after = state.with({
    counts: new Map(state.counts).set(number, (state.counts.get(number) ?? 0) + 1),
    scope: [...state.scope, ...joining],
    kept: flags & RTLD_NODELETE ? new Set([...state.kept, number]) : state.kept,
  });
  return transition(after, { value: handleOf(number) });
}

/**
 * Bring a library in, with what it needs: `local` is its scope. As for `join`; its handle.
 * @param {ProcessState} state
 * @param {Scope} local
 * @param {number} flags
 * @param {Host} host
 * @param {string} directory
 * @param {Symbols} [globalSymbols]
 * @returns {Answer}
 */
export function openLibrary(state, local, flags, host, directory, globalSymbols) {
  const library = local.libraries[0];
  if (state.closed) {
    return diagnostic("no-dlopen", `\`${state.root.name}\` is a closed module: nothing can be opened in it`);
  }
  const member = state.find(library.identity);
  if (member) return openMember(state, member.number, flags);
  if (flags & RTLD_NOLOAD) return notLoaded(library.name);
  const joining = join(state, local, host, directory, globalSymbols);
  if (!("modules" in joining)) return joining;
  const members = [...joining.modules.keys()].map((number) => joining.state.member(number));
  const opened = openMember(joining.state, joining.root, flags);
  return transition(opened.state, {
    value: opened.value,
    actions: [
      { do: "grow", memoryBytes: opened.state.memory.end, tableElements: opened.state.table.end },
      ...members.flatMap(({ memory: [address, sizeBytes] }) =>
        sizeBytes ? [{ do: /** @type {const} */ ("zero"), address, sizeBytes }] : [],
      ),
      { do: "instantiate", modules: [...joining.modules.values()].map((plan, place) => [members[place], plan]) },
      { do: "fill", entries: joining.entries },
    ],
    calls: joining.initialise,
    undo: clear(joining.state, new Set(joining.modules.keys())),
  });
}

/**
 * The process without members whose constructors failed. What these opened themselves goes as well, unless somebody
 * keeps it: see `nextToLeave`; and in any case what cannot be without them.
 * @param {ProcessState} state
 * @param {Iterable<number>} members
 */
export function failed(state, members) {
  const gone = new Set([...members].filter((number) => state.members.has(number)));
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    const users = [...state.members.keys()].filter((number) => state.keeps(number).some((each) => gone.has(each)));
    for (const number of users) gone.add(number);
  }
  return transition(leave(state, gone), { actions: clear(state, gone) });
}

/**
 * Give a handle back. What nobody uses then must leave: see `nextToLeave`.
 * @param {ProcessState} state
 * @param {number} handle
 * @returns {Transition | Diagnostic}
 */
export function close(state, handle) {
  if (handle === handleOf(0) && !state.counts.has(0)) return transition(state);
  const member = opened(state, handle);
  if ("code" in member) return member;
  const counts = new Map(state.counts);
  const left = (counts.get(member.number) ?? 0) - 1;
  if (left) counts.set(member.number, left);
  else counts.delete(member.number);
  return transition(state.with({ counts }));
}

/**
 * The members that leave first, together, of those that nobody keeps: no other of them is kept by one that stays. One,
 * or several that keep each other; the last that was initialised is the first. None if all are kept.
 * @param {ProcessState} state
 * @returns {number[]}
 */
export function nextToLeave(state) {
  const staying = state.staying();
  const gone = [...state.members.keys()].filter((number) => !staying.has(number));
  if (!gone.length) return [];
  /** @type {Map<number, number[]>} */
  const users = new Map(gone.map((number) => [number, []]));
  for (const number of gone) for (const kept of state.keeps(number)) users.get(kept)?.push(number);
  const group = firstComponent(gone[gone.length - 1], users);
  return gone.reverse().filter((number) => group.has(number));
}

/**
 * The strongly connected component that is reached from `start` and leads to no other (Tarjan 1972).
 * @param {number} start
 * @param {Map<number, number[]>} follow
 * @returns {Set<number>}
 */
function firstComponent(start, follow) {
  const found = new Map([[start, 0]]);
  const low = new Map([[start, 0]]);
  const stack = [start];
  const todo = [{ number: start, next: 0 }];
  const lower = (/** @type {number} */ number, /** @type {number} */ to) =>
    low.set(number, Math.min(/** @type {number} */ (low.get(number)), to));
  for (;;) {
    const top = todo[todo.length - 1];
    const following = follow.get(top.number)?.[top.next++];
    if (following === undefined) {
      const reached = /** @type {number} */ (low.get(top.number));
      if (reached === found.get(top.number)) return new Set(stack.slice(stack.indexOf(top.number)));
      todo.pop();
      lower(todo[todo.length - 1].number, reached);
    } else {
      const place = found.get(following);
      if (place !== undefined) {
        lower(top.number, place);
        continue;
      }
      low.set(following, found.size);
      found.set(following, found.size);
      stack.push(following);
      todo.push({ number: following, next: 0 });
    }
  }
}

/**
 * What runs the destructors of members that leave, if there is a C library that knows them.
 * @param {ProcessState} state
 * @param {number[]} group
 * @returns {Call[]}
 */
export function finalize(state, group) {
  const libc = state.scope.find((number) => state.member(number).library.module.exportsByName.has(abi.FINALIZE));
  if (libc === undefined) return [];
  return group.map((leaving) => {
    const { memory, table } = state.member(leaving);
    const bounds = [memory[0], memory[0] + memory[1], table[0], table[0] + table[1]];
    return { module: libc, export: abi.FINALIZE, arguments: bounds };
  });
}

/**
 * The process without members whose destructors have run; one that was opened again meanwhile stays, with all that it
 * keeps.
 * @param {ProcessState} state
 * @param {Iterable<number>} group
 */
export function unload(state, group) {
  const staying = state.staying();
  const gone = new Set([...group].filter((number) => state.members.has(number) && !staying.has(number)));
  return transition(leave(state, gone), { actions: clear(state, gone) });
}

/** The members that new ones need or are bound to, and that are not new. @param {Transition} step */
export function boundBy({ actions }) {
  const members = actions.flatMap((action) => (action.do === "instantiate" ? action.modules.map(([member]) => member) : []));
  const numbers = new Set(members.flatMap(({ needed, boundTo }) => [...needed, ...boundTo]));
  for (const { number } of members) numbers.delete(number);
  return [...numbers].sort((one, other) => one - other);
}

/** @param {string} name */
export const notLoaded = (name) => diagnostic("dl-noload", `not in the process: \`${name}\``);

/**
 * The address of data, or a function's table index: it gets an entry if it has none.
 * @param {ProcessState} state
 * @param {number} handle
 * @param {string} name
 * @param {number} [caller]
 * @returns {Transition | Diagnostic}
 */
export function symbol(state, handle, name, caller = 0) {
  const found = definer(state, handle, name, caller);
  if ("code" in found) return found;
  const { module } = found.library;
  const export_ = /** @type {Export} */ (module.exportsByName.get(name));
  if (export_.kind === "func") return functionEntry(state, found, export_);
  return transition(state, { value: dataAddress(found.library, name, found.memory[0]) });
}

/**
 * The member whose symbol is meant.
 * @param {ProcessState} state
 * @param {number} handle
 * @param {string} name
 * @param {number} [caller]
 * @returns {Member | Diagnostic}
 */
export function definer(state, handle, name, caller = 0) {
  const order = lookupOrder(state, handle, caller);
  if ("code" in order) return order;
  for (const number of order) {
    const member = state.member(number);
    const { module } = member.library;
    const found = module.exportsByName.get(name);
    if (!found || privateNames(module).has(name)) continue;
    const type = module.exportType(found);
    if (type.kind === "func" || (type.kind === "global" && !type.mutable)) return member;
  }
  const searched = order.map((number) => state.member(number).library.name).join(", ");
  return diagnostic("dl-symbol", `undefined symbol: \`${name}\``, { facts: [["searched", searched]] });
}

/**
 * @param {ProcessState} state
 * @param {Member} member
 * @param {Export} export_
 */
function functionEntry(state, { number }, export_) {
  const own = /** @type {Map<number, number>} */ (state.entries.get(number));
  const known = own.get(export_.index);
  if (known !== undefined) return transition(state, { value: known });
  const [index, table] = state.table.take(1, 1);
  const entries = new Map(state.entries).set(number, new Map(own).set(export_.index, index));
  return transition(state.with({ table, entries }), {
    value: index,
    actions: [
      { do: "grow", memoryBytes: 0, tableElements: table.end },
      { do: "fill", entries: [{ index, function: { is: "from-module", module: number, export: export_.name } }] },
    ],
  });
}

/**
 * The members in which a symbol is looked for.
 * @param {ProcessState} state
 * @param {number} handle
 * @param {number} caller
 * @returns {number[] | Diagnostic}
 */
function lookupOrder(state, handle, caller) {
  if (handle === RTLD_DEFAULT) return [...new Set([...state.scope, ...state.breadthFirst(caller)])];
  if (handle === RTLD_NEXT) {
    const order = state.scope.includes(caller) ? state.scope : state.breadthFirst(caller);
    return order.slice(order.indexOf(caller) + 1);
  }
  if (handle === handleOf(0)) return state.scope;
  const member = opened(state, handle);
  return "code" in member ? member : state.breadthFirst(member.number);
}

/**
 * Handles start well above 0, which is RTLD_DEFAULT, and are even: nothing in them is an address.
 * @param {number} number
 */
export function handleOf(number) {
  return (number + 1) * 16;
}

/** @param {number} handle */
export function memberOf(handle) {
  return Math.floor(handle / 16) - 1;
}

/**
 * @param {ProcessState} state
 * @param {number} handle
 * @returns {Member | Diagnostic}
 */
function opened(state, handle) {
  const number = memberOf(handle);
  if (handleOf(number) === handle && state.counts.has(number)) return state.member(number);
  return diagnostic("dl-handle", `not a handle of an open library: ${signedHex(handle)}`);
}

/**
 * `0x1f`, and `-0x1` as C's numbers come.
 * @param {number} value
 */
function signedHex(value) {
  return value < 0 ? "-" + hex(-value) : hex(value);
}

/**
 * @param {ProcessState} state
 * @param {Set<number>} numbers
 * @returns {Clear[]}
 */
function clear(state, numbers) {
  const gone = [...state.members.keys()].filter((number) => numbers.has(number));
  return gone.map((member) => ({
    do: "clear",
    member,
    tableIndexes: [...(state.entries.get(member)?.values() ?? [])],
  }));
}
