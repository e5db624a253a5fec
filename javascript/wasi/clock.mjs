// Time, and waiting for it or for descriptors, which are always ready.

import { OpenFile } from "./descriptors.mjs";
import { E, fail } from "./errno.mjs";
import { now } from "./tree.mjs";

/** Of Node, where `performance` is a millisecond to load. @type {(() => bigint) | undefined} */
const monotonic = globalThis.process?.hrtime?.bigint;

/** @typedef {{user: bigint, type: number, errno: number, size: bigint}} Event */

/**
 * What is ready first, of subscriptions in the guest's memory.
 * @param {DataView} from
 * @param {number} list their address
 * @param {number} count
 * @param {import("./descriptors.mjs").Descriptors} descriptors
 */
export function poll(from, list, count, descriptors) {
  /** @type {(Event & {left: bigint})[]} */
  const clocks = [];
  /** @type {Event[]} */
  const ready = [];
  for (let at = list; at < list + 48 * count; at += 48) {
    const user = from.getBigUint64(at, true);
    const type = from.getUint8(at + 8);
    const which = from.getUint32(at + 16, true);
    if (type === 0) {
      const absolute = from.getUint16(at + 40, true) & 1;
      const timeout = from.getBigUint64(at + 24, true);
      clocks.push({ user, type, errno: 0, size: 0n, left: absolute ? timeout - timeOf(which) : timeout });
      continue;
    }
    try {
      const open = descriptors.get(which);
      const left = open instanceof OpenFile && type === 1 ? Math.max(0, open.file.size - open.offset) : 1;
      ready.push({ user, type, errno: 0, size: BigInt(left) });
    } catch {
      ready.push({ user, type, errno: E.BADF, size: 0n });
    }
  }
  const first = ready.length ? 0n : clocks.reduce((least, { left }) => (left < least ? left : least), clocks[0].left);
  sleep(first);
  return [...ready, ...clocks.filter(({ left }) => left <= first)];
}

/** In nanoseconds. @param {number} id */
export function timeOf(id) {
  if (id === 0) return now();
  if (id === 1) return monotonic?.() ?? BigInt(Math.round(performance.now() * 1e6));
  return fail("BADF");
}

/** @param {bigint} nanoseconds */
function sleep(nanoseconds) {
  const ends = performance.now() + Number(nanoseconds) / 1e6;
  for (let left = ends - performance.now(); left > 0; left = ends - performance.now()) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, left);
    } catch {
      // The main thread of a page may not wait.
    }
  }
}
