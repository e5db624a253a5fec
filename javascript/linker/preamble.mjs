/** What a module starts with, and what a file that starts otherwise is. */

import { MalformedModule, hex } from "./reader.mjs";

const MAGIC = Uint8Array.of(0, 0x61, 0x73, 0x6d);

/** @type {[magic: string, description: string][]} */
const OTHER_FORMATS = [
  ["!<arch>\n", "an ar archive"],
  ["!<thin>\n", "a thin ar archive"],
  ["\x7fELF", "an ELF file, compiled for a machine instead of for WebAssembly"],
  ["BC\xc0\xde", "LLVM bitcode (compiled with -flto?)"],
  ["\xde\xc0\x17\x0b", "wrapped LLVM bitcode"],
  ["\xfe\xed\xfa\xce", "a Mach-O file"],
  ["\xfe\xed\xfa\xcf", "a Mach-O file"],
  ["\xce\xfa\xed\xfe", "a Mach-O file"],
  ["\xcf\xfa\xed\xfe", "a Mach-O file"],
  ["\xca\xfe\xba\xbe", "a Mach-O universal file"],
  ["MZ", "a Windows executable"],
  ["\x1f\x8b", "a gzip file"],
  ["PK\x03\x04", "a zip file"],
];

/**
 * Throws MalformedModule where bytes do not start as a module does.
 * @param {Uint8Array} data
 * @param {string} name
 */
export function checkPreamble(data, name) {
  if (MAGIC.some((byte, place) => data[place] !== byte)) {
    throw new MalformedModule(name, 0, `not WebAssembly: ${describeMagic(data)}`);
  }
  if (data.length < 8) {
    throw new MalformedModule(name, data.length, `the file ends after ${data.length} bytes, inside its header`);
  }
  const version = new DataView(data.buffer, data.byteOffset).getUint32(4, true);
  if (version >>> 16 === 1) throw new MalformedModule(name, 4, "a component, not a core module");
  if (version !== 1) throw new MalformedModule(name, 4, `unknown version ${hex(version)}`);
}

/**
 * What a file that does not start with the magic number of WebAssembly is, in words.
 * @param {Uint8Array} data
 */
function describeMagic(data) {
  if (data.length === 0) return "the file is empty";
  const head = data.subarray(0, 64);
  const start = String.fromCharCode(...head);
  const other = OTHER_FORMATS.find(([magic]) => start.startsWith(magic));
  if (other) return other[1];
  if (!/[\0-\x08\x0b\x0e-\x1f\x7f]/.test(start)) {
    const [, blank, line] = /** @type {RegExpMatchArray} */ (start.match(/^([ \t\r\f]*)(.*?)[ \t\r\f]*(?:\n|$)/s));
    const bytes = head.subarray(blank.length, blank.length + line.length);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return `a text file, it starts with \`${[...text].slice(0, 32).join("")}\``;
  }
  return `it starts with ${spaced(data.subarray(0, 4))}, not with ${spaced(MAGIC)}`;
}

/** @param {Uint8Array} bytes */
function spaced(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
