// One run of a test in a page, which has it done in a worker: that may wait, and can be ended. This file is both.
// wasmbuild/testing/chromiumchild.py writes the order and asks the page.

import { carryOut } from "./carryout.mjs";
import { Streams, streams } from "./worker/streams.mjs";
import { Directory, File, Link, treeOf } from "./wasi/tree.mjs";

/**
 * `[path, "directory"]`, `[path, "link", target]`, `[path, "file", bytes in base64]`; of a file that the guest did not
 * change, null for its bytes. A directory comes before what is in it.
 * @typedef {[path: string, is: "directory" | "link" | "file", contents?: string | null]} Entry
 */

if (typeof document === "undefined") {
  globalThis.onmessage = async ({ data: { order, shared } }) => {
    try {
      postMessage({ is: "result", ...(await inWorker(order, shared)) });
    } catch (error) {
      postMessage({ is: "failed", why: String(/** @type {Error} */ (error).stack ?? error) });
    }
  };
}

/**
 * For the page.
 * @param {any} order
 * @param {number} outputLimitBytes what comes after it is not taken from the worker, which waits then
 * @param {(text: string) => void} printed gets `1` or `2`, and what was printed there in base64
 * @returns {Promise<{result: string, tree: Entry[]}>}
 */
export function run(order, outputLimitBytes, printed) {
  const worker = new Worker(import.meta.url, { type: "module" });
  let left = outputLimitBytes;
  const pipes = new Streams((output, data) => {
    left -= data.length;
    printed(output + base64(data));
  });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.is === "failed") reject(new Error(data.why));
      else if (data.is === "result") resolve({ result: data.result, tree: data.tree });
      else if (left >= 0) pipes.take(data);
    };
    worker.onerror = (event) => reject(new Error(event.message ?? "the worker cannot be loaded"));
    const { stdin, ...rest } = order;
    pipes.write(bytes(stdin));
    pipes.write(null);
    worker.postMessage({ order: rest, shared: pipes.shared });
  }).finally(() => worker.terminate());
}

/** @param {any} order @param {SharedArrayBuffer | null} shared */
async function inWorker(order, shared) {
  const { root } = treeOf(nodesOf(order.tree));
  const options = { directories: { "/": root }, ...streams(shared, (message) => postMessage(message)) };
  return { result: await carryOut(order, { options, print: options.stdout }), tree: entriesOf(root) };
}

/** @param {Entry[]} entries */
function nodesOf(entries) {
  return Object.fromEntries(
    entries.map(([path, is, contents]) => [
      path,
      is === "directory" ? new Directory() : is === "link" ? new Link(contents ?? "") : bytes(contents ?? ""),
    ]),
  );
}

/** @param {Directory} directory @param {string} prefix @returns {Entry[]} */
function entriesOf(directory, prefix = "") {
  return [...directory.entries].flatMap(([name, node]) => {
    const path = prefix + name;
    if (node instanceof Directory) return [[path, "directory"], ...entriesOf(node, `${path}/`)];
    if (node instanceof Link) return [[path, "link", node.target]];
    return node instanceof File ? [[path, "file", node.dirty ? base64(node.data) : null]] : [];
  });
}

/** @param {Uint8Array} data */
function base64(data) {
  let text = "";
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return btoa(text);
}

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
