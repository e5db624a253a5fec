/** Every message that a user sees is one of these values. */

import { printable } from "./printing.mjs";

/** @typedef {[label: string, value: string][]} Facts */

/**
 * One finding. `code` is a stable identifier for programs (`undefined-symbol`), `headline` a lower-case line that
 * stands alone, `facts` the indented pairs below it, `notes` more facts in sentences, `help` only what the user can do.
 * @typedef {object} Diagnostic
 * @property {string} code
 * @property {string} headline
 * @property {Facts} facts
 * @property {string[]} notes
 * @property {string[]} help
 * @property {"error" | "warning"} severity
 */

/**
 * @param {string} code
 * @param {string} headline
 * @param {{facts?: Facts, notes?: string[], help?: string[], severity?: "error" | "warning"}} [rest]
 * @returns {Diagnostic}
 */
export function diagnostic(code, headline, { facts = [], notes = [], help = [], severity = "error" } = {}) {
  return { code, headline, facts, notes, help, severity };
}

/**
 * The text of a diagnostic, without a final newline. Fact labels are padded to one width.
 *
 * Here names become text: all is made `printable`, but for the line breaks in the values of facts.
 * @param {Diagnostic} found
 */
export function formatDiagnostic(found) {
  const lines = [`${found.severity}: ${printable(found.headline)}`];
  const labels = found.facts.map(([label]) => printable(label) + ":");
  const width = Math.max(...labels.map((label) => label.length), 0);
  found.facts.forEach(([, value], number) => {
    const [first, ...rest] = value.split("\n").map(printable);
    lines.push(`  ${labels[number].padEnd(width)} ${first}`, ...rest.map((line) => `  ${" ".repeat(width)} ${line}`));
  });
  lines.push(...found.notes.map((note) => `note: ${printable(note)}`));
  lines.push(...found.help.map((text) => `help: ${printable(text)}`));
  return lines.join("\n");
}

/** What was asked for cannot be done; carries one diagnostic or more. */
export class WasmbuildError extends Error {
  /** @param {Diagnostic[]} diagnostics */
  constructor(...diagnostics) {
    super(diagnostics.map(formatDiagnostic).join("\n\n"));
    this.name = "WasmbuildError";
    this.diagnostics = diagnostics;
  }
}
