/** Why not, in words: what `linker.mjs` decided, as diagnostics. Apart from it, as most processes need none of this.
 *
 *     errors(decision)          what keeps a scope from being loaded; also of what was thrown where one was looked for
 *     findings(decision, …)     the same and what is doubtful
 *     checkRoot(path, search)   every finding about a module and all that it needs */

export { checkRoot } from "./explain/check.mjs";
export { errors, findings } from "./explain/findings.mjs";
