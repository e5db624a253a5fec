// The page of a bundle, and of a build's report: the link, its bytes, and where there is something to run, a terminal.

import { details } from "./details.mjs";
import { the } from "./elements.mjs";
import { runner } from "./runner.mjs";
import { timeline } from "./timeline.mjs";
import { treemap } from "./treemap.mjs";

/**
 * The roots as the loader reads them. In a page that is one file, modules are in it, compressed.
 * @param {any} data
 */
async function modulesOf({ loading, packed }) {
  if (!packed) return loading;
  /** @type {Record<string, Uint8Array>} */
  const bytes = {};
  for (const [path, text] of Object.entries(packed)) {
    const compressed = Uint8Array.from(atob(/** @type {string} */ (text)), (character) => character.charCodeAt(0));
    const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
    bytes[path] = new Uint8Array(await new Response(stream).arrayBuffer());
  }
  for (const root of Object.values(loading)) {
    for (const module of Object.values(root.modules)) module.bytes = bytes[module.path];
  }
  return loading;
}

/** What the page is about: in it, or beside it. */
async function read() {
  const inside = document.getElementById("data");
  if (inside) return JSON.parse(inside.textContent ?? "");
  const response = await fetch("page.json");
  if (!response.ok) throw new Error(`page.json: the server says ${response.status} ${response.statusText}`.trim());
  return response.json();
}

async function show() {
  const data = await read();
  const select = details(data.modules);
  treemap(data.modules, select);
  if (data.roots) runner(data, await modulesOf(data), timeline());
}

show().catch((error) => {
  const problem = the("problem");
  problem.textContent = `The page cannot show itself: ${error instanceof Error ? error.message : error}`;
  problem.hidden = false;
});
