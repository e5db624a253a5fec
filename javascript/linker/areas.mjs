/** Whether a module keeps to what it asked for: the process's one memory and table, and its own area in each. */

import * as abi from "./abi.mjs";
import { address, areas } from "./layout.mjs";

/** @import { ConstExpr, Module } from "./module.mjs" */
/** @import { Library } from "./scope.mjs" */

/**
 * A module brings a memory or a table of its own, where all modules share one.
 * @typedef {{is: "own-memory", library: number}} OwnMemory
 *
 * Bytes or elements at `start`: from the module's base, or `fixed`, as an address.
 * @typedef {{number: number, start: number | bigint, size: number, fixed: boolean}} OutsideSegment
 *
 * Segments that reach beyond the area that a module asked for: they would overwrite what others have there.
 * @typedef {object} OutsideArea
 * @property {"outside-area"} is
 * @property {number} library
 * @property {"data" | "table entries"} what
 * @property {number} area
 * @property {OutsideSegment[]} segments
 *
 * @typedef {OwnMemory | OutsideArea} AreaMisfit
 */

/**
 * `alone`: it is the only module of the process, and may have its own of what it has no area in.
 * @param {number} index
 * @param {Library} library
 * @param {boolean} alone
 * @returns {AreaMisfit[]}
 */
export function areaMisfits(index, { module }, alone) {
  if (!module.dylink) return [];
  /** @type {AreaMisfit[]} */
  const misfits = owns(module, alone) ? [{ is: "own-memory", library: index }] : [];
  const info = areas(module);
  if (!module.ownsMemory) {
    const data = module.data.flatMap((each) => (each.memory === 0 ? [{ ...each, size: each.sizeBytes }] : []));
    const segments = outside(module, data, abi.MEMORY_BASE, info.memorySize);
    if (segments.length) {
      misfits.push({ is: "outside-area", library: index, what: "data", area: info.memorySize, segments });
    }
  }
  if (!module.ownsTable) {
    const inTable = module.elements.filter((each) => each.table === 0);
    const elements = inTable.map(({ offset, functions }) => ({ offset, size: functions.length }));
    const segments = outside(module, elements, abi.TABLE_BASE, info.tableSize);
    if (segments.length) {
      misfits.push({ is: "outside-area", library: index, what: "table entries", area: info.tableSize, segments });
    }
  }
  return misfits;
}

const OF_MEMORY = new Set([abi.GOT_MEM, abi.MEMORY_BASE, abi.STACK_POINTER, abi.TLS_BASE]);
const OF_TABLE = new Set([abi.GOT_FUNC, abi.TABLE_BASE]);

/**
 * @param {Module} module
 * @param {boolean} alone
 */
function owns(module, alone) {
  const imports = (/** @type {Set<string>} */ names) =>
    module.imports.some((i) => names.has(i.module === abi.GOT_MEM || i.module === abi.GOT_FUNC ? i.module : i.name));
  return (module.ownsMemory && (!alone || imports(OF_MEMORY))) || (module.ownsTable && (!alone || imports(OF_TABLE)));
}

/**
 * Only where the offset is a constant, or a base and a constant: that is all that linkers write.
 * @param {Module} module
 * @param {{offset: ConstExpr | null, size: number}[]} segments
 * @param {string} base
 * @param {number} area
 * @returns {OutsideSegment[]}
 */
function outside(module, segments, base, area) {
  const bases = module.imports.filter((each) => each.type.kind === "global");
  /** @type {OutsideSegment[]} */
  const found = [];
  segments.forEach(({ offset, size }, number) => {
    if (!offset || size === 0) return;
    if (offset.baseGlobal === null) {
      found.push({ number, start: address(offset.value), size, fixed: true });
      return;
    }
    const relative = bases[offset.baseGlobal]?.name === base;
    const fits = offset.value >= 0 && offset.value + BigInt(size) <= area;
    if (relative && !fits) found.push({ number, start: offset.value, size, fixed: false });
  });
  return found;
}
