// Loads what wasmbuild built: programs and shared libraries, with all that they need. docs/javascript.md.

export { load } from "./loader/program.mjs";
export { CppException, ProcessDead, ProcessExited, Trap, WasmbuildError } from "./loader/errors.mjs";
