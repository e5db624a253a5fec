/** A link plan: everything that a loader has to do for one process, as a document. docs/plan.md explains it.
 *
 * The types here are the document, with its members in this order. Memory is counted in bytes or in pages of 64 KiB,
 * the table in elements. A module is named by its index in `modules`, an address is unsigned. */

import { isPrintable } from "./printing.mjs";

/**
 * @typedef {{params: string[], results: string[]}} PlannedType
 *
 * @typedef {{is: "from-module", module: number, export: string}} FromModule
 * @typedef {{is: "from-host", name: string, type: PlannedType | null}} FromHost
 * @typedef {{is: "shared", what: "memory" | "table" | "stack_pointer"}
 *   | {is: "constant", value: number}
 *   | {is: "got-entry", name: string, value: number}
 *   | FromModule
 *   | {is: "stub", table_index: number, type: PlannedType}
 *   | {is: "trap-when-called", name: string, type: PlannedType}
 *   | {is: "from-wasi", name: string}
 *   | FromHost
 *   | {is: "from-loader", name: string, type: PlannedType, module: number}} ImportValue
 *
 * @typedef {{is: "opener", module: number, export: string, type: PlannedType}} Opener
 * @typedef {{index: number, function: FromModule | FromHost | Opener}} TableEntry
 * @typedef {{module: number, export: string, arguments: number[]}} Call
 *
 * @typedef {object} ModulePlan
 * @property {string} name
 * @property {string} path
 * @property {string} sha256
 * @property {number[]} needed
 * @property {number} memory_base
 * @property {number} table_base
 * @property {ImportValue[]} imports
 *
 * @typedef {object} MemoryPlan
 * @property {number} pages
 * @property {number} max_pages
 * @property {number} stack_low
 * @property {number} stack_high
 * @property {number} heap_base
 *
 * @typedef {{size: number, max_size: number | null}} TablePlan
 *
 * @typedef {{module: number, instantiate: number[], table_entries: TableEntry[], initialise: Call[]}} LazyPlan
 *
 * @typedef {object} LinkPlan
 * @property {number} version
 * @property {32} pointer_bits
 * @property {ModulePlan[]} modules
 * @property {number[]} instantiate
 * @property {MemoryPlan | null} memory
 * @property {TablePlan | null} table
 * @property {TableEntry[]} table_entries
 * @property {Call[]} initialise
 * @property {string | null} start
 * @property {LazyPlan[]} [lazy] left out where there are none
 */

/** Of the document. A loader refuses what it does not know. */
export const VERSION = 1;

/**
 * The document: JSON with a line for each import, table entry and call. Equal plans have equal bytes.
 * @param {LinkPlan} plan
 */
export function planText(plan) {
  const lines = Object.entries(/** @type {Record<string, any>} */ (plan)).map(([key, value]) => {
    if (key === "modules") return `  "modules": [\n${value.map(moduleText).join(",\n")}\n  ]`;
    const listed = Array.isArray(value) && typeof value[0] === "object";
    return `  "${key}": ${listed ? `[\n    ${value.map(json).join(",\n    ")}\n  ]` : json(value)}`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** @param {ModulePlan} module */
function moduleText({ imports, ...rest }) {
  const listed = imports.length ? `[\n      ${imports.map(json).join(",\n      ")}]` : "[]";
  return `    {${json(rest).slice(1, -1)}, "imports": ${listed}}`;
}

/**
 * A value in one line. What would act on a terminal, or is no text, is said in ASCII.
 * @param {unknown} value
 */
export function json(value) {
  const text = spaced(value);
  if (isPrintable(text)) return text;
  return text.replace(/[^ -~]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`);
  return `{${members.join(", ")}}`;
}
