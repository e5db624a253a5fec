// Why something was not loaded, in words: most loads need none of them.

import { problem } from "./errors.mjs";

/** @param {string} path @param {string} why @param {string[]} [help] */
export const unreadable = (path, why, help = []) => problem("cannot-read", `cannot read \`${path}\`: ${why}`, { help });

/** @param {string} path @param {string} expected @param {string} computed @param {number} size */
export const differs = (path, expected, computed, size) =>
  problem("file-changed", `not the file that the plan was made for: \`${path}\``, {
    facts: [
      ["expected", `sha256:${expected}`],
      ["computed", `sha256:${computed}, of ${size} bytes`],
    ],
    help: ["where it was copied or sent, it may have been cut short or changed on the way: put all files there again"],
  });

/** @param {number} version */
export const planVersion = (version) =>
  problem("plan-version", `a plan of version ${version}, where 1 is known`, {
    help: ["make it again, or use the loader that came with the `wasmbuild` that made it"],
  });

// A function that takes an exnref: the standard encoding of exceptions, which setjmp and C++ are compiled to.
const WITH_EXCEPTIONS = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x69, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b,
]);

/** Whether the engine lacks what modules are compiled to; null if it does not. */
export function tooOld() {
  if (typeof WebAssembly === "object" && WebAssembly.validate(WITH_EXCEPTIONS)) return null;
  const version = globalThis.process?.versions?.node;
  return problem("engine-too-old", "this engine lacks WebAssembly's standard exceptions", {
    facts: [
      ["found", version ? `Node ${version}` : (globalThis.navigator?.userAgent ?? "an engine without a name")],
      ["needed", "Node 24.15, Chrome 137, Firefox 131, Safari 18.4, or a later version"],
    ],
  });
}

/** What the engine said, where it was the one to refuse a module. @param {import("./errors.mjs").WasmbuildError} error */
export function wordsOfEngine({ diagnostics: [{ code, facts }] }) {
  const said = code === "refused-by-engine" ? facts[0][1] : undefined;
  return { said, details: said };
}

/** @param {any} plan @param {number} maximum in pages */
export const moreThanItMayHave = (plan, maximum) =>
  problem("no-memory", `it starts with more memory than it may have: \`${plan.modules[0].name}\``, {
    facts: [
      ["needed", `${plan.memory.pages} pages`],
      ["at most", `${maximum} pages`],
    ],
  });

/** @param {any} plan @param {number} maximum in pages @param {unknown} error the engine's */
export const noRoom = (plan, maximum, error) =>
  problem("no-memory", `the engine has no room for a process: \`${plan.modules[0].name}\``, {
    facts: [
      ["needed", `${plan.memory.pages} pages of memory, up to ${maximum}, and ${plan.table.size} table entries`],
      ["it says", error instanceof Error ? error.message : String(error)],
    ],
    help: ["close other processes and pages, or give it a smaller limit: `memoryBytes`"],
  });
