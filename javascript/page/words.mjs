// Command lines and arguments that somebody types.

/**
 * Words as a shell has them: separated by spaces, unless they are quoted.
 * @param {string} line
 * @returns {string[]}
 */
export function words(line) {
  const found = [];
  /** @type {string | null} */
  let word = null;
  let quote = "";
  for (let place = 0; place < line.length; place += 1) {
    const character = line[place];
    if (character === "\\" && quote !== "'" && place + 1 < line.length) word = (word ?? "") + line[(place += 1)];
    else if (quote) {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === "'" || character === '"') [quote, word] = [character, word ?? ""];
    else if (!/\s/.test(character)) word = (word ?? "") + character;
    else if (word !== null) {
      found.push(word);
      word = null;
    }
  }
  if (word !== null) found.push(word);
  return found;
}

/**
 * An argument of a function: a number, or where C has a pointer, text. Throws what is wrong with it.
 * @param {string} text
 * @param {{type: string, pointer: boolean}} parameter
 * @returns {number | bigint | string}
 */
export function argument(text, { type, pointer }) {
  const given = text.trim();
  if (pointer && !/^-?(0x[0-9a-f]+|\d+)$/i.test(given)) return text;
  if (type === "i64" && /^-?(0x[0-9a-f]+|\d+)$/i.test(given)) {
    return given.startsWith("-") ? -BigInt(given.slice(1)) : BigInt(given);
  }
  const number = Number(given);
  const isWhole = type[0] === "f" || Number.isInteger(number);
  if (given === "" || Number.isNaN(number) || !isWhole)
    throw new Error(`not ${type[0] === "f" ? "a" : "a whole"} number: ${text || "nothing"}`);
  return type === "i64" ? BigInt(number) : number;
}
