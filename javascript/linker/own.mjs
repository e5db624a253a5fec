/** The section in which our link driver writes down what dylink.0 has no place for. */

import * as abi from "./abi.mjs";

/** @import { Module } from "./module.mjs" */

/**
 * What it says; nothing where it is not there or cannot be read: custom sections are advice.
 * @param {Uint8Array} data
 * @param {Module} module
 * @returns {Record<string, unknown>}
 */
export function ownFacts(data, module) {
  const section = module.custom(abi.OWN_SECTION);
  if (!section) return {};
  const text = new TextDecoder().decode(data.subarray(section.offset, section.offset + section.sizeBytes));
  try {
    const facts = JSON.parse(text);
    return facts !== null && typeof facts === "object" && !Array.isArray(facts) ? facts : {};
  } catch {
    return {};
  }
}
