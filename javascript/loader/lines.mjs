// Which modules of a process know lines of their source, for backtraces. Loaded where one does.

import { basename } from "../linker/paths.mjs";
import { findLines } from "./dwarf.mjs";

/** @param {WebAssembly.Module} compiled */
const hasLines = (compiled) => WebAssembly.Module.customSections(compiled, ".debug_line").length > 0;

export class Lines {
  /** @type {Map<string, Uint8Array>} the bytes of modules that have some, by name */
  #images = new Map();

  /**
   * Note a module, if it has some. Of what was compiled while it came, engines know the file's name.
   * @param {WebAssembly.Module} compiled
   * @param {{name: string, path: string}} names
   * @param {() => Uint8Array} imageOf
   */
  note(compiled, { name, path }, imageOf) {
    if (!hasLines(compiled)) return;
    const image = imageOf();
    for (const each of [name, basename(path)]) this.#images.set(each, image);
  }

  /** `FILE:LINE` of each, where it is known. @param {import("./traps.mjs").Frame[]} frames @returns {(string | undefined)[]} */
  of(frames) {
    const modules = [...new Set(frames.map(({ module }) => module))];
    const found = new Map(modules.map((name) => [name, this.#find(name, frames)]));
    return frames.map(({ module, offset }) => found.get(module)?.get(offset));
  }

  /** @param {string} name @param {import("./traps.mjs").Frame[]} frames */
  #find(name, frames) {
    const image = this.#images.get(name);
    const offsets = frames.filter(({ module }) => module === name).map(({ offset }) => offset);
    return image && findLines(image, offsets);
  }
}
