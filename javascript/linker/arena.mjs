/** Room in memory or in the table that was used and may be used again. An arena is the list of its holes. */

import { align } from "./layout.mjs";

/** @typedef {[start: number, size: number]} Hole */

/** Holes, ascending and apart from each other, below `end`; beyond it there is nothing yet. Never changed. */
export class Arena {
  /**
   * @param {number} end
   * @param {Hole[]} [holes]
   */
  constructor(end, holes = []) {
    this.end = end;
    this.holes = holes;
  }

  /**
   * Room for `size`: the first hole that has it, else at the end, which grows by whole granules.
   * @param {number} size
   * @param {number} alignment
   * @param {number} [granule]
   * @returns {[start: number, after: Arena]}
   */
  take(size, alignment, granule = 1) {
    const { holes } = this;
    const index = holes.findIndex(([start, room]) => align(start, alignment) + size <= start + room);
    if (index >= 0) {
      const [start, room] = holes[index];
      const first = align(start, alignment);
      /** @type {Hole[]} */
      const rest = [
        [start, first - start],
        [first + size, start + room - first - size],
      ];
      return [first, new Arena(this.end, holes.toSpliced(index, 1, ...rest.filter(([, left]) => left)))];
    }
    const reachesEnd = holes.length > 0 && sum(holes[holes.length - 1]) === this.end;
    const start = reachesEnd ? holes[holes.length - 1][0] : this.end;
    const first = align(start, alignment);
    if (size === 0) return [first, this];
    const end = this.end + align(Math.max(first + size - this.end, 0), granule);
    const others = reachesEnd ? holes.slice(0, -1) : holes;
    return new Arena(end, [...others, [start, end - start]]).take(size, alignment, granule);
  }

  /**
   * The same arena with one more hole, joined with its neighbours.
   * @param {number} start
   * @param {number} size
   * @returns {Arena}
   */
  giveBack(start, size) {
    if (size === 0) return this;
    /** @type {Hole[]} */
    const joined = [];
    /** @type {Hole[]} */
    const all = [...this.holes, [start, size]];
    for (const hole of all.sort(([a, aSize], [b, bSize]) => a - b || aSize - bSize)) {
      const last = joined.at(-1);
      if (last && sum(last) === hole[0]) joined[joined.length - 1] = [last[0], last[1] + hole[1]];
      else joined.push(hole);
    }
    return new Arena(this.end, joined);
  }

  /**
   * The same arena after somebody else has grown what it is in (libc's heap does): that part is not ours.
   * @param {number} end
   * @returns {Arena}
   */
  withEnd(end) {
    return end === this.end ? this : new Arena(end, this.holes);
  }
}

/** @param {Hole} hole */
function sum([start, size]) {
  return start + size;
}
