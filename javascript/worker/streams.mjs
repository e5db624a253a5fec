// A program's standard streams between a worker, where it runs and may wait, and the page. What it prints comes as
// messages. Where the page is isolated from other origins, memory is shared too: then standard input can come later,
// and who prints faster than the page takes it waits.

import { problem } from "../loader/errors.mjs";

const INPUT = 0; // bytes of input that are there; -1: the end
const OUTPUT = 1; // bytes of output that the page has not taken
const HEADER_BYTES = 8;
const ROOM_BYTES = 65536;
const UNTAKEN_BYTES = 1 << 20;
const END = -1;

/** The page's side. */
export class Streams {
  /** @type {Uint8Array[]} */
  #waiting = [];
  #ended = false;
  /**
   * @param {(output: 1 | 2, data: Uint8Array) => void} print
   */
  constructor(print) {
    this.print = print;
    this.shared = globalThis.crossOriginIsolated ? new SharedArrayBuffer(HEADER_BYTES + ROOM_BYTES) : null;
    this.state = this.shared && new Int32Array(this.shared, 0, 2);
  }

  /** Whether a message was of the worker's streams; it is then done. @param {any} message */
  take(message) {
    if (message.is === "input") this.#feed();
    else if (message.is === "output") {
      this.print(message.output, message.data);
      if (this.state) {
        Atomics.sub(this.state, OUTPUT, message.data.length);
        Atomics.notify(this.state, OUTPUT);
      }
    }
    return ["input", "waiting", "output"].includes(message.is);
  }

  /** More input; null is its end. @param {Uint8Array | null} data */
  write(data) {
    if (!this.state) throw notIsolated();
    if (this.#ended) throw new Error("standard input has ended");
    if (data === null) this.#ended = true;
    else if (data.length) this.#waiting.push(data);
    this.#feed();
  }

  #feed() {
    if (!this.state || !this.shared || Atomics.load(this.state, INPUT) !== 0) return;
    const next = this.#waiting.shift();
    if (next) {
      const part = next.subarray(0, ROOM_BYTES);
      if (part.length < next.length) this.#waiting.unshift(next.subarray(part.length));
      new Uint8Array(this.shared, HEADER_BYTES).set(part);
      Atomics.store(this.state, INPUT, part.length);
    } else if (this.#ended) {
      Atomics.store(this.state, INPUT, END);
    }
    Atomics.notify(this.state, INPUT);
  }
}

function notIsolated() {
  return problem("not-isolated", "a program cannot wait for its standard input in this page: it shares no memory with workers", {
    facts: [["needed", "`Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`, of the server"]],
    help: ["have the server send these headers, or give `stdin` to `load`"],
  });
}

/**
 * The worker's side: what `load` takes.
 * @param {SharedArrayBuffer | null} shared
 * @param {(message: any) => void} post
 */
export function streams(shared, post) {
  const state = shared && new Int32Array(shared, 0, 2);
  let left = new Uint8Array();
  /** @param {1 | 2} output */
  const printer = (output) => (/** @type {Uint8Array} */ data) => {
    post({ is: "output", output, data });
    if (!state) return;
    let untaken = Atomics.add(state, OUTPUT, data.length) + data.length;
    while (untaken > UNTAKEN_BYTES) {
      Atomics.wait(state, OUTPUT, untaken);
      untaken = Atomics.load(state, OUTPUT);
    }
  };
  /** @param {number} size */
  function stdin(size) {
    if (!state || !shared) return left;
    if (left.length === 0) {
      let count = Atomics.load(state, INPUT);
      if (count === 0) post({ is: "waiting" });
      for (; count === 0; count = Atomics.load(state, INPUT)) Atomics.wait(state, INPUT, 0);
      if (count === END) return left;
      left = new Uint8Array(shared, HEADER_BYTES, count).slice();
      Atomics.store(state, INPUT, 0);
      post({ is: "input" });
    }
    const part = left.subarray(0, size);
    left = left.subarray(size);
    return part;
  }
  return { stdin, stdout: printer(1), stderr: printer(2) };
}
