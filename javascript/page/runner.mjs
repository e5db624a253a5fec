// The terminal, and the form that calls functions of a library: each has a worker, which can be ended.

import { argument, words } from "./words.mjs";
import { duration, make, size, the } from "./elements.mjs";
import { output } from "./output.mjs";
import { canType, typed } from "./typed.mjs";

/**
 * @param {any} data of the page
 * @param {any} roots as the loader reads them
 * @param {(spans: any[]) => void} showTimes
 */
export function runner(data, roots, showTimes) {
  const choice = /** @type {HTMLSelectElement} */ (the("root"));
  const start = /** @type {HTMLButtonElement} */ (the("start"));
  const stop = /** @type {HTMLButtonElement} */ (the("stop"));
  const status = the("status");
  const out = output(the("output"));
  const input = typed((text) => {
    out.text(text, "typed");
    say("running …", "busy");
  });
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  /** @type {Worker | null} */
  let worker = null;
  let began = 0;

  const root = () => data.roots[choice.value];

  /** @param {string} text @param {string} [kind] */
  function say(text, kind = "") {
    status.textContent = text;
    status.dataset.kind = kind;
  }

  /** @param {string} [text] @param {string} [kind] */
  function end(text, kind) {
    worker?.terminate();
    worker = null;
    input.end();
    stop.disabled = true;
    start.disabled = false;
    if (text) say(text, kind);
  }

  function begin() {
    end();
    out.clear();
    the("left").replaceChildren();
    if (root().program) {
      const line = /** @type {HTMLInputElement} */ (the("arguments")).value.trim();
      out.text(`$ ${choice.value}${line ? ` ${line}` : ""}\n`, "prompt");
    }
    began = performance.now();
    start.disabled = true;
    stop.disabled = false;
    say("loading …", "busy");
    worker = makeWorker();
    worker.addEventListener("error", (event) =>
      end(`the worker does not start: ${event.message || "a script of it cannot be loaded"}`, "bad"),
    );
    worker.addEventListener("message", ({ data: told }) => heard(told));
  }

  /** @param {any} told */
  function heard(told) {
    if (told.ready) {
      // What is in the page itself has no address: any will do.
      const base = data.packed ? "http://page.invalid/" : document.baseURI;
      const given = options();
      worker?.postMessage({
        base,
        roots: { [choice.value]: roots[choice.value] },
        name: choice.value,
        options: given,
        shared: root().program && !given.stdin && canType ? input.begin() : null,
      });
    } else if (input.take(told)) {
      if (told.is === "waiting") say("waiting for input", "busy");
    } else if (told.stream) out.write(told.data, told.stream);
    else if (told.running) say("running …", "busy");
    else if ("exited" in told) {
      const took = duration(performance.now() - began);
      end(`exit status ${told.exited} after ${took}`, told.exited === 0 ? "good" : "bad");
      showFiles(told.files, told.given);
    } else if (told.failed) {
      out.text(told.failed, "stderr");
      end(`it could not be ${root().program ? "run" : "loaded"}`, "bad");
    } else if (told.loaded) {
      say("loaded: call what it exports", "good");
      start.disabled = false;
      sendCall();
    } else if ("returned" in told) {
      out.text(`${shownCall} = ${shownValue(told)}\n`, "stdout");
      say("returned", "good");
    } else if (told.raised) {
      out.text(`${shownCall}: ${told.raised}\n`, "stderr");
      if (told.alive) say("raised", "bad");
      else end("the process is dead: the next call starts another", "bad");
    }
    if (told.times) showTimes(told.times);
  }

  function options() {
    if (!root().program) return {};
    const environment = /** @type {HTMLTextAreaElement} */ (the("environment")).value
      .split("\n")
      .filter((line) => line.includes("="));
    return {
      args: words(/** @type {HTMLInputElement} */ (the("arguments")).value),
      stdin: /** @type {HTMLTextAreaElement} */ (the("stdin")).value,
      env: Object.fromEntries(
        environment.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
      ),
      files: { ...files },
      terminal: true,
    };
  }

  /** What a program wrote can be kept. @param {Record<string, Uint8Array>} left @param {string[]} given */
  function showFiles(left, given) {
    const written = Object.entries(left).filter(([name, bytes]) => !given.includes(name) || !same(bytes, files[name]));
    the("left").replaceChildren(
      ...written.map(([name, bytes]) => {
        const address = URL.createObjectURL(new Blob([/** @type {any} */ (bytes)]));
        const link = make("a", { href: address, download: name.split("/").pop() ?? name }, name);
        return make("li", null, link, ` ${size(bytes.length)}`);
      }),
    );
  }

  // A library's form.

  let shownCall = "";
  /** @type {any} */
  let waiting = null;

  function sendCall() {
    if (waiting) worker?.postMessage({ call: waiting });
    waiting = null;
  }

  /** @param {any} told */
  function shownValue({ returned, text }) {
    if (returned === undefined) return "nothing";
    const found = chosen();
    if (text !== null) return JSON.stringify(text);
    if (found.unsigned) return String(BigInt.asUintN(found.result === "i64" ? 64 : 32, BigInt(returned)));
    return String(returned);
  }

  const functions = /** @type {HTMLSelectElement} */ (the("function"));
  const chosen = () => root().functions[functions.selectedIndex];

  function showFunctions() {
    const { program, functions: found } = root();
    the("program-form").hidden = !program;
    the("more").hidden = !program;
    the("command").classList.toggle("library", !program);
    the("library-form").hidden = program;
    start.textContent = program ? "Run" : "Call";
    start.disabled = !program && found.length === 0;
    if (program) return;
    functions.replaceChildren(
      ...found.map((/** @type {any} */ each) => make("option", { value: each.name }, each.name)),
    );
    showParameters();
  }

  function showParameters() {
    const found = chosen();
    the("declaration").textContent = found ? found.text : "it exports no functions";
    the("parameters").replaceChildren(
      ...(found?.parameters ?? []).map((/** @type {any} */ each) =>
        make(
          "label",
          { class: "field" },
          make("span", null, each.name, make("small", null, ` ${each.c}`)),
          make("input", {
            class: "parameter",
            spellcheck: "false",
            autocomplete: "off",
            placeholder: each.pointer ? "text, or an address" : "0",
          }),
        ),
      ),
    );
  }

  function call() {
    const found = chosen();
    const inputs = [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(".parameter"))];
    try {
      const given = found.parameters.map((/** @type {any} */ each, /** @type {number} */ place) => {
        const text = inputs[place].value;
        return argument(text === "" && !each.pointer ? "0" : text, each);
      });
      const shown = given.map((/** @type {any} */ each) => (typeof each === "string" ? JSON.stringify(each) : each));
      shownCall = `${found.name}(${shown.join(", ")})`;
      waiting = { name: found.name, given, text: found.string };
    } catch (error) {
      say(/** @type {Error} */ (error).message, "bad");
      return;
    }
    if (worker) sendCall();
    else begin();
  }

  the("command").addEventListener("submit", (event) => {
    event.preventDefault();
    if (root().program) begin();
    else call();
  });
  stop.addEventListener("click", () => end(`stopped after ${duration(performance.now() - began)}`, "bad"));
  choice.addEventListener("change", () => {
    end("ready");
    out.clear();
    showFunctions();
  });
  functions.addEventListener("change", showParameters);
  drops(files);
  the("stdin-how").textContent = canType ? "all of it; or nothing, and type while it runs" : "all of it";
  showFunctions();
  say("ready");
}

/** @param {Uint8Array} one @param {Uint8Array | undefined} other */
const same = (one, other) => other?.length === one.length && one.every((byte, place) => byte === other[place]);

/** In a page that is one file, the worker is made of the page's own script. */
function makeWorker() {
  const inside = document.getElementById("script");
  if (!inside) return new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
  const address = URL.createObjectURL(new Blob([inside.textContent ?? ""], { type: "text/javascript" }));
  return new Worker(address); // no module: of a page that was opened from a disk, Chromium takes none
}

/** Files for the program: dropped anywhere on their field, or chosen. @param {Record<string, Uint8Array>} files */
function drops(files) {
  const field = the("drop");
  const input = /** @type {HTMLInputElement} */ (the("files"));

  function show() {
    the("given").replaceChildren(
      ...Object.entries(files).map(([name, bytes]) => {
        const remove = make("button", { type: "button", class: "plain", "aria-label": `Remove ${name}` }, "×");
        remove.addEventListener("click", () => {
          delete files[name];
          show();
        });
        return make("li", null, make("code", null, name), ` ${size(bytes.length)} `, remove);
      }),
    );
  }

  /** @param {Iterable<File>} given */
  async function add(given) {
    for (const file of given) files[file.name] = new Uint8Array(await file.arrayBuffer());
    show();
  }

  input.addEventListener("change", () => add(input.files ?? []));
  field.addEventListener("dragover", (event) => {
    event.preventDefault();
    field.classList.add("over");
  });
  field.addEventListener("dragleave", () => field.classList.remove("over"));
  field.addEventListener("drop", (event) => {
    event.preventDefault();
    field.classList.remove("over");
    add(event.dataTransfer?.files ?? []);
  });
}
