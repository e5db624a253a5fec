// Where modules come from: files in Node, addresses elsewhere. What was read is compared with the hash in the plan.

import { WasmbuildError } from "./errors.mjs";

/**
 * @typedef {object} Files
 * @property {(path: string) => Promise<Uint8Array>} read raises WasmbuildError
 * @property {(base: string, path: string) => string} join a path from another's directory
 */

/** Whether files are meant, and not addresses. @param {string | URL} source */
export const isPath = (source) => globalThis.process?.versions?.node && !/^(https?|blob|data):/.test(String(source));

/** @param {string | URL} source @returns {Promise<Files>} */
export async function filesFor(source) {
  return isPath(source) ? (await import("./node.mjs")).files : fetched;
}

/** @type {Files} */
const fetched = {
  async read(path) {
    let response;
    try {
      response = await fetch(path);
    } catch (error) {
      throw unreadable(path, error instanceof Error ? error.message : String(error));
    }
    if (!response.ok) throw unreadable(path, `the server says ${response.status} ${response.statusText}`.trim());
    const bytes = new Uint8Array(await response.arrayBuffer());
    const type = response.headers.get("content-type") ?? "";
    if (/html/.test(type) && bytes[0] !== 0) throw unreadable(path, "the server sent a page (HTML) in its place");
    return bytes;
  },
  join: (base, path) => new URL(path, new URL(base, globalThis.location?.href)).href,
};

/** @param {string} path @param {string} why */
export const unreadable = (path, why) => new WasmbuildError({ code: "cannot-read", headline: `cannot read \`${path}\`: ${why}` });

/**
 * The bytes of all modules of a plan, verified.
 * @param {any} plan
 * @param {string} root where the root is
 * @param {Files} files
 */
export async function readVerified(plan, root, files) {
  return Promise.all(
    plan.modules.map(async (/** @type {any} */ module, /** @type {number} */ index) => {
      const path = index === 0 ? root : files.join(root, module.path);
      const bytes = await files.read(path);
      const computed = await sha256(bytes);
      if (computed === module.sha256) return bytes;
      throw new WasmbuildError({
        code: "file-changed",
        headline: `not the file that the plan was made for: \`${path}\``,
        facts: [
          ["expected", `sha256:${module.sha256}`],
          ["computed", `sha256:${computed}, of ${bytes.length} bytes`],
        ],
      });
    }),
  );
}

/** In hexadecimal. @param {Uint8Array} bytes */
export async function sha256(bytes) {
  const hash = await crypto.subtle.digest("SHA-256", /** @type {any} */ (bytes));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
