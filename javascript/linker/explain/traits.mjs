/** What two copies, or two builds, of a module can be told by: facts that loading does not need and a check does. */

import * as abi from "../abi.mjs";
import { ownFacts } from "../own.mjs";
import { Cursor, MalformedModule } from "../reader.mjs";
import { exceptionEncoding } from "./instructions.mjs";

/** @import { Module } from "../module.mjs" */
/** @import { Library } from "../scope.mjs" */

/**
 * `soname` is the module's name in its name section, which wasm-ld takes from the file that it writes; `exceptions` is
 * how it handles exceptions, null where it handles none; `withoutExceptions`: it is C++ of ours that was compiled with
 * -fno-exceptions.
 * @typedef {object} Traits
 * @property {string} sha256
 * @property {string | null} soname
 * @property {"legacy" | "standard" | null} exceptions
 * @property {boolean} withoutExceptions
 */

/**
 * `data` is what the library was decoded from. Custom sections are advice: what cannot be read is as if it were not
 * there.
 * @param {Uint8Array} data
 * @param {Library} library
 * @returns {Traits}
 */
export function readTraits(data, { module, sha256 }) {
  return {
    sha256,
    soname: advice(() => readSoname(data, module)) || null,
    exceptions: mayHandleExceptions(data, module) ? exceptionEncoding(data, module) : null,
    withoutExceptions: ownFacts(data, module).exceptions === false,
  };
}

/**
 * @template T
 * @param {() => T} read
 * @returns {T | null}
 */
function advice(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedModule) return null;
    throw error;
  }
}

/**
 * Whether it is worth reading the code, which takes long.
 * @param {Uint8Array} data
 * @param {Module} module
 */
function mayHandleExceptions(data, module) {
  // The run-time half of setjmp: it throws, and others catch.
  if (module.exportsByName.has(abi.WASM_LONGJMP)) return false;
  if (advice(() => readFeatures(data, module))?.has("exception-handling") || module.space("tag").length) return true;
  // Emscripten strips the features, and what only cleans up has no tag.
  return module.imports.some((each) => /^(__cxa_|_Unwind_|_ZSt9terminate)/.test(each.name));
}

/**
 * @param {Uint8Array} data
 * @param {Module} module
 * @param {string} name
 */
function sectionCursor(data, module, name) {
  const section = module.custom(name);
  return section && new Cursor(data, section.offset, section.offset + section.sizeBytes, "", `section \`${name}\``);
}

/**
 * The features in the section `target_features` that the module uses.
 * @param {Uint8Array} data
 * @param {Module} module
 */
function readFeatures(data, module) {
  const c = sectionCursor(data, module, abi.TARGET_FEATURES_SECTION);
  const features = new Set();
  if (!c) return features;
  c.times(c.count("features", 2), () => {
    const prefix = String.fromCharCode(c.u8());
    if (!"+-=".includes(prefix)) c.fail("unknown prefix of a feature");
    const feature = c.text();
    if (prefix !== "-") features.add(feature);
  });
  c.finish();
  return features;
}

/**
 * @param {Uint8Array} data
 * @param {Module} module
 */
function readSoname(data, module) {
  const c = sectionCursor(data, module, abi.NAME_SECTION);
  // Subsection 0, which comes first: the name of the module.
  return c && c.pos < c.end && c.u8() === 0 ? c.part(c.u32(), "the module's name").text() : null;
}
