// Loads what is in a bundle: each root has its plan, and a list of all modules with their hashes.

import { problem } from "./errors.mjs";
import { listed } from "./listed.mjs";
import { inPlace, placeOf } from "./place.mjs";
import { loadAt } from "./program.mjs";
import { differs } from "./refusals.mjs";

/**
 * @typedef {object} Root
 * @property {string} file the module, from the bundle
 * @property {{path: string, sha256: string} | object} plan where it is, from the bundle; or itself
 * @property {Record<string, import("./listed.mjs").Listed>} modules what may be in its process, by name
 * @property {string[]} starts names of those of its plan that are not lazy
 * @property {string[]} opens names of those that C may open
 */

/**
 * @param {URL} base where the bundle is
 * @param {Record<string, Root>} roots
 * @param {string} name
 * @param {any} options as of `load`
 */
export async function loadBundled(base, roots, name, options = {}) {
  if (!Object.hasOwn(roots, name)) {
    throw problem("not-in-bundle", `nothing in this bundle is called \`${name}\``, {
      facts: [["there are", Object.keys(roots).join(", ")]],
    });
  }
  const { file, plan, modules, starts, opens } = roots[name];
  const place = listed(await placeOf(new URL(file, base), options.signal), modules);
  /** @type {Map<string, Promise<import("./place.mjs").Read>>} what it needs is known before the plan is there */
  const begun = new Map();
  for (const each of starts) {
    const path = inPlace(place, modules[each].path);
    const reading = place.readModule(path);
    reading.catch(() => {}); // it is told when it is waited for
    begun.set(path, reading);
  }
  const known = "sha256" in plan ? await readPlan(place, new URL(plan.path, base), plan.sha256) : plan;
  return loadAt(place, { ...options, plan: known, modules, opens }, begun);
}

/** @param {import("./place.mjs").Place} place @param {URL} address @param {string} expected */
async function readPlan(place, address, expected) {
  const path = place.resolve(address);
  const bytes = await place.read(path);
  const computed = await place.hash(bytes);
  if (computed !== expected) throw differs(path, expected, computed, bytes.length);
  return new TextDecoder().decode(bytes);
}
