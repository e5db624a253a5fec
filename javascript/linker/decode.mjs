/** Bytes to a Module (WebAssembly core specification 3.0, chapter 5, with threads and custom page sizes).
 *
 * Every input that is not a module ends in MalformedModule with the byte offset. Function bodies are measured, not
 * read: whether the code in them is valid is the engine's question. */

import * as abi from "./abi.mjs";
import { checkedIndex, integer, readConstExpr, readIndex } from "./constexpr.mjs";
import { readDylink } from "./dylink.mjs";
import { Module, typeText } from "./module.mjs";
import { checkPreamble } from "./preamble.mjs";
import { Cursor, MalformedModule, hex } from "./reader.mjs";
import { TypeReader } from "./valtypes.mjs";

/** @import { Operand } from "./constexpr.mjs" */
/** @import { Data, Dylink, Element, Export, ExternKind, ExternType, FuncType, Global, Import, MemoryType, ModuleParts, Section, TableType, TagType } from "./module.mjs" */

/** Each takes three bytes, and a hundred as a value. */
const MOST_SECTIONS = 10_000;

/** @type {ExternKind[]} */
const KINDS = ["func", "table", "memory", "global", "tag"];

/**
 * Decode a whole module; `name` is what messages call it. Throws MalformedModule, and nothing else.
 * @param {Uint8Array} data
 * @param {string} [name]
 */
export function decode(data, name = "<bytes>") {
  const m = new Partial();
  /** @type {Section[]} */
  const sections = [];
  let rank = -1;
  for (const [section, c] of readSections(data, name)) {
    sections.push(section);
    if (sections.length > MOST_SECTIONS) c.fail(`more than ${MOST_SECTIONS} sections`);
    if (section.id === 0) {
      if (section.name === abi.DYLINK_SECTION) {
        if (m.dylink) c.fail(`section \`${abi.DYLINK_SECTION}\` comes twice`);
        m.dylink = readDylink(c);
      }
      continue;
    }
    const { rank: sectionRank, read } = SECTIONS[section.id];
    if (sectionRank <= rank) {
      const last = sections.findLast((each) => each.id !== 0 && each !== section)?.name;
      const problem = sectionRank === rank ? "comes twice" : `comes after section \`${last}\``;
      c.fail(`${c.what} ${problem}`, section.offset);
    }
    rank = sectionRank;
    read(c, m);
    c.finish();
  }
  m.checkCounts(name, data.length);
  return new Module(m.parts(sections));
}

/** What has been read so far, while sections are read in order. Spaces hold imports first. */
class Partial {
  types = new TypeReader();
  /** @type {Import[]} */
  imports = [];
  /** @type {FuncType[]} */
  functions = [];
  /** @type {TableType[]} */
  tables = [];
  /** @type {MemoryType[]} */
  memories = [];
  /** @type {TagType[]} */
  tags = [];
  /** @type {Global[]} */
  globals = [];
  /** @type {Export[]} */
  exports = [];
  /** @type {Element[]} */
  elements = [];
  /** @type {Data[]} */
  data = [];
  /** @type {Dylink | null} */
  dylink = null;
  /** @type {number | null} */
  dataCount = null;
  bodyCount = 0;

  /** @param {ExternKind} kind */
  imported(kind) {
    return this.imports.filter((each) => each.type.kind === kind).length;
  }

  /** @param {ExternKind} kind */
  sizeOf(kind) {
    switch (kind) {
      case "func":
        return this.functions.length;
      case "table":
        return this.tables.length;
      case "memory":
        return this.memories.length;
      case "global":
        return this.imported("global") + this.globals.length;
      case "tag":
        return this.tags.length;
    }
  }

  spaces() {
    return { functions: this.functions.length, globals: this.sizeOf("global") };
  }

  /**
   * A whole section may be missing, so these can only be compared at the end.
   * @param {string} name
   * @param {number} end
   */
  checkCounts(name, end) {
    const declared = this.functions.length - this.imported("func");
    if (declared !== this.bodyCount) {
      throw new MalformedModule(name, end, `${declared} functions are declared but ${this.bodyCount} have code`);
    }
    if (this.dataCount !== null && this.dataCount !== this.data.length) {
      const problem = `${this.dataCount} data segments are declared but ${this.data.length} are present`;
      throw new MalformedModule(name, end, problem);
    }
  }

  /**
   * @param {Section[]} sections
   * @returns {ModuleParts}
   */
  parts(sections) {
    const { imports, globals, exports, elements, data, dylink } = this;
    return {
      sections,
      imports,
      functions: this.functions.slice(this.imported("func")),
      tables: this.tables.slice(this.imported("table")),
      memories: this.memories.slice(this.imported("memory")),
      tags: this.tags.slice(this.imported("tag")),
      globals,
      exports,
      elements,
      data,
      dylink,
    };
  }
}

/**
 * @param {Uint8Array} data
 * @param {string} name
 * @returns {Generator<[Section, Cursor]>}
 */
function* readSections(data, name) {
  checkPreamble(data, name);
  const file = new Cursor(data, 8, data.length, name, "the file");
  while (file.pos < file.end) {
    const start = file.pos;
    const id = file.u8();
    if (id !== 0 && !SECTIONS[id]) file.fail(`unknown section id ${id}`, start);
    const sizeBytes = file.u32();
    const what = id ? `section \`${SECTIONS[id].name}\`` : "a custom section";
    const left = file.end - file.pos;
    if (sizeBytes > left) {
      file.fail(`${what} claims ${sizeBytes} bytes but the file ends after ${left} of them`, start);
    }
    const c = file.part(sizeBytes, what);
    const sectionName = id ? SECTIONS[id].name : c.text();
    if (!id) c.what = `section \`${sectionName}\``;
    yield [{ id, name: sectionName, offset: c.pos, sizeBytes: c.end - c.pos }, c];
  }
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 */
function readImports(c, m) {
  c.times(c.count("imports", 4), () => {
    const module = c.text();
    const name = c.text();
    m.imports.push({ module, name, type: readImportType(c, m) });
  });
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 * @returns {ExternType}
 */
function readImportType(c, m) {
  const offset = c.pos;
  const kind = c.u8();
  switch (kind) {
    case 0:
      return appended(m.functions, m.types.funcType(c));
    case 1:
      return appended(m.tables, m.types.tableType(c));
    case 2:
      return appended(m.memories, m.types.memoryType(c));
    case 3:
      return m.types.globalType(c);
    case 4:
      return appended(m.tags, m.types.tagType(c));
  }
  return c.fail(`unknown kind ${hex(kind, 2)} of an import`, offset);
}

/**
 * @template T
 * @param {T[]} list
 * @param {T} item
 */
function appended(list, item) {
  list.push(item);
  return item;
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 */
function readTables(c, m) {
  c.times(c.count("tables", 3), () => {
    const initialised = c.data[c.pos] === 0x40 && c.data[c.pos + 1] === 0;
    if (initialised) c.skip(2);
    const table = m.types.tableType(c);
    if (initialised) readConstExpr(c, m.types, m.spaces());
    m.tables.push(table);
  });
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 */
function readGlobals(c, m) {
  const { functions, globals } = m.spaces();
  c.times(c.count("globals", 4), () => {
    const type = m.types.globalType(c);
    const spaces = { functions, globals: globals + m.globals.length };
    m.globals.push({ type, init: integer(readConstExpr(c, m.types, spaces)) });
  });
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 */
function readExports(c, m) {
  const sizes = KINDS.map((kind) => m.sizeOf(kind));
  const names = new Set();
  c.times(c.count("exports", 3), () => {
    const start = c.pos;
    const name = c.text();
    if (names.has(name)) c.fail(`two exports are named \`${name}\``, start);
    names.add(name);
    const offset = c.pos;
    const kind = c.u8();
    if (kind >= KINDS.length) c.fail(`unknown kind ${hex(kind, 2)} of export \`${name}\``, offset);
    const index = c.u32();
    if (index >= sizes[kind]) c.fail(`export \`${name}\` names ${KINDS[kind]} ${index} of ${sizes[kind]}`, offset + 1);
    m.exports.push({ name, kind: KINDS[kind], index });
  });
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 */
function readStart(c, m) {
  const offset = c.pos;
  const index = c.u32();
  if (index >= m.functions.length) c.fail(`the start function is ${index} of ${m.functions.length}`, offset);
  const type = m.functions[index];
  if (type.params.length || type.results.length) {
    c.fail(`the start function has the type ${typeText(type)}`, offset);
  }
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 */
function readElements(c, m) {
  const spaces = m.spaces();
  c.times(c.count("element segments", 3), () => {
    const start = c.pos;
    const flags = c.u32();
    if (flags > 7) c.fail(`unknown flags ${hex(flags)} of an element segment`, start);
    const active = !(flags & 1);
    const table = active ? explicitIndex(c, "table", m.tables.length, (flags & 2) !== 0) : 0;
    const offset = active ? integer(readConstExpr(c, m.types, spaces)) : null;
    if (flags & 3) {
      const kindAt = c.pos;
      if (flags & 4) m.types.refType(c);
      else if (c.u8() !== 0) c.fail("unknown kind of elements", kindAt);
    }
    const functions =
      flags & 4
        ? c.times(c.count("elements", 2), () => functionOf(readConstExpr(c, m.types, spaces)))
        : c.times(c.count("elements"), () => readIndex(c, "function", spaces.functions));
    m.elements.push({ table, offset, functions, mode: active ? "active" : flags & 2 ? "declared" : "passive" });
  });
}

/** @param {Operand} operand */
function functionOf(operand) {
  return operand && "function" in operand ? operand.function : null;
}

/**
 * An index below `size`; not `explicit` is index 0, written nowhere.
 * @param {Cursor} c
 * @param {string} what
 * @param {number} size
 * @param {boolean} explicit
 */
function explicitIndex(c, what, size, explicit) {
  return explicit ? readIndex(c, what, size) : checkedIndex(c, what, 0, size, c.pos);
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 */
function readCode(c, m) {
  m.bodyCount = c.count("function bodies", 2);
  for (let number = 0; number < m.bodyCount; number++) c.skip(c.u32());
}

/**
 * @param {Cursor} c
 * @param {Partial} m
 */
function readData(c, m) {
  const spaces = m.spaces();
  c.times(c.count("data segments", 2), () => {
    const start = c.pos;
    const flags = c.u32();
    if (flags > 2) c.fail(`unknown flags ${hex(flags)} of a data segment`, start);
    const active = flags !== 1;
    const memory = active ? explicitIndex(c, "memory", m.memories.length, flags === 2) : 0;
    const offset = active ? integer(readConstExpr(c, m.types, spaces)) : null;
    const sizeBytes = c.u32();
    m.data.push({ memory, offset, sizeBytes });
    c.skip(sizeBytes);
  });
}

/**
 * Section id → its name, its place in the order (tags and the data count stand out of turn), its reader.
 * @type {Record<number, {name: string, rank: number, read: (c: Cursor, m: Partial) => void}>}
 */
const SECTIONS = {
  1: { name: "type", rank: 1, read: (c, m) => m.types.typeSection(c) },
  2: { name: "import", rank: 2, read: readImports },
  3: {
    name: "function",
    rank: 3,
    read: (c, m) => void c.times(c.count("functions"), () => m.functions.push(m.types.funcType(c))),
  },
  4: { name: "table", rank: 4, read: readTables },
  5: {
    name: "memory",
    rank: 5,
    read: (c, m) => void c.times(c.count("memories", 2), () => m.memories.push(m.types.memoryType(c))),
  },
  13: {
    name: "tag",
    rank: 6,
    read: (c, m) => void c.times(c.count("tags", 2), () => m.tags.push(m.types.tagType(c))),
  },
  6: { name: "global", rank: 7, read: readGlobals },
  7: { name: "export", rank: 8, read: readExports },
  8: { name: "start", rank: 9, read: readStart },
  9: { name: "element", rank: 10, read: readElements },
  12: { name: "data count", rank: 11, read: (c, m) => void (m.dataCount = c.u32()) },
  10: { name: "code", rank: 12, read: readCode },
  11: { name: "data", rank: 13, read: readData },
};
