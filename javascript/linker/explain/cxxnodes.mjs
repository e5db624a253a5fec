/** Parts of C++ names, and how they are shown. */

/** Characters, of a name and of what it means: 100 letters can mean more than there is memory. */
export const LONGEST = 8192;
export const DEEPEST = 200;
const MOST_STEPS = 100_000;

/** A name that cannot be read. */
export class Unreadable extends Error {}

/** @returns {never} */
export function unreadable() {
  throw new Unreadable();
}

/**
 * Something that can be shown. A type stands around what it is the type of: `int (*` and `) [3]`. Where a pack is
 * expanded, `element` says which of its elements is meant.
 * @typedef {object} Node
 * @property {(element?: number) => [left: string, right: string]} sides
 * @property {"function" | "array"} [form] of a type that stands around
 * @property {(element?: number) => {to: Node, kind: "&" | "&&"}} [reference]
 * @property {Node[]} [elements] of a pack
 * @property {number} [size] of the pack that occurs in it
 * @property {(element: number) => Node} [at] of a parameter that is a pack: what is meant where it is expanded
 * @property {(element?: number) => string[]} [items] what it is in a list, where that is not one thing
 * @property {string} [base] of a name: what its constructors are called
 * @property {boolean} [hasArguments] of a name: it ends in template arguments
 * @property {boolean} [withoutResult] of a name: a constructor, destructor or conversion
 * @property {string} [qualifiers] of a member function's name: ` const &`
 */

/** Of what is shown now. */
let steps = 0;
let depth = 0;

/** Before another name is read. */
export function startAnew() {
  steps = depth = 0;
}

/**
 * @param {Node} node
 * @param {number} [element]
 */
export function shown(node, element) {
  return around(node, element).join("");
}

/**
 * @param {Node} node
 * @param {number} [element]
 */
export function around(node, element) {
  if (++steps > MOST_STEPS || ++depth > DEEPEST) unreadable();
  const sides = node.sides(element);
  depth--;
  return sides[0].length + sides[1].length > LONGEST ? unreadable() : sides;
}

/**
 * What is meant by a type where a pack is expanded.
 * @param {Node} node
 * @param {number} [element]
 */
export function meant(node, element) {
  return element === undefined ? node : (node.at?.(element) ?? node);
}

/**
 * @param {string} text
 * @param {Partial<Node>} [rest]
 * @returns {Node}
 */
export function plain(text, rest = {}) {
  return { ...rest, sides: () => [text, ""] };
}

/**
 * @param {Node[]} parts
 * @param {(element?: number) => string} text
 * @param {Partial<Node>} [rest]
 * @returns {Node}
 */
export function made(parts, text, rest = {}) {
  return {
    size: parts.find((part) => part.size !== undefined)?.size,
    ...rest,
    sides: (element) => [text(element), ""],
  };
}

/**
 * @param {Node[]} nodes
 * @param {number} [element]
 */
export function list(nodes, element) {
  return nodes.flatMap((node) => node.items?.(element) ?? [shown(node, element)]).join(", ");
}

/**
 * @param {Node} type
 * @param {string} qualifiers
 * @returns {Node}
 */
export function qualified(type, qualifiers) {
  return {
    size: type.size,
    form: type.form,
    sides: (element) => {
      const [left, right] = around(type, element);
      return [left + qualifiers, right];
    },
  };
}

/**
 * @param {Node} type
 * @param {(element?: number) => string} sign
 * @returns {Node}
 */
export function pointing(type, sign) {
  return {
    size: type.size,
    sides: (element) => {
      const [left, right] = around(type, element);
      const { form } = meant(type, element);
      if (!form) return [left + sign(element), right];
      return [`${left}${form === "array" ? " " : ""}(${sign(element)}`, `)${right}`];
    },
  };
}

/**
 * A reference to a reference is one to what that refers to.
 * @param {Node} type
 * @param {"&" | "&&"} kind
 * @returns {Node}
 */
export function referring(type, kind) {
  /** @type {(element?: number) => {to: Node, kind: "&" | "&&"}} */
  const reference = (element) => {
    const inner = meant(type, element).reference?.(element);
    return inner ? { to: inner.to, kind: inner.kind === "&" ? "&" : kind } : { to: meant(type, element), kind };
  };
  return {
    size: type.size,
    reference,
    sides: (element) => {
      const found = reference(element);
      return around(
        pointing(found.to, () => found.kind),
        element,
      );
    },
  };
}

/**
 * As many types as the pack has that occurs in this one.
 * @param {Node} type
 * @returns {Node}
 */
export function expansion(type) {
  const { size } = type;
  if (size === undefined) return plain(`${shown(type)}...`);
  const items = () => Array.from({ length: size }, (_, element) => shown(type, element));
  return { items, sides: () => [items().join(", "), ""] };
}

/**
 * @param {Node} type
 * @param {string} length
 * @returns {Node}
 */
export function arrayOf(type, length) {
  return {
    size: type.size,
    form: "array",
    sides: (element) => {
      const [left, right] = around(type, element);
      return [left, ` [${length}]${type.form === "array" ? right.trimStart() : right}`];
    },
  };
}

/**
 * @param {Node} result
 * @param {Node[]} parameters
 * @param {string} qualifiers
 * @returns {Node}
 */
export function functionType(result, parameters, qualifiers) {
  return {
    size: [result, ...parameters].find((part) => part.size !== undefined)?.size,
    form: "function",
    sides: (element) => {
      const [left, right] = around(result, element);
      return [`${left} `, `(${list(parameters, element)})${right}${qualifiers}`];
    },
  };
}

/**
 * A function by its name; only templates say what they return.
 * @param {Node} name
 * @param {Node[]} parameters
 * @param {Node} [result]
 * @returns {Node}
 */
export function functionNode(name, parameters, result) {
  return {
    sides: () => {
      const [left, right] = result ? around(result) : ["", ""];
      const space = result && !result.form ? " " : "";
      return [`${left}${space}${shown(name)}(${list(parameters)})${right}${name.qualifiers ?? ""}`, ""];
    },
  };
}
