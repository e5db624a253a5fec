// From a place in the code to the line of the source: `.debug_line` of DWARF 4 and 5, as wasmbuild/wasm/dwarf.py reads it.
// Loaded where a module has it. In wasm an address is an offset from the start of the code section's contents.

import { join, normalised } from "../linker/paths.mjs";

const LINE = ".debug_line", LINE_STRINGS = ".debug_line_str", STRINGS = ".debug_str";
const LONGEST_TEXT_BYTES = 4096;
const PATH = 1, DIRECTORY_INDEX = 2;
/** @type {Record<number, number>} DW_FORM_data1, 2, 4, 8 and 16, in bytes */
const FIXED = { 0x0b: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1e: 16 };

/** Why the rest of a table is not read. */
class Malformed extends Error {}

/** @typedef {Record<string, Uint8Array>} Sections */
/** @typedef {{section: string, offset: number} | null} Text where a string is, which is read when it is asked for */

class Cursor {
  /** @param {Uint8Array} data @param {number} pos @param {number} end */
  constructor(data, pos, end) {
    if (end > data.length || pos > end) throw new Malformed();
    this.data = data;
    this.pos = pos;
    this.end = end;
  }
  /** @param {number} size */
  skip(size) {
    if (size > this.end - this.pos) throw new Malformed();
    this.pos += size;
  }
  /** Of the next bytes. @param {number} size */
  part(size) {
    const start = this.pos;
    this.skip(size);
    return new Cursor(this.data, start, this.pos);
  }
  /** @param {number} size */
  fixed(size) {
    const start = this.pos;
    this.skip(size);
    let value = 0;
    for (let at = this.pos - 1; at >= start; at -= 1) value = value * 256 + this.data[at];
    return value;
  }
  /** A number in LEB128. */
  unsigned(isSigned = false) {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.fixed(1);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return isSigned && byte & 0x40 ? value - scale * 128 : value;
    }
    throw new Malformed();
  }
  signed() {
    return this.unsigned(true);
  }
  /** A string that stands here. @returns {Text} */
  text() {
    const offset = this.pos;
    const end = this.data.indexOf(0, offset);
    if (end < 0 || end >= this.end) throw new Malformed();
    this.pos = end + 1;
    return { section: LINE, offset };
  }
}

/**
 * Lines of the source for offsets into a module's file: `FILE:LINE`, by offset. Never raises: what no table knows, or of which
 * only a malformed one does, is not in the result.
 * @param {Uint8Array} image
 * @param {number[]} offsets
 * @returns {Map<number, string>}
 */
export function findLines(image, offsets) {
  /** @type {Map<number, string>} */
  const lines = new Map();
  const { sections, code } = attempt(() => sectionsOf(image)) ?? { sections: {}, code: 0 };
  const data = sections[LINE] ?? new Uint8Array();
  const wanted = [...new Set(offsets)].map((offset) => offset - code).sort((a, b) => a - b);
  const rest = new Cursor(data, 0, data.length);
  while (rest.pos < rest.end && lines.size < wanted.length) {
    const next = attempt(() => unitOf(rest));
    if (!next) break; // without its length there is no way to the next
    attempt(() => {
      const table = header(next.unit, next.wide);
      for (const [address, { file, line }] of run(next.unit, table, wanted)) {
        const name = lines.has(address + code) ? null : fileName(table, file, sections);
        if (name !== null) lines.set(address + code, `${name}:${line}`);
      }
    });
  }
  return lines;
}

/** Undefined for what is malformed. @template T @param {() => T} act @returns {T | undefined} */
function attempt(act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** A module's custom sections, by their names, and where the contents of its code are. @param {Uint8Array} image */
function sectionsOf(image) {
  /** @type {Sections} */
  const sections = {};
  let code = 0;
  for (const rest = new Cursor(image, 8, image.length); rest.pos < rest.end; ) {
    const id = rest.fixed(1);
    const section = rest.part(rest.unsigned());
    if (id === 10) code = section.pos;
    if (id !== 0) continue;
    const name = section.part(section.unsigned());
    sections[textOf(image, name.pos, name.end)] ??= image.subarray(section.pos, section.end);
  }
  return { sections, code };
}

/** The next unit, and whether it is written in 64-bit DWARF. @param {Cursor} rest */
function unitOf(rest) {
  const length = rest.fixed(4);
  const wide = length === 0xffffffff;
  return { unit: rest.part(wide ? rest.fixed(8) : length), wide };
}

/**
 * @typedef {object} Table the header of a line table
 * @property {number} version
 * @property {number} step the shortest instruction, in bytes
 * @property {number} lineBase
 * @property {number} lineRange
 * @property {number[]} counts of arguments, of each opcode from 1 on
 * @property {Text[]} directories
 * @property {{path: Text, directory: number}[]} files
 */

/** @param {Cursor} unit @param {boolean} wide @returns {Table} */
function header(unit, wide) {
  const version = unit.fixed(2);
  if (version < 2 || version > 5) throw new Malformed();
  if (version >= 5) unit.skip(2); // sizes of an address and of a segment selector
  const size = unit.fixed(wide ? 8 : 4);
  const program = unit.pos + size;
  if (program > unit.end) throw new Malformed();
  const step = unit.fixed(1);
  unit.skip(version >= 4 ? 2 : 1); // operations in an instruction; whether a row is a statement to begin with
  const lineBase = (unit.fixed(1) << 24) >> 24;
  const lineRange = unit.fixed(1), opcodeBase = unit.fixed(1);
  if (lineRange === 0 || opcodeBase === 0) throw new Malformed();
  const counts = Array.from({ length: opcodeBase - 1 }, () => unit.fixed(1));
  /** @type {Table} */
  const table = { version, step, lineBase, lineRange, counts, directories: [], files: [] };
  if (version >= 5) {
    table.directories = entries(unit, wide).map(({ path }) => path);
    table.files = entries(unit, wide);
  } else {
    table.directories.push(null); // the one that the compiler ran in
    while (unit.data[unit.pos]) table.directories.push(unit.text());
    unit.skip(1);
    while (unit.data[unit.pos]) {
      table.files.push({ path: unit.text(), directory: unit.unsigned() });
      unit.unsigned(); // its time
      unit.unsigned(); // and size
    }
  }
  unit.pos = program;
  return table;
}

/** Directories or files of DWARF 5: first what there is of each, and in which form. @param {Cursor} unit @param {boolean} wide */
function entries(unit, wide) {
  const formats = Array.from({ length: unit.fixed(1) }, () => [unit.unsigned(), unit.unsigned()]);
  const count = unit.unsigned();
  // An entry without contents takes no bytes, so their number would be without a limit.
  if (count > unit.end - unit.pos || (count && !formats.length)) throw new Malformed();
  return Array.from({ length: count }, () => {
    /** @type {{path: Text, directory: number}} */
    const entry = { path: null, directory: 0 };
    for (const [what, form] of formats) {
      const value = valueOf(unit, form, wide);
      if (what === PATH && typeof value !== "number") entry.path = value;
      if (what === DIRECTORY_INDEX && typeof value === "number") entry.directory = value;
    }
    return entry;
  });
}

/** @param {Cursor} unit @param {number} form @param {boolean} wide @returns {number | Text} */
function valueOf(unit, form, wide) {
  if (form === 0x08) return unit.text(); // DW_FORM_string
  if (form === 0x0e) return { section: STRINGS, offset: unit.fixed(wide ? 8 : 4) }; // DW_FORM_strp
  if (form === 0x1f) return { section: LINE_STRINGS, offset: unit.fixed(wide ? 8 : 4) }; // DW_FORM_line_strp
  if (form === 0x0f) return unit.unsigned(); // DW_FORM_udata
  if (form === 0x09) unit.skip(unit.unsigned()); // DW_FORM_block
  else if (form in FIXED) return unit.fixed(FIXED[form]);
  else throw new Malformed();
  return 0;
}

/** Up to DWARF 4 files count from 1. @param {Table} table @param {number} number @param {Sections} sections */
function fileName({ version, directories, files }, number, sections) {
  const found = files[version >= 5 ? number : number - 1];
  if (!found) return null;
  const { path, directory } = found;
  const parts = directory < directories.length ? [directories[0], directories[directory], path] : [path];
  const texts = parts.map((each) => string(sections, each));
  return texts.includes(null) ? null : normalised(/** @type {string[]} */ (texts).reduce(join));
}

/** None for what is no string, or longer than a path can be. @param {Sections} sections @param {Text} text */
function string(sections, text) {
  if (text === null) return "";
  const data = sections[text.section]?.subarray(text.offset, text.offset + LONGEST_TEXT_BYTES);
  const end = data?.indexOf(0) ?? -1;
  return end < 0 ? null : textOf(data, 0, end);
}

/** @param {Uint8Array} data @param {number} start @param {number} end */
const textOf = (data, start, end) => new TextDecoder().decode(data.slice(start, end));

/** @typedef {{file: number, line: number}} Line */

/**
 * Run a line program: for each of the addresses that is in one of its sequences. Of the rows, one is kept: a table may have
 * as many as it has bytes.
 * @param {Cursor} unit
 * @param {Table} table
 * @param {number[]} wanted
 */
function run(unit, { step, lineBase, lineRange, counts }, wanted) {
  /** @type {Map<number, Line>} */
  const found = new Map();
  const opcodeBase = counts.length + 1;
  let sequence = new Sequence(wanted);
  let address = 0, file = 1, line = 1;
  while (unit.pos < unit.end) {
    const opcode = unit.fixed(1);
    if (opcode >= opcodeBase) {
      const steps = opcode - opcodeBase;
      address += Math.floor(steps / lineRange) * step;
      line += lineBase + (steps % lineRange);
      sequence.row(address, file, line);
    } else if (opcode === 0) {
      const extended = unit.part(unit.unsigned());
      const what = extended.pos < extended.end ? extended.fixed(1) : 0;
      if (what === 1) {
        for (const [at, place] of sequence.ended(address)) if (!found.has(at)) found.set(at, place);
        sequence = new Sequence(wanted);
        address = 0;
        file = line = 1;
      } else if (what === 2) {
        address = extended.fixed(Math.min(extended.end - extended.pos, 8));
      }
    } else if (opcode === 1) sequence.row(address, file, line);
    else if (opcode === 2) address += unit.unsigned() * step;
    else if (opcode === 3) line += unit.signed();
    else if (opcode === 4) file = unit.unsigned();
    else if (opcode === 8) address += Math.floor((255 - opcodeBase) / lineRange) * step;
    else if (opcode === 9) address += unit.fixed(2);
    else for (let left = counts[opcode - 1]; left > 0; left -= 1) unit.unsigned();
  }
  return found;
}

/** The rows of a piece of code, whose addresses only grow: each stands for the bytes up to the next. */
class Sequence {
  /** @type {number | null} */
  #start = null;
  /** @type {Line | null} */
  #line = null;
  #reached = 0;
  /** @type {Map<number, Line>} */
  #found = new Map();
  /** @param {number[]} wanted in order */
  constructor(wanted) {
    this.wanted = wanted;
  }
  /** @param {number} address @param {number} file @param {number} line */
  row(address, file, line) {
    if (this.#start === null) this.#start = this.#reached = address;
    this.#upTo(address);
    // Line 0 is code that the compiler made up: then the line before is the nearest.
    if (line > 0) this.#line = { file, line };
  }
  /** @param {number} address */
  #upTo(address) {
    if (this.#line && address > this.#reached) {
      for (const each of this.wanted) if (this.#reached <= each && each < address) this.#found.set(each, this.#line);
    }
    this.#reached = Math.max(this.#reached, address);
  }
  /** Code that the linker left out has a sequence too, which starts where no code can: at 0, where the number of functions is,
   * or at the end of the address space. @param {number} end */
  ended(end) {
    if (this.#start === null || this.#start <= 0 || this.#start >= end) return new Map();
    this.#upTo(end);
    return this.#found;
  }
}
