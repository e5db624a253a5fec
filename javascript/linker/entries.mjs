/** What a loader calls in a module by its name, and whether it is a function that can be called so. */

import * as abi from "./abi.mjs";
import { funcType, same, typeText } from "./module.mjs";

/** @import { FuncType } from "./module.mjs" */
/** @import { Library } from "./scope.mjs" */

/** @type {[name: string, type: FuncType][]} */
const CALLED = [
  [abi.APPLY_DATA_RELOCS, funcType()],
  [abi.INIT_TLS, funcType(["i32"])],
  [abi.CALL_CTORS, funcType()],
  [abi.INITIALIZE, funcType()],
  [abi.FINALIZE, funcType(["i32", "i32", "i32", "i32"])],
  [abi.START, funcType()],
];

/** C's habit is a `_start` that returns a number, and who has no libc writes it so; nobody looks at it. */
const OF_START = [funcType([], ["i32"]), funcType([], ["i64"])];

/**
 * A module exports under the name of something that is called: another kind of thing, or a function of another type.
 * @typedef {{is: "not-callable", library: number, name: string, found: string, wanted: FuncType}} NotCallable
 */

/**
 * @param {number} index
 * @param {Library} library
 * @returns {NotCallable[]}
 */
export function entryMisfits(index, { module }) {
  return CALLED.flatMap(([name, wanted]) => {
    const found = module.exportsByName.get(name);
    if (!found) return [];
    const type = found.kind === "func" ? module.exportType(found) : null;
    if (same(type, wanted) || (name === abi.START && OF_START.some((each) => same(type, each)))) return [];
    return [{ is: "not-callable", library: index, name, found: type ? typeText(type) : `a ${found.kind}`, wanted }];
  });
}
