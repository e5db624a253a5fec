// What goes wrong, as values: those that a developer reads, and those that end a guest.

import { diagnostic, WasmbuildError } from "../linker/diagnostics.mjs";

export { WasmbuildError };

/**
 * One finding, to be raised.
 * @param {string} code
 * @param {string} headline
 * @param {{facts?: [string, string][], help?: string[]}} [rest]
 */
export const problem = (code, headline, rest) => new WasmbuildError(diagnostic(code, headline, rest));

/** Wasm did what it may not. `kind` is a word that is the same for every engine, `backtrace` has a call a line. */
export class Trap extends Error {
  /**
   * @param {string} kind
   * @param {string} message
   * @param {string} backtrace
   */
  constructor(kind, message, backtrace = "") {
    super(message);
    this.name = "Trap";
    this.kind = kind;
    this.backtrace = backtrace;
  }
}

/**
 * An exception of C++ left the function that was called. `typeName` is its type as C++ writes it, `what` what it says
 * of itself: null if it is no `std::exception`. It was caught where the call was made, and the process lives on, unless
 * nobody catches it there: out of `main` or of a static constructor.
 */
export class CppException extends Trap {
  /**
   * @param {string} typeName
   * @param {string | null} what
   * @param {boolean} caught
   * @param {string} backtrace
   */
  constructor(typeName, what, caught, backtrace) {
    const said = `uncaught exception of type ${typeName}${what === null ? "" : `: ${what}`}`;
    super("uncaught-exception", (caught ? "" : "terminating due to ") + said, backtrace);
    this.name = "CppException";
    this.typeName = typeName;
    this.what = what;
    this.caught = caught;
  }
}

/** C called `exit`. */
export class ProcessExited extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`the process has ended with exit status ${status}`);
    this.name = "ProcessExited";
    this.status = status;
  }
}

/** The process cannot be used any more; `cause` is what ended it. */
export class ProcessDead extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    const died = `the process is dead${cause instanceof Trap ? ` since it trapped: ${cause.message}` : `: ${cause}`}`;
    super(cause === null ? "the process is closed" : cause instanceof ProcessExited ? cause.message : died, { cause });
    this.name = "ProcessDead";
  }
}
