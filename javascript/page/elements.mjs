// Elements of the page, found and made; and numbers as people read them.

/**
 * One that the page has.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function the(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return /** @type {any} */ (found);
}

/**
 * @param {string} name
 * @param {Record<string, any> | null} [attributes] those that are no strings are properties
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "string") made.setAttribute(key, value);
    else if (value !== undefined) /** @type {any} */ (made)[key] = value;
  }
  made.append(...children);
  return made;
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

/** @param {number} ms */
export const duration = (ms) => (ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** @param {number} count @param {string} noun */
export const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
