/** What to say of modules that do not keep to the areas that they asked for. */

import * as abi from "../abi.mjs";
import { diagnostic } from "../diagnostics.mjs";
import { typeText } from "../module.mjs";
import { listed } from "./references.mjs";

/** @import { OutsideArea, OutsideSegment } from "../areas.mjs" */
/** @import { Facts } from "../diagnostics.mjs" */
/** @import { Module } from "../module.mjs" */

/**
 * A module that defines what all modules of a process share.
 * @param {string} shown
 * @param {Module} module
 * @param {Facts} [neededBy]
 */
export function ownMemory(shown, module, neededBy = []) {
  const kinds = [...(module.ownsMemory ? ["memory"] : []), ...(module.ownsTable ? ["table"] : [])];
  const types = [...(module.ownsMemory ? module.memories : []), ...(module.ownsTable ? module.tables : [])];
  const program = module.exportsByName.has(abi.START);
  return diagnostic("own-memory", `a ${kinds.join(" and a ")} of its own, where all modules share one: \`${shown}\``, {
    facts: [["defines", types.map(typeText).join("; ")], ...neededBy],
    notes: [`it was linked without ${kinds.map((kind) => `\`--import-${kind}\``).join(" and ")}`],
    help: [`link it with \`${program ? "-pie --import-memory" : "-shared"}\``],
  });
}

/**
 * @param {string} name
 * @param {OutsideArea} misfit
 */
export function outsideArea(name, { what, area, segments }) {
  const unit = what === "data" ? "byte" : "element";
  const found = segments.map((segment) => placed(segment, unit));
  return diagnostic("outside-area", `${what} outside of the module's own area: \`${name}\``, {
    facts: [
      ["area", `${counted(area, unit)}, as its \`dylink.0\` says`],
      ["found", listed(found, "\n")],
    ],
    notes: ["it would overwrite what other modules have there"],
    help: ["link it with -shared, or a program with -pie, and keep the `dylink.0` section as wasm-ld wrote it"],
  });
}

/**
 * @param {OutsideSegment} segment
 * @param {string} unit
 */
function placed({ number, start, size, fixed }, unit) {
  const what = `segment ${number}: ${counted(size, unit)}`;
  return fixed ? `${what} at the fixed address ${start}` : `${what}, from ${start} to ${BigInt(start) + BigInt(size)}`;
}

/**
 * @param {number} number
 * @param {string} unit
 */
function counted(number, unit) {
  return number === 1 ? `${number} ${unit}` : `${number} ${unit}s`;
}
