/** Every finding about a module and all that it needs. It looks closer than a loader. */

import { decide } from "../decide.mjs";
import { STACK_BYTES } from "../layout.mjs";
import { openRoot } from "../search.mjs";
import { errors, findings } from "./findings.mjs";
import { readTraits } from "./traits.mjs";

/** @import { Host } from "../resolve.mjs" */
/** @import { Search } from "../search.mjs" */

/**
 * Errors, then warnings.
 * @param {string} path
 * @param {Search} search
 * @param {Host} [host]
 */
export function checkRoot(path, search, host = new Map()) {
  let scope;
  try {
    scope = openRoot(path, search);
  } catch (error) {
    return errors(error);
  }
  const root = scope.libraries[0];
  const decision = decide(scope, host, root.stackBytes ?? STACK_BYTES);
  const traits = root.module.dylink
    ? scope.libraries.map((each) => readTraits(bytesOf(each.identity, search), each))
    : [];
  return findings(decision, traits, (shown) => search.shown(shown));
}

/**
 * @param {string} identity
 * @param {Search} search
 */
function bytesOf(identity, search) {
  return /** @type {Uint8Array} */ (search.files.get(identity));
}
