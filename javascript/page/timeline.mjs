// How long each part of a load took: a bar each, in the order in which they began.

import { duration, make, the } from "./elements.mjs";

/** @returns {(spans: import("./times.mjs").Span[]) => void} shows them */
export function timeline() {
  const place = the("timeline");
  return (spans) => {
    const load = spans.find((each) => each.kind === "load");
    if (!load) return;
    const run = spans.find((each) => each.kind === "run");
    const some = spans.filter((each) => !["load", "run"].includes(each.kind));
    const parts = together(some.filter((each) => each.start <= load.end));
    // Lazy libraries, and what C opens.
    const later = together(some.filter((each) => each.start > load.end));
    const start = Math.min(load.start, ...parts.map((each) => each.start));
    const loaded = Math.max(load.end, ...parts.map((each) => each.end)) - start;
    const whole = Math.max(start + loaded, ...later.map((each) => each.end)) - start;
    const all = { ...load, what: "all of it, until constructors have run" };
    const rows = [...parts, all, ...later.map((each) => ({ ...each, what: `${each.what} (while it ran)` }))];
    place.replaceChildren(
      make("ol", { class: "bars" }, ...rows.map((each) => bar(each, start, whole))),
      make(
        "p",
        { class: "quiet" },
        `Loaded in ${duration(loaded)}${run ? `; then it ran for ${duration(run.end - run.start)}` : ""}.`,
      ),
    );
  };
}

/** Many of one kind that follow each other, as one. @param {import("./times.mjs").Span[]} spans */
function together(spans) {
  /** @type {(import("./times.mjs").Span & {count: number})[]} */
  const found = [];
  for (const span of spans) {
    const isScript = span.kind === "fetch" && /\.m?js$/.test(span.what);
    const kind = isScript ? "scripts" : span.kind;
    const one = found.find(
      (each) => each.kind === kind && (kind === "scripts" || kind === "instantiate" || kind === "compile"),
    );
    if (one) Object.assign(one, { end: Math.max(one.end, span.end), count: one.count + 1 });
    else found.push({ ...span, kind, count: 1 });
  }
  return found.map((each) => {
    const words = { scripts: "scripts", compile: "compiled", instantiate: "instances, with stubs" };
    const what = /** @type {any} */ (words)[each.kind] ?? each.what;
    return {
      ...each,
      kind: each.kind === "scripts" ? "fetch" : each.kind,
      what: each.count > 1 ? `${each.count} ${what}` : what,
    };
  });
}

/** @param {import("./times.mjs").Span} span @param {number} start @param {number} whole */
function bar(span, start, whole) {
  const fill = make("span", { class: `fill fill-${span.kind}` });
  fill.style.marginLeft = `${(100 * (span.start - start)) / whole}%`;
  fill.style.width = `max(2px, ${(100 * (span.end - span.start)) / whole}%)`;
  return make(
    "li",
    null,
    make("span", { class: "bar-kind" }, span.kind),
    make("span", { class: "bar-what" }, span.what),
    make("span", { class: "bar" }, fill),
    make("span", { class: "bar-time" }, duration(span.end - span.start)),
  );
}
