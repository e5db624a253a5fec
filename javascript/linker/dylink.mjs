/** The section dylink.0 (DynamicLinking.md of WebAssembly/tool-conventions). */

import * as abi from "./abi.mjs";
import { Dylink, NO_AREAS, pair } from "./module.mjs";
import { Cursor } from "./reader.mjs";

/** @import { MemInfo } from "./module.mjs" */

/** @type {Record<number, string>} */
const SUBSECTIONS = {
  [abi.DYLINK_MEM_INFO]: "MEM_INFO",
  [abi.DYLINK_NEEDED]: "NEEDED",
  [abi.DYLINK_EXPORT_INFO]: "EXPORT_INFO",
  [abi.DYLINK_IMPORT_INFO]: "IMPORT_INFO",
  [abi.DYLINK_RUNTIME_PATH]: "RUNTIME_PATH",
};

/** Each needed library is looked for in each of them. */
const MOST_RUNTIME_PATHS = 64;

const LONGEST_PATH_BYTES = 4096;

/**
 * Reads subsections to the end of the cursor. Unknown ones are skipped, as the convention asks; a known one that has
 * bytes left over is malformed. Several of one kind are one, as wasm-tools writes them: lists and flags are joined, of
 * the sizes the last ones count.
 * @param {Cursor} c
 */
export function readDylink(c) {
  let memInfo = NO_AREAS;
  /** @type {string[]} */
  const needed = [];
  /** @type {Map<string, number>} */
  const exportFlags = new Map();
  /** @type {Map<string, number>} */
  const importFlags = new Map();
  /** @type {string[]} */
  const runtimePaths = [];
  while (c.pos < c.end) {
    const kind = c.u8();
    const sizeBytes = c.u32();
    const known = SUBSECTIONS[kind];
    const part = c.part(sizeBytes, known ? `WASM_DYLINK_${known}` : `subsection ${kind} of \`${abi.DYLINK_SECTION}\``);
    switch (kind) {
      case abi.DYLINK_MEM_INFO:
        memInfo = readMemInfo(part);
        break;
      case abi.DYLINK_NEEDED:
        part.times(part.count("names"), () => needed.push(readPath(part)));
        break;
      case abi.DYLINK_EXPORT_INFO:
        part.times(part.count("exports", 2), () => addFlags(exportFlags, part.text(), part.u32()));
        break;
      case abi.DYLINK_IMPORT_INFO:
        // A symbol that is called and has its address taken may come twice under one key.
        part.times(part.count("imports", 3), () => addFlags(importFlags, pair(part.text(), part.text()), part.u32()));
        break;
      case abi.DYLINK_RUNTIME_PATH: {
        const most = MOST_RUNTIME_PATHS - runtimePaths.length;
        part.times(part.count("paths", 1, most), () => runtimePaths.push(readPath(part)));
        break;
      }
      default:
        continue;
    }
    part.finish();
  }
  return new Dylink(memInfo, needed, exportFlags, importFlags, runtimePaths);
}

/**
 * @param {Map<string, number>} all
 * @param {string} key
 * @param {number} flags
 */
function addFlags(all, key, flags) {
  all.set(key, (all.get(key) ?? 0) | flags);
}

/** @param {Cursor} c */
function readPath(c) {
  const offset = c.pos;
  const path = c.text();
  const length = [...path].length;
  if (length > LONGEST_PATH_BYTES) {
    c.fail(`a path of ${length} characters, where at most ${LONGEST_PATH_BYTES} are taken`, offset);
  }
  return path;
}

/**
 * @param {Cursor} c
 * @returns {MemInfo}
 */
function readMemInfo(c) {
  const memorySize = c.u32();
  const memoryP2align = readP2align(c, "memory_p2align");
  const tableSize = c.u32();
  return { memorySize, memoryP2align, tableSize, tableP2align: readP2align(c, "table_p2align") };
}

/**
 * @param {Cursor} c
 * @param {string} what
 */
function readP2align(c, what) {
  const offset = c.pos;
  const p2align = c.u32();
  if (p2align > 31) c.fail(`${what} is ${p2align}, beyond a 32-bit address space`, offset);
  return p2align;
}
