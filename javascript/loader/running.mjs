// A program, and how it ends.

import { problem, ProcessExited, Trap } from "./errors.mjs";
import { Library } from "./library.mjs";

/** A program, which runs once. */
export class Program extends Library {
  /** @type {Promise<number> | null} */
  #exited = null;
  /** @type {Error | null} what ended it, where that was no exit */
  trap = null;

  /**
   * @param {import("./process.mjs").Process} process
   * @param {import("./program.mjs").Opener} opener
   * @param {(program: Program, act: Function) => Promise<any>} [suspending] where C's dlopen may wait
   */
  constructor(process, opener, suspending) {
    super(process, opener);
    this.suspending = suspending;
  }

  get #start() {
    return /** @type {Function} */ (this.process.export(0, this.process.plan.start));
  }

  /** Runs the program: its exit status, or 134 after a trap, which is in `trap` then, and told on standard error. */
  get exited() {
    const { suspending } = this;
    return (this.#exited ??= suspending
      ? suspending(this, this.#start).then(() => this.#over(), (error) => this.#over(error))
      : Promise.resolve().then(() => this.main()));
  }

  /** Run the program here and now; as `exited`. */
  main() {
    try {
      this.run(this.#start, []);
    } catch (error) {
      return this.#over(error);
    }
    return this.#over();
  }

  /** @param {unknown} [error] what ended it, if it did not return */
  #over(error) {
    this.opener.world.save();
    if (error === undefined) return 0;
    if (error instanceof ProcessExited) return error.status;
    if (!(error instanceof Trap)) throw error;
    this.trap = error;
    this.opener.world.stderr(new TextEncoder().encode(`${trapText(this.name, error)}\n`));
    return 134;
  }
}

/** As `wasmbuild run` says it. @param {string} name @param {Trap} trap */
export function trapText(name, trap) {
  const facts = /** @type {[string, string][]} */ (trap.backtrace ? [["in", trap.backtrace]] : []);
  return problem("trap", `\`${name}\` trapped: ${trap.message}`, { facts }).message;
}
