/** Why a module without dylink.0 cannot be linked dynamically, and what made it probably meant. */

import * as abi from "../abi.mjs";
import { diagnostic } from "../diagnostics.mjs";
import { ownMemory } from "./areas.mjs";

/** @import { Module } from "../module.mjs" */

/**
 * @param {Module} module
 * @param {string} shown
 */
export function notALibrary(module, shown) {
  if (module.custom(abi.OLD_DYLINK_SECTION)) {
    return diagnostic("old-dylink", `made for an older convention: \`${shown}\``, {
      facts: [
        ["found", "a `dylink` section"],
        ["needed", "a `dylink.0` section, which LLVM writes since 2022"],
      ],
      help: ["build it again with LLVM 16 or later, or with Emscripten 3.1 or later"],
    });
  }
  if (module.isWhole && module.sections.some((section) => section.name === abi.DYLINK_SECTION)) {
    return ownMemory(shown, module);
  }
  if (!module.isObject && isStripped(module)) {
    return diagnostic("stripped-dylink", `its \`dylink.0\` section is gone: \`${shown}\``, {
      facts: [["imports", `\`${abi.ENV}.${abi.MEMORY_BASE}\`, as only what is linked dynamically does`]],
      notes: ["a tool that rewrote the module (strip, wasm-opt, wasm-snip) did not keep the section"],
      help: ["let wasm-ld strip it, with --strip-debug or --strip-all: they keep `dylink.0`"],
    });
  }
  const [kind, help] = kindOf(module);
  return diagnostic("not-a-library", `not a shared library: \`${shown}\``, {
    facts: [["it is", kind]],
    notes: module.isObject ? [] : ["tools that rewrite a module (strip, wasm-opt) can lose its `dylink.0` section"],
    help: [help],
  });
}

/** @param {Module} module */
function kindOf(module) {
  if (module.isObject) {
    return ["an object file, not yet linked", "link it with `wasm-ld -shared`, or list it under `sources`"];
  }
  if (module.exportsByName.has(abi.START)) {
    return ["a program that was linked statically", "a program that needs libraries is linked with -pie"];
  }
  return ["a module without a `dylink.0` section", "link it with `wasm-ld -shared`"];
}

/** @param {Module} module */
function isStripped(module) {
  return module.imports.some((each) => each.module === abi.ENV && each.name === abi.MEMORY_BASE);
}
