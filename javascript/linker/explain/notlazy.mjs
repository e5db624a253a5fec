/** Libraries that are needed lazily and cannot wait for a call. */

import { diagnostic } from "../diagnostics.mjs";
import { forced } from "../lazy.mjs";
import { listed, symbol } from "./references.mjs";

/** @import { Diagnostic } from "../diagnostics.mjs" */
/** @import { Resolution } from "../resolve.mjs" */
/** @import { Scope } from "../scope.mjs" */

/**
 * One finding for each library, with the names that are no functions.
 * @param {Scope} scope
 * @param {Resolution} resolution
 * @returns {Diagnostic[]}
 */
export function notLazy(scope, resolution) {
  /** @type {Map<number, string[]>} */
  const users = new Map();
  for (const { library, importer, names } of forced(scope, resolution)) {
    const line = `${scope.libraries[importer].name}  ${listed(names.map(symbol))}`;
    users.set(library, [...(users.get(library) ?? []), line]);
  }
  const sorted = [...users].sort(([one], [other]) => one - other);
  return sorted.map(([library, lines]) => {
    const lazily = scope.libraries.filter((_, index) => scope.lazy[index].has(library)).map((each) => each.name);
    return diagnostic("not-lazy", `loaded at once, and not at the first call: \`${scope.libraries[library].name}\``, {
      facts: [
        ["needed lazily by", listed(lazily)],
        ["data used by", listed(lines, "\n")],
      ],
      notes: ["what is no function has to be there before anything can be called"],
      help: ["let functions give the data out, or leave `lazy` away"],
      severity: "warning",
    });
  });
}
