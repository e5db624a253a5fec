// Loads what is in a bundle: each root has its plan, and a list of all modules with their hashes.

import { problem } from "./errors.mjs";
import { differs, placeOf, sha256 } from "./place.mjs";
import { load } from "./program.mjs";

/**
 * @typedef {object} Root
 * @property {string} file the module, from the bundle
 * @property {{path: string, sha256: string} | object} plan where it is, from the bundle; or itself
 * @property {Record<string, import("./listed.mjs").Listed>} modules what may be in its process, by name
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
  const { file, plan, modules, opens } = roots[name];
  const known = "sha256" in plan ? await readPlan(new URL(plan.path, base), plan.sha256) : plan;
  const prefetch = [...opens, ...[options.prefetch ?? []].flat()];
  return load(new URL(file, base), { ...options, plan: known, modules, ...(prefetch.length ? { prefetch } : {}) });
}

/** @param {URL} address @param {string} expected */
async function readPlan(address, expected) {
  const place = await placeOf(address);
  const bytes = await place.read(place.root);
  const computed = await sha256(bytes);
  if (computed !== expected) throw differs(place.root, expected, computed, bytes.length);
  return new TextDecoder().decode(bytes);
}
