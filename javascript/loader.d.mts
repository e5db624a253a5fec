/** Loads what wasmbuild built: programs and shared libraries, with all that they need. docs/javascript.md. */

export interface Diagnostic {
  code: string;
  headline: string;
  facts: [label: string, value: string][];
  notes: string[];
  help: string[];
  severity: "error" | "warning";
}

/** What was asked for cannot be done; the message is the text of all diagnostics. */
export class WasmbuildError extends Error {
  diagnostics: Diagnostic[];
}

/** Wasm did what it may not. `kind` is a word that is the same for every engine, `backtrace` has a call a line. */
export class Trap extends Error {
  kind: string;
  backtrace: string;
}

/** An exception of C++ left the function that was called. The process lives on if it was `caught` at that call. */
export class CppException extends Trap {
  typeName: string;
  what: string | null;
  caught: boolean;
}

/** C called `exit`, in a call that was not the program's start. */
export class ProcessExited extends Error {
  status: number;
}

/** The process cannot be used any more; `cause` is what ended it. */
export class ProcessDead extends Error {}

export interface HostFunction {
  type: { params: string[]; results: string[] };
  function: (...given: any[]) => any;
}

export interface Options {
  /** Where needed libraries are looked for, beside runtime paths and the module's own directory. */
  libraries?: string | string[];
  /** A link plan (`wasmbuild plan`), or its text. Without one, the link is decided here. */
  plan?: object | string;
  /** All modules that there are, as in a bundle: name → path, from the root's directory, and hash. No other is looked for. */
  modules?: Record<string, { path: string; sha256: string; bytes?: Uint8Array }>;
  /** Libraries that C may open, and lazy ones that it may call (all, where nothing is said here): where modules are
   * fetched and C cannot wait, in a page's main thread. */
  prefetch?: string | string[];
  /** Functions that the modules import, by name. */
  host?: Record<string, HostFunction>;
  /** Of the program, without its own name. */
  args?: string[];
  env?: Record<string, string>;
  /** What is in its directory `/`: path → contents. */
  files?: Record<string, Uint8Array | string>;
  /** Directories of the machine (Node): name in the program → directory. They are written when it has ended. */
  directories?: Record<string, string>;
  /** What its files may have in all. */
  filesLimitBytes?: number;
  /** Text, bytes, what gives the next bytes (none: the end), or the process's own. */
  stdin?: string | Uint8Array | ((size: number) => Uint8Array) | "inherit";
  stdout?: ((data: Uint8Array) => void) | typeof console.log;
  stderr?: ((data: Uint8Array) => void) | typeof console.error;
  /** Whether the streams are a terminal: C writes line by line then. */
  terminal?: boolean;
  /** What its memory may grow to. */
  memoryBytes?: number;
  /** Ends the loading: the promise is rejected with the signal's reason. What runs already is not stopped. */
  signal?: AbortSignal;
}

export interface Placed {
  readonly address: number;
  free(): void;
}

export interface Bytes extends Placed {
  readonly size: number;
  /** What is there now. */
  readonly data: Uint8Array;
}

export interface Callable {
  /** Numbers, and BigInt for i64; what was placed stands for its address. */
  call(name: string, ...given: (number | bigint | Placed)[]): any;
}

/** A library that was opened in a process: it stays until `close`. */
export interface Opened extends Callable {
  readonly name: string;
  close(): Promise<void>;
}

/** A process of its own: memory and functions that no other process shares. */
export interface Library extends Callable {
  readonly name: string;
  readonly alive: boolean;
  /** The process's memory. It is another array after the memory has grown. */
  readonly memory: Uint8Array;
  /** The program's files: path → contents. */
  readonly files: Record<string, Uint8Array>;
  bytes(data: Uint8Array | ArrayBuffer | string): Bytes;
  text(address: number): string;
  callback(type: string, act: (...given: any[]) => any): Placed;
  open(name: string, options?: { join?: boolean }): Promise<Opened>;
  close(): Promise<void>;
}

/** A program, which runs once. */
export interface Program extends Library {
  /** Runs it: the exit status, or 134 after a trap. */
  readonly exited: Promise<number>;
  readonly trap: Trap | null;
  /** Run it here and now. */
  main(): number;
}

/** Load a program (with `_start`) or a library; constructors have run. */
export function load(source: string | URL, options?: Options): Promise<Program & Library>;
