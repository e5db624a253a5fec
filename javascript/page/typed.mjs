// Standard input that is typed while a program runs: a line at a time, shown when the program waits for it first. It needs
// memory that is shared with the worker, which a page has that is apart from all others.

import { Streams } from "../worker/streams.mjs";
import { the } from "./elements.mjs";

/** Whether a program can wait for what is typed. */
export const canType = Boolean(globalThis.crossOriginIsolated);

/** @param {(text: string) => void} echo shows what was typed */
export function typed(echo) {
  const form = the("typed");
  const line = /** @type {HTMLInputElement} */ (the("line"));
  /** @type {Streams | null} */
  let streams = null;

  /** @param {string | null} text null: it ends */
  function write(text) {
    if (!streams) return;
    if (text !== null) echo(text);
    streams.write(text === null ? null : new TextEncoder().encode(text));
    if (text === null) form.hidden = true;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    write(`${line.value}\n`);
    line.value = "";
  });
  line.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.key !== "d") return;
    event.preventDefault();
    if (line.value) write(line.value); // as in a terminal: what was typed so far, without a line's end
    else write(null);
    line.value = "";
  });
  the("end-input").addEventListener("click", () => write(null));

  return {
    /** For the worker of a program: what it reads from. @returns {SharedArrayBuffer | null} */
    begin() {
      streams = new Streams(() => {});
      return streams.shared;
    },
    /** What the worker tells: whether it was of its input. @param {any} told */
    take(told) {
      if (told.is === "waiting") {
        form.hidden = false;
        // Whoever just started it goes on typing.
        if (document.activeElement === document.body || the("command").contains(document.activeElement)) line.focus();
      }
      return streams?.take(told) ?? false;
    },
    end() {
      streams = null;
      form.hidden = true;
      line.value = "";
    },
  };
}
