/** Why not, in words: what the linker decided, as diagnostics. */

import type { Decision, Diagnostic, Host, Search } from "./linker.mjs";

/** What keeps a scope from being loaded; nothing where it has a plan. Also of what was thrown where one was looked for. */
export function errors(reason: Decision | unknown): Diagnostic[];

/** Every finding about a module and all that it needs: errors, then warnings. */
export function checkRoot(path: string, search: Search, host?: Host): Diagnostic[];
