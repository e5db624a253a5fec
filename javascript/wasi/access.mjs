// What WASI's functions read and write in a guest's memory, which is another buffer when it has grown.

const encoder = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {() => WebAssembly.Memory} memory */
export function access(memory) {
  let seen = /** @type {DataView | null} */ (null);
  const view = () => {
    const { buffer } = memory();
    return seen?.buffer === buffer ? seen : (seen = new DataView(buffer));
  };
  /** @param {number} at @param {number} size */
  const bytes = (at, size) => new Uint8Array(memory().buffer, at >>> 0, size >>> 0);
  /** @param {number} at @param {number} value */
  const set32 = (at, value) => view().setUint32(at >>> 0, value, true);
  /** @param {number} at @param {bigint} value */
  const set64 = (at, value) => view().setBigUint64(at >>> 0, value, true);
  /** @param {number} at @param {number} size */
  const path = (at, size) => text.decode(bytes(at, size).slice());

  /** @param {number} list @param {number} count */
  function vectors(list, count) {
    const from = view();
    return Array.from({ length: count }, (_, index) => {
      const at = (list >>> 0) + 8 * index;
      return bytes(from.getUint32(at, true), from.getUint32(at + 4, true));
    });
  }
  /** @param {number} list @param {number} count @param {(size: number, done: number) => Uint8Array} read */
  function readInto(list, count, read) {
    let done = 0;
    for (const part of vectors(list, count)) {
      if (part.length === 0) continue;
      const data = read(part.length, done);
      part.set(data);
      done += data.length;
      if (data.length < part.length) break;
    }
    return done;
  }
  /** @param {number} list @param {number} count */
  function joined(list, count) {
    const parts = vectors(list, count);
    if (parts.length === 1) return parts[0];
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
  /** @param {string[]} texts @param {number} list @param {number} at */
  function putTexts(texts, list, at) {
    for (const [index, each] of texts.entries()) {
      const data = encoder.encode(`${each}\0`);
      set32(list + 4 * index, at);
      bytes(at, data.length).set(data);
      at += data.length;
    }
  }
  /** @param {string[]} texts @param {number} count @param {number} size */
  function putSizes(texts, count, size) {
    set32(count, texts.length);
    set32(size, texts.reduce((sum, each) => sum + encoder.encode(each).length + 1, 0));
  }

  return { view, bytes, set32, set64, path, vectors, readInto, joined, putTexts, putSizes };
}
