/** Paths as they are in plans and in messages: separated by `/`, whatever the machine. */

/** @param {string} path */
export function dirname(path) {
  const head = path.slice(0, path.lastIndexOf("/") + 1);
  return head.replace(/\/+$/, "") || head;
}

/** @param {string} path */
export function basename(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * @param {string} directory
 * @param {string} path
 */
export function join(directory, path) {
  if (path.startsWith("/")) return path;
  return directory === "" || directory.endsWith("/") ? directory + path : `${directory}/${path}`;
}

/**
 * Without `.`, `..` and empty parts, as far as they say nothing.
 * @param {string} path
 */
export function normalised(path) {
  /** @type {string[]} */
  const parts = [];
  const whole = path.startsWith("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length && parts.at(-1) !== "..") parts.pop();
    else if (!whole) parts.push(part);
  }
  return (whole ? "/" : "") + parts.join("/") || ".";
}

/**
 * Where a path is, from a directory; both are whole, or both start at the same place.
 * @param {string} path
 * @param {string} directory
 */
export function relative(path, directory) {
  const to = normalised(path)
    .split("/")
    .filter((part) => part && part !== ".");
  const from = normalised(directory)
    .split("/")
    .filter((part) => part && part !== ".");
  const differs = from.findIndex((part, place) => part !== to[place]);
  const common = differs < 0 ? from.length : differs;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/") || ".";
}
