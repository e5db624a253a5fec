// What a program may see: its arguments, environment, files and streams, from what `load` was given.

import { ProcessExited } from "./errors.mjs";
import { hasFiles } from "./place.mjs";
import { Directory, filesOf, treeOf } from "../wasi/tree.mjs";

/**
 * @param {string} name of the program
 * @param {any} options
 */
export async function worldOf(name, options) {
  const node = hasFiles ? await import("./node.mjs") : null;
  const { root, quota } = treeOf(options.files ?? {}, options.filesLimitBytes);
  /** @type {[string, any][]} */
  const directories = [["/", root]];
  const onDisk = options.directories && node ? await import("./nodefiles.mjs") : null;
  for (const [guest, host] of Object.entries(options.directories ?? {})) {
    const directory = host instanceof Directory ? host : onDisk?.hostDirectory(String(host), quota);
    if (!directory) throw new TypeError("`directories` are the machine's: only Node has some");
    if (guest === "/") directories[0] = [guest, directory];
    else directories.push([guest, directory]);
  }
  return {
    args: [name, ...(options.args ?? [])],
    env: options.env ?? {},
    directories,
    quota,
    terminal: options.terminal ?? false,
    stdin: input(options.stdin ?? "", node),
    stdout: output(options.stdout ?? (node ? node.writer(1) : console.log)),
    stderr: output(options.stderr ?? (node ? node.writer(2) : console.error)),
    files: () => filesOf(directories[0][1]),
    save: () => directories.forEach(([, directory]) => onDisk?.save(directory)),
    exit: (/** @type {number} */ status) => {
      throw new ProcessExited(status);
    },
  };
}

/**
 * Text, bytes, a function that gives the next bytes, or "inherit": the process's own, in Node.
 * @param {any} given
 * @param {any} node
 * @returns {(size: number) => Uint8Array}
 */
function input(given, node) {
  if (given === "inherit" && node) return node.readStdin;
  if (typeof given === "function") return given;
  const data = typeof given === "string" ? new TextEncoder().encode(given) : given;
  let at = 0;
  return (size) => data.subarray(at, (at += Math.min(size, data.length - at)));
}

/**
 * A function that takes bytes; console's functions get text, a line at a time.
 * @param {(given: any) => void} given
 * @returns {(data: Uint8Array) => void}
 */
function output(given) {
  if (given !== console.log && given !== console.error) return (data) => given(data.slice());
  const decoder = new TextDecoder();
  let rest = "";
  return (data) => {
    const lines = (rest + decoder.decode(data, { stream: true })).split("\n");
    rest = /** @type {string} */ (lines.pop());
    for (const line of lines) given(line);
  };
}
