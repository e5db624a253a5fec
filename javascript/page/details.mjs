// One module of the graph: what it exports and imports, and who is at the other end.

import { counted, make, size, the } from "./elements.mjs";

const SHOWN = 200;

/**
 * @param {any[]} modules in the order of the graph's nodes
 * @returns {(index: number) => void} selects one
 */
export function details(modules) {
  const panel = the("details");
  const nodes = modules.map(
    (_, index) => /** @type {SVGGElement | null} */ (document.querySelector(`#graph .node-${index}`)),
  );

  /** @param {number} index */
  function select(index) {
    nodes.forEach((node, number) => node?.setAttribute("aria-pressed", String(number === index)));
    panel.replaceChildren(...shown(modules[index]));
  }

  nodes.forEach((node, index) => {
    if (!node) return;
    const { name, size_bytes } = modules[index];
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", `${name}, ${size(size_bytes)}: show what it exports and imports`);
    node.addEventListener("click", () => select(index));
    node.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (step) /** @type {any} */ (nodes[(index + step + nodes.length) % nodes.length])?.focus();
      else if (event.key === "Enter" || event.key === " ") select(index);
      else return;
      event.preventDefault();
    });
  });
  if (modules.length) select(0);
  return (index) => {
    select(index);
    the("link").scrollIntoView({ block: "start" });
    /** @type {any} */ (nodes[index])?.focus({ preventScroll: true });
  };
}

/** @param {any} module */
function* shown(module) {
  yield make("h3", null, module.name, make("small", null, ` ${module.kind}, ${size(module.size_bytes)}`));
  yield list(
    "Exports",
    module.exports.map((/** @type {[string, string, string | null, string[]]} */ [name, type, text, users]) => ({
      name,
      type: text ?? type,
      title: text ? type : "",
      who: users.length ? `bound by ${users.join(", ")}` : "",
    })),
    "It exports nothing.",
  );
  yield list(
    "Imports",
    module.imports.map((/** @type {[string, string, string, string[]]} */ [name, what, type, who]) => ({
      name,
      type: what === "function" ? type : what === "address" ? "its address" : "a pointer to it",
      title: type,
      who: `from ${who.join(", ")}`,
    })),
    "It imports nothing.",
  );
}

/**
 * @param {string} title
 * @param {{name: string, type: string, title: string, who: string}[]} rows
 * @param {string} none
 */
function list(title, rows, none) {
  const id = `filter-${title.toLowerCase()}`;
  const body = make("ul", { class: "symbols", "aria-label": title });
  const more = make("p", { class: "quiet" });
  const filter = make("input", {
    id,
    type: "search",
    placeholder: "find",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `Find in ${title.toLowerCase()}`,
  });
  function fill() {
    const wanted = filter.value.trim().toLowerCase();
    const found = rows.filter((row) => !wanted || `${row.name} ${row.who}`.toLowerCase().includes(wanted));
    body.replaceChildren(
      ...found
        .slice(0, SHOWN)
        .map((row) =>
          make(
            "li",
            { title: row.title },
            make("code", { class: "symbol" }, row.name),
            make("code", { class: "type" }, row.type),
            make("span", { class: "who" }, row.who),
          ),
        ),
    );
    const rest = found.length - SHOWN;
    more.textContent =
      rest > 0
        ? `and ${rest.toLocaleString("en")} more: find them by their names`
        : found.length || !rows.length
          ? ""
          : "none is called so";
  }
  filter.addEventListener("input", fill);
  fill();
  const section = make("details", { class: "list", open: rows.length > 0 });
  section.append(make("summary", null, counted(rows.length, title.toLowerCase().slice(0, -1))));
  if (!rows.length) section.append(make("p", { class: "quiet" }, none));
  else section.append(...(rows.length > 8 ? [filter] : []), body, more);
  return section;
}
