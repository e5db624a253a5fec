/** The name that was probably meant. */

/**
 * The name in `known` that is nearest to `wrong`, or undefined where none is near: a third of its letters may differ,
 * and one always may. A `lib` that was left out does not count.
 * @param {string} wrong
 * @param {string[]} known
 * @returns {string | undefined}
 */
export function didYouMean(wrong, known) {
  const word = [...wrong];
  const most = Math.max(1, Math.floor(word.length / 3));
  let best = { distance: most + 1, name: /** @type {string | undefined} */ (undefined) };
  for (const name of closeMatches(word, comparable(word, known, most))) {
    const others = [name, name.startsWith("lib") ? name.slice(3) : name];
    const nearest = Math.min(...others.map((other) => distance(word, [...other])));
    if (nearest < best.distance) best = { distance: nearest, name };
  }
  return best.name;
}

/** Pairs of letters: names are compared in the square of their length, and a module may have any number of them. */
const MOST_COMPARED = 500_000;

/**
 * The names whose length lets them be within that distance; of very many, those with the same beginning or end.
 * @param {string[]} word
 * @param {string[]} known
 * @param {number} most
 */
function comparable(word, known, most) {
  const difference = most + "lib".length;
  const names = known.filter((name) => Math.abs([...name].length - word.length) <= difference);
  const enough = Math.floor(MOST_COMPARED / Math.max(word.length, 1) ** 2);
  if (names.length <= enough) return names;
  const half = Math.floor((word.length + 1) / 2);
  const begin = word.slice(0, half).join("");
  const end = word.slice(-half).join("");
  return names.filter((name) => name.startsWith(begin) || name.endsWith(end)).slice(0, enough);
}

const CUTOFF = 0.6;
const MATCHES = 5;

/**
 * The names that have most in common with a word, best first.
 * @param {string[]} word
 * @param {string[]} names
 */
function closeMatches(word, names) {
  const places = placesOf(word);
  const scored = names.flatMap((name) => {
    const letters = [...name];
    const score = (matches = 0) => (letters.length + word.length ? (2 * matches) / (letters.length + word.length) : 1);
    if (score(inCommon(letters, word)) < CUTOFF) return []; // no more than these can match
    const ratio = score(matching(letters, word, places));
    return ratio >= CUTOFF ? [{ ratio, name, letters }] : [];
  });
  scored.sort((one, other) => other.ratio - one.ratio || compared(other.letters, one.letters));
  return scored.slice(0, MATCHES).map(({ name }) => name);
}

/**
 * Names in the order of their code points.
 * @param {string[]} one
 * @param {string[]} other
 */
function compared(one, other) {
  const place = one.findIndex((letter, index) => letter !== other[index]);
  if (place < 0) return one.length - other.length;
  return (one[place].codePointAt(0) ?? 0) - (other[place]?.codePointAt(0) ?? -1);
}

/**
 * Letter → where a word has it; without the letters that a long word has all over.
 * @param {string[]} word
 * @returns {Map<string, number[]>}
 */
function placesOf(word) {
  /** @type {Map<string, number[]>} */
  const places = new Map();
  word.forEach((letter, place) => {
    const known = places.get(letter);
    if (known) known.push(place);
    else places.set(letter, [place]);
  });
  if (word.length < 200) return places;
  const many = Math.floor(word.length / 100) + 1;
  return new Map([...places].filter(([, found]) => found.length <= many));
}

/**
 * How many letters two words have in common, in any order.
 * @param {string[]} one
 * @param {string[]} other
 */
function inCommon(one, other) {
  /** @type {Map<string, number>} */
  const left = new Map();
  for (const letter of other) left.set(letter, (left.get(letter) ?? 0) + 1);
  return one.filter((letter) => {
    const count = left.get(letter) ?? 0;
    left.set(letter, count - 1);
    return count > 0;
  }).length;
}

/**
 * How many letters match in order: the longest common run, and the same to the left and to the right of it (Ratcliff
 * and Obershelp).
 * @param {string[]} a
 * @param {string[]} b
 * @param {Map<string, number[]>} places
 */
function matching(a, b, places) {
  let matches = 0;
  const todo = [{ aStart: 0, aEnd: a.length, bStart: 0, bEnd: b.length }];
  for (let part = todo.pop(); part; part = todo.pop()) {
    const { aStart, aEnd, bStart, bEnd } = part;
    let [aBest, bBest, size] = longestRun(a, part, places);
    while (aBest > aStart && bBest > bStart && a[aBest - 1] === b[bBest - 1]) {
      aBest--;
      bBest--;
      size++;
    }
    while (aBest + size < aEnd && bBest + size < bEnd && a[aBest + size] === b[bBest + size]) size++;
    if (!size) continue;
    matches += size;
    todo.push({ aStart, aEnd: aBest, bStart, bEnd: bBest }, { aStart: aBest + size, aEnd, bStart: bBest + size, bEnd });
  }
  return matches;
}

/**
 * @param {string[]} a
 * @param {{aStart: number, aEnd: number, bStart: number, bEnd: number}} part
 * @param {Map<string, number[]>} places
 */
function longestRun(a, { aStart, aEnd, bStart, bEnd }, places) {
  let best = [aStart, bStart, 0];
  /** @type {Map<number, number>} */
  let lengths = new Map();
  for (let i = aStart; i < aEnd; i++) {
    const longer = new Map();
    for (const j of places.get(a[i]) ?? []) {
      if (j < bStart) continue;
      if (j >= bEnd) break;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      longer.set(j, length);
      if (length > best[2]) best = [i - length + 1, j - length + 1, length];
    }
    lengths = longer;
  }
  return best;
}

/**
 * Letters that must be put in, taken out, exchanged, or swapped with their neighbour to make one of the other.
 * @param {string[]} one
 * @param {string[]} other
 */
function distance(one, other) {
  /** @type {number[]} */
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  one.forEach((a, i) => {
    const above = before;
    before = row;
    row = [i + 1];
    other.forEach((b, j) => {
      let cost = Math.min(before[j] + Number(a !== b), before[j + 1] + 1, row[j] + 1);
      if (i && j && a === other[j - 1] && b === one[i - 1]) cost = Math.min(cost, above[j - 1] + 1);
      row.push(cost);
    });
  });
  return row[row.length - 1];
}
