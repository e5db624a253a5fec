// The bytes of all modules as areas: a module is a box, what it is made of are boxes in it.

import { make, size, the } from "./elements.mjs";

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * Boxes as square as they can be, whose areas are as the weights (Bruls, Huizing and van Wijk, 2000). Weights come
 * largest first.
 * @param {number[]} weights
 * @param {Box} box
 * @returns {Box[]}
 */
export function squarified(weights, box) {
  const sum = weights.reduce((a, b) => a + b, 0);
  /** @type {Box[]} */
  const boxes = [];
  let { x, y, width, height } = box;
  const areas = weights.map((weight) => (sum ? (weight * width * height) / sum : 0));
  for (let start = 0; start < areas.length;) {
    const side = Math.min(width, height);
    let end = start;
    let worst = Infinity;
    let row = 0;
    while (end < areas.length) {
      const next = row + areas[end];
      const thick = next / side;
      const ratio = Math.max(
        ...[areas[start], areas[end]].map((area) => Math.max((thick * thick) / area, area / (thick * thick))),
      );
      if (!(ratio <= worst)) break;
      [worst, row, end] = [ratio, next, end + 1];
    }
    if (end === start) [row, end] = [areas[start], start + 1];
    const thick = side ? row / side : 0;
    let along = 0;
    for (const area of areas.slice(start, end)) {
      const length = thick ? area / thick : 0;
      boxes.push(
        width >= height
          ? { x, y: y + along, width: thick, height: length }
          : { x: x + along, y, width: length, height: thick },
      );
      along += length;
    }
    if (width >= height) [x, width] = [x + thick, width - thick];
    else [y, height] = [y + thick, height - thick];
    start = end;
  }
  return boxes;
}

const HEAD = 24;
const GAP = 2;
const LABELLED = 70;
const KNOWN = new Set(["code", "data", "name", "debug", "export", "import", "elem", "dylink.0"]);

/** @param {any[]} modules @param {(index: number) => void} select */
export function treemap(modules, select) {
  const place = the("treemap");
  const order = modules.map((_, index) => index).sort((a, b) => modules[b].size_bytes - modules[a].size_bytes);
  let drawn = 0;

  function draw() {
    const { clientWidth: width, clientHeight: height } = place;
    if (!width || width === drawn) return;
    drawn = width;
    const boxes = squarified(
      order.map((index) => modules[index].size_bytes),
      { x: 0, y: 0, width, height },
    );
    place.replaceChildren(...order.map((index, number) => module(modules[index], index, boxes[number])));
    const small = order.filter((_, number) => boxes[number].width <= LABELLED || boxes[number].height <= HEAD + 8);
    the("smaller").replaceChildren(
      ...(small.length ? ["too small to read:"] : []),
      ...small.map((index) => {
        const { name, size_bytes } = modules[index];
        const chip = make("button", { type: "button", class: "chip" }, `${name} ${size(size_bytes)}`);
        chip.addEventListener("click", () => select(index));
        return chip;
      }),
    );
  }

  /** @param {any} module @param {number} index @param {Box} box */
  function module(module, index, box) {
    const label = `${module.name}, ${size(module.size_bytes)}`;
    const made = at(make("button", { type: "button", class: "tile", title: label, "aria-label": label }), box, GAP);
    made.addEventListener("click", () => select(index));
    const headed = box.width > LABELLED && box.height > HEAD + 8;
    if (headed) {
      made.append(make("span", { class: "tile-head" }, make("b", null, module.name), ` ${size(module.size_bytes)}`));
    }
    const top = headed ? HEAD : 0;
    const inside = { x: 0, y: top, width: box.width - 2 * GAP, height: box.height - 2 * GAP - top };
    if (inside.width < 6 || inside.height < 6) return made;
    const parts = module.sections.filter((/** @type {any} */ [, bytes]) => bytes > 0);
    const places = squarified(
      parts.map((/** @type {any} */ [, bytes]) => bytes),
      inside,
    );
    parts.forEach((/** @type {[string, number]} */ [name, bytes], /** @type {number} */ number) => {
      const part = places[number];
      if (part.width < 2 || part.height < 2) return;
      const kind = KNOWN.has(name) ? name.replace(".", "") : "other";
      made.append(
        ...(name === "code" && module.code.length ? functions(module, part) : [tile(module, name, bytes, kind, part)]),
      );
    });
    return made;
  }

  /** Its code, function by function. @param {any} module @param {Box} box */
  function* functions({ name, code }, box) {
    const whole = code.reduce((/** @type {number} */ sum, /** @type {any} */ [, bytes]) => sum + bytes, 0);
    const order = [...code].sort((a, b) => b[1] - a[1]);
    const boxes = squarified(
      order.map(([, bytes]) => bytes),
      box,
    );
    for (const [number, [title, bytes]] of order.entries()) {
      const part = boxes[number];
      const others = title === "others";
      const shown = others && bytes === whole ? "code" : others ? "other functions" : title;
      if (part.width >= 1 && part.height >= 1) yield tile({ name }, shown, bytes, others ? "rest" : "code", part);
    }
  }

  /** @param {{name: string}} module @param {string} name @param {number} bytes @param {string} kind @param {Box} part */
  function tile(module, name, bytes, kind, part) {
    const title = `${module.name}: ${name}, ${size(bytes)}`;
    const made = at(make("span", { class: `part part-${kind}`, title }), part, 0.5);
    if (part.width > 44 && part.height > 17) {
      const text = part.height > 36 ? [name, make("br"), size(bytes)] : [`${name} ${size(bytes)}`];
      made.append(make("span", null, ...text));
    }
    return made;
  }

  draw();
  new ResizeObserver(draw).observe(place);
}

/** @param {HTMLElement} element @param {Box} box @param {number} gap */
function at(element, box, gap) {
  Object.assign(element.style, {
    left: `${box.x + gap}px`,
    top: `${box.y + gap}px`,
    width: `${Math.max(box.width - 2 * gap, 0)}px`,
    height: `${Math.max(box.height - 2 * gap, 0)}px`,
  });
  return element;
}
