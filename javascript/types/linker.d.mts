/** The linker: bytes → modules → scope → resolution → layout → plan. Pure: it reads no files and runs nothing. docs/javascript.md. */

import type { Diagnostic } from "../loader.mjs";
export type { Diagnostic } from "../loader.mjs";

/** "i32", "i64", "f32", "f64", "v128", "funcref", "externref", "exnref", else the text format's own words. */
export type ValType = string;

export interface FuncType {
  kind: "func";
  params: ValType[];
  results: ValType[];
}

export interface Limits {
  minimum: number | bigint;
  /** null: unbounded */
  maximum: number | bigint | null;
}

export type ExternType =
  | FuncType
  | { kind: "table"; element: ValType; limits: Limits; is64: boolean }
  | { kind: "memory"; limits: Limits; shared: boolean; is64: boolean; pageSizeP2: number }
  | { kind: "global"; value: ValType; mutable: boolean }
  | { kind: "tag"; type: FuncType };

export interface Import {
  module: string;
  name: string;
  type: ExternType;
}

export interface Export {
  name: string;
  kind: ExternType["kind"];
  index: number;
}

/** A whole module without its code, in the order of the file. */
export interface Module {
  readonly imports: Import[];
  readonly exports: Export[];
  /** Sections, of which those with id 0 have a name of their own; `offset` is where the contents start. */
  readonly sections: { id: number; name: string; offset: number; sizeBytes: number }[];
  /** What dylink.0 says; null where there is none. */
  readonly dylink: {
    needed: string[];
    runtimePaths: string[];
    memInfo: { memorySize: number; memoryP2align: number; tableSize: number; tableP2align: number };
  } | null;
  /** Whether it was linked to run alone. */
  readonly isWhole: boolean;
  /** Whether it is what `clang -c` writes, not yet linked. */
  readonly isObject: boolean;
  exportType(export_: Export): ExternType;
}

/** A module that was found. */
export interface Library {
  name: string;
  /** One for each file, however often and by whatever name it is needed. */
  identity: string;
  module: Module;
  sha256: string;
  /** The stack that a program asks for. */
  stackBytes: number | null;
  /** The names of those that it needs only when it calls into them. */
  lazy: Set<string>;
}

/** A needed library that is nowhere: the places that were searched, in order. */
export interface NotFound {
  searched: string[];
}

/** The root and what it needs, breadth-first: the order in which the first definition of a symbol wins. */
export interface Scope {
  readonly libraries: Library[];
  /** For each library, the indexes of those that it needs itself, in its order. */
  readonly needed: number[][];
  /** Of these, those that it needs only when it calls into them; nothing where no library has any. */
  readonly lazy: Set<number>[];
}

/** Functions that the embedder supplies, by name. */
export type Host = Map<string, FuncType>;

/** What was decided. `plan` is null where something does not fit: `explain.mjs` has the words for it. */
export interface Decision {
  scope: Scope;
  plan: LinkPlan | null;
}

export interface PlannedType {
  params: string[];
  results: string[];
}

export type FromModule = { is: "from-module"; module: number; export: string };
export type FromHost = { is: "from-host"; name: string; type: PlannedType | null };

export type ImportValue =
  | { is: "shared"; what: "memory" | "table" | "stack_pointer" }
  | { is: "constant"; value: number }
  | { is: "got-entry"; name: string; value: number }
  | FromModule
  | { is: "stub"; table_index: number; type: PlannedType }
  | { is: "trap-when-called"; name: string; type: PlannedType }
  | { is: "from-wasi"; name: string }
  | FromHost
  | { is: "from-loader"; name: string; type: PlannedType; module: number };

export interface ModulePlan {
  name: string;
  path: string;
  sha256: string;
  needed: number[];
  memory_base: number;
  table_base: number;
  imports: ImportValue[];
}

export type TableEntry = {
  index: number;
  function: FromModule | FromHost | { is: "opener"; module: number; export: string; type: PlannedType };
};
export type Call = { module: number; export: string; arguments: number[] };

/** Everything that a loader has to do for one process, as a document: docs/plan.md. */
export interface LinkPlan {
  version: number;
  pointer_bits: 32;
  modules: ModulePlan[];
  instantiate: number[];
  memory: { pages: number; max_pages: number; stack_low: number; stack_high: number; heap_base: number } | null;
  table: { size: number; max_size: number | null } | null;
  table_entries: TableEntry[];
  initialise: Call[];
  start: string | null;
  /** Modules that come at the first call into them; left out where there are none. */
  lazy?: { module: number; instantiate: number[]; table_entries: TableEntry[]; initialise: Call[] }[];
}

/** The version of plans that is written here. A loader refuses what it does not know. */
export const VERSION: number;

/** The document: JSON. Equal plans have equal bytes. */
export function planText(plan: LinkPlan): string;

/** What was asked for cannot be done; the message is the text of all diagnostics. */
export class WasmbuildError extends Error {
  constructor(...diagnostics: Diagnostic[]);
  diagnostics: Diagnostic[];
}

/** The bytes are no module. */
export class MalformedModule extends WasmbuildError {
  constructor(name: string, offset: number, problem: string);
}

/** A file that is a module, and no library that could be linked dynamically. What it is instead, `explain.mjs` says. */
export class NotALibrary extends Error {
  constructor(library: Library, shown: string);
  library: Library;
  shown: string;
}

export function diagnostic(
  code: string,
  headline: string,
  rest?: { facts?: [label: string, value: string][]; notes?: string[]; help?: string[]; severity?: "error" | "warning" },
): Diagnostic;

/** The text of a diagnostic, without a final newline. */
export function formatDiagnostic(found: Diagnostic): string;

export function funcType(params?: ValType[], results?: ValType[]): FuncType;

/** Decode a whole module; `name` is what messages call it. Throws MalformedModule. */
export function decode(data: Uint8Array, name?: string): Module;

/** A module of any kind from its bytes. Throws MalformedModule, which says `shown`. */
export function decodeLibrary(data: Uint8Array, name: string, identity: string, shown: string, sha256: string): Library;

/** The files that a search may look at. Paths are separated by `/`. */
export interface Files {
  /** A file's bytes, the same as long as it is the same; undefined where there is none. */
  get(path: string): Uint8Array | undefined;
  /** In hexadecimal. */
  sha256(bytes: Uint8Array): string;
  /** One path for each file, whatever leads to it. */
  real?(path: string): string;
  /** How messages name a path; "" for a directory that they should not name. */
  shown?(path: string): string;
}

/** Finds needed libraries: the requester's runtime path, then the library path, then the root's directory. */
export class Search {
  constructor(files: Files, libraryPath?: string[]);
  files: Files;
  libraryPath: string[];
  find(needed: string, requester: Library, root: Library): Library | NotFound;
  /** A shared library, or a program made with `-pie`. Throws WasmbuildError or NotALibrary. */
  open(path: string, name?: string, shownAs?: string): Library;
  /** As `open`, for a module of any kind. */
  module(path: string, name?: string, shownAs?: string): Library;
  shown(path: string): string;
}

/** The scope of `root`, and a diagnostic for what was not found. */
export function findScope(
  root: Library,
  openNeeded: (name: string, requester: Library, root: Library) => Library | NotFound,
): { scope: Scope; missing: Diagnostic[] };

/** Read a module and find what it needs. Throws WasmbuildError or NotALibrary. */
export function openRoot(path: string, search: Search): Scope;

/** Whether a scope fits, and then its plan. */
export function decide(scope: Scope, host: Host, stackBytes?: number): Decision;

/** How a module is loaded. Throws as `openRoot` does. */
export function decideRoot(path: string, search: Search, host?: Host): Decision;
