/** Whether a scope fits, and then the plan: what a check, the loaders and a build decide alike. */

import * as abi from "./abi.mjs";
import { areaMisfits } from "./areas.mjs";
import { entryMisfits } from "./entries.mjs";
import { loading } from "./lazy.mjs";
import { MAX_PAGES, MAX_TABLE_ELEMENTS, PAGE_BYTES, STACK_BYTES, layOut } from "./layout.mjs";
import { makePlan, positions } from "./planner.mjs";
import { narrowed } from "./reader.mjs";
import { resolve } from "./resolve.mjs";

/** @import { AreaMisfit } from "./areas.mjs" */
/** @import { NotCallable } from "./entries.mjs" */
/** @import { Layout } from "./layout.mjs" */
/** @import { Import } from "./module.mjs" */
/** @import { LinkPlan } from "./plan.mjs" */
/** @import { Host, Resolution } from "./resolve.mjs" */
/** @import { Scope } from "./scope.mjs" */

/**
 * What does not fit although every import is bound; imports that are not are the resolution's problems.
 * - program-as-library: a library of the scope is a program: nobody would call its `_start`
 * - too-late: a tag or a global is imported before it exists: a stub can stand in for a function, for these nothing
 * - too-large: bytes of memory, or elements of the table: more than a process can have
 * - limit-too-small: a library allows the process less than it needs: pages of memory, or elements of the table
 * - second-allocator: a library gives out functions of the heap beside libc: what one allocates, the other would be
 *   given back
 * - second-libcxx: a library gives out a C++ run-time library beside libc++.so: what one throws, the other does not catch
 * @typedef {AreaMisfit | NotCallable
 *   | {is: "program-as-library", library: number}
 *   | {is: "too-late", library: number, import: Import, definer: number}
 *   | {is: "too-large", what: "memory" | "table", needed: number | bigint, most: number}
 *   | {is: "limit-too-small", library: number, import: Import, needed: number | bigint, most: number | bigint}
 *   | {is: "second-allocator", library: number, libc: number, names: string[], isLibc: boolean}
 *   | {is: "second-libcxx", library: number, libcxx: number}} Misfit
 *
 * `plan` is null where something does not fit: `resolution.problems` and `misfits` say all of it.
 * @typedef {{scope: Scope, resolution: Resolution, misfits: Misfit[], plan: LinkPlan | null}} Decision
 */

/**
 * @param {Scope} scope
 * @param {Host} host
 * @param {number} [stackBytes]
 * @returns {Decision}
 */
export function decide(scope, host, stackBytes = STACK_BYTES) {
  const resolution = resolve(scope, host);
  const when = loading(scope, resolution);
  const alone = scope.libraries.length === 1;
  /** @type {Misfit[]} */
  const before = [
    ...programs(scope),
    ...scope.libraries.flatMap((library, index) => entryMisfits(index, library)),
    ...secondRunTimes(scope),
    ...scope.libraries.flatMap((library, index) => areaMisfits(index, library, alone)),
    ...tooLate(scope, resolution, positions(when.order)),
  ];
  const fits = before.length === 0 && resolution.problems.length === 0;
  const plan = fits ? makePlan(scope, resolution, stackBytes, when) : null;
  const misfits = [...before, ...limits(scope, layOut(scope, stackBytes), plan)];
  return { scope, resolution, misfits, plan: misfits.length ? null : plan };
}

/**
 * @param {Scope} scope
 * @returns {Misfit[]}
 */
function programs(scope) {
  return scope.libraries.flatMap(({ module }, library) =>
    library && module.exportsByName.has(abi.START) ? [{ is: "program-as-library", library }] : [],
  );
}

/**
 * A second libc.so, or a library or a program that stands in for some of the heap's functions; and a second libc++.
 * @param {Scope} scope
 * @returns {Misfit[]}
 */
export function secondRunTimes(scope) {
  const [libc, libcxx] = [abi.FINALIZE, abi.TAKE_EXCEPTION].map((name) =>
    scope.libraries.findIndex(({ module }) => module.exportsByName.has(name)),
  );
  return scope.libraries.flatMap(({ module: { exportsByName } }, library) => {
    /** @type {Misfit[]} */
    const found = [];
    const names = [...abi.ALLOCATOR].filter((name) => exportsByName.has(name));
    if (libc >= 0 && library !== libc && names.length) {
      found.push({ is: "second-allocator", library, libc, names, isLibc: exportsByName.has(abi.FINALIZE) });
    }
    if (libcxx >= 0 && library !== libcxx && exportsByName.has(abi.CXA_THROW)) {
      found.push({ is: "second-libcxx", library, libcxx });
    }
    return found;
  });
}

/**
 * `position` is the order of instantiation.
 * @param {Scope} scope
 * @param {Resolution} resolution
 * @param {Map<number, number>} position
 * @returns {Misfit[]}
 */
export function tooLate(scope, resolution, position) {
  const place = (/** @type {number} */ index) => /** @type {number} */ (position.get(index));
  // A library that is in the process already has no bindings here.
  return resolution.bindings.flatMap((bindings, library) =>
    bindings.flatMap((binding, number) => {
      const import_ = scope.libraries[library].module.imports[number];
      const late =
        binding.is === "definition" && import_.type.kind !== "func" && place(binding.library) >= place(library);
      return late ? [{ is: "too-late", library, import: import_, definer: binding.library }] : [];
    }),
  );
}

/**
 * @param {Scope} scope
 * @param {Layout} layout
 * @param {LinkPlan | null} plan
 * @returns {Misfit[]}
 */
function limits(scope, { heapBase, memoryPages, tableEnd }, plan) {
  /** @type {Misfit[]} */
  const misfits = [];
  if (memoryPages > MAX_PAGES) {
    const byAreas = heapBase > abi.ADDRESS_SPACE_BYTES;
    const needed = byAreas ? heapBase : narrowed(BigInt(memoryPages) * BigInt(PAGE_BYTES));
    misfits.push({ is: "too-large", what: "memory", needed, most: abi.ADDRESS_SPACE_BYTES });
  }
  if (tableEnd > MAX_TABLE_ELEMENTS) {
    misfits.push({ is: "too-large", what: "table", needed: tableEnd, most: MAX_TABLE_ELEMENTS });
  }
  const tableSize = plan?.table?.size ?? tableEnd;
  scope.libraries.forEach(({ module }, library) => {
    for (const import_ of module.imports) {
      const { type, name } = import_;
      const ofMemory = type.kind === "memory" && name === abi.MEMORY;
      if (!ofMemory && type.kind !== "table") continue;
      const needed = ofMemory ? memoryPages : tableSize;
      const most = type.limits.maximum;
      if (most !== null && needed > most) {
        misfits.push({ is: "limit-too-small", library, import: import_, needed, most });
      }
    }
  });
  return misfits;
}
