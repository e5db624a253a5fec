/** Text that came from outside, made fit to be shown. */

const UNPRINTABLE = /[\p{C}\p{Z}]/u;
const UNPRINTABLE_EACH = /[\p{C}\p{Z}]/gu;

/**
 * Text from outside on its way to a terminal or a page: what would act on it, run to the left, or cannot be encoded, is
 * escaped as `\x1b`; so is a line break. Tabs stay.
 * @param {string} text
 */
export function printable(text) {
  return isPrintable(text) ? text : text.replace(UNPRINTABLE_EACH, (c) => (c === " " || c === "\t" ? c : escaped(c)));
}

/**
 * Whether nothing in a text would have to be escaped. The space is the one separator that may stay.
 * @param {string} text
 */
export function isPrintable(text) {
  return !UNPRINTABLE.test(text.replaceAll(" ", ""));
}

/** @param {string} character */
function escaped(character) {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  const code = /** @type {number} */ (character.codePointAt(0));
  const hex = code.toString(16);
  if (code < 0x100) return "\\x" + hex.padStart(2, "0");
  return code < 0x10000 ? "\\u" + hex.padStart(4, "0") : "\\U" + hex.padStart(8, "0");
}
