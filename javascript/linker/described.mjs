/** What dladdr says of an address. */

import * as abi from "./abi.mjs";
import { dataAddress } from "./planner.mjs";

/** @import { Member, ProcessState } from "./state.mjs" */

/**
 * Whose an address is, and the nearest exported symbol at or below it; "" and 0 for none.
 * @typedef {{member: Member, symbol: string, symbolAddress: number}} Described
 */

/**
 * @param {ProcessState} state
 * @param {number} address
 * @returns {Described | null}
 */
export function describe(state, address) {
  for (const member of state.members.values()) {
    const [start, sizeBytes] = member.memory;
    if (start <= address && address < start + sizeBytes) return nearest(member, address);
  }
  for (const [number, entries] of state.entries) {
    for (const [function_, index] of entries) {
      if (index !== address) continue;
      const member = state.member(number);
      const { exports } = member.library.module;
      const named = exports.find((each) => each.kind === "func" && each.index === function_);
      return { member, symbol: named?.name ?? "", symbolAddress: index };
    }
  }
  return null;
}

/**
 * @param {Member} member
 * @param {number} address
 * @returns {Described}
 */
function nearest(member, address) {
  let best = { member, symbol: "", symbolAddress: 0 };
  const { module } = member.library;
  for (const each of module.exports) {
    const type = module.exportType(each);
    if (type.kind !== "global" || type.mutable || abi.LINKER_SYMBOLS.has(each.name)) continue;
    const at = dataAddress(member.library, each.name, member.memory[0]);
    if (best.symbolAddress < at && at <= address) best = { member, symbol: each.name, symbolAddress: at };
  }
  return best;
}
