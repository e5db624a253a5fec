// The page of a bundle, and of a build's report: the link, its bytes, and where there is something to run, a terminal.

import { details } from "./details.mjs";
import { runner } from "./runner.mjs";
import { timeline } from "./timeline.mjs";
import { treemap } from "./treemap.mjs";

/** What the page is about: in it, or beside it. */
async function read() {
  const inside = document.getElementById("data");
  if (inside) return JSON.parse(inside.textContent ?? "");
  const response = await fetch("page.json");
  if (!response.ok) throw new Error(`page.json: the server says ${response.status} ${response.statusText}`.trim());
  return response.json();
}

try {
  const data = await read();
  const select = details(data.modules);
  treemap(data.modules, select);
  if (data.roots) runner(data, timeline());
} catch (error) {
  const problem = document.getElementById("problem");
  if (problem) {
    problem.textContent = `The page cannot show itself: ${error instanceof Error ? error.message : error}`;
    problem.hidden = false;
  }
}
