// dlopen, dlsym, dlclose, dlerror and dladdr for a live process: the linker's transitions decide; this carries out and
// undoes, reads what C hands over, and keeps the message that dlerror will give.

import * as linker from "../linker.mjs";
import { errors } from "../linker/explain.mjs";
import * as live from "../linker/live.mjs";
import { basename } from "../linker/paths.mjs";
import { cString, nameAt } from "./cstrings.mjs";
import { typesOf } from "./deciding.mjs";
import { waits } from "./lazy.mjs";
import { Lines } from "./lines.mjs";
import { wordsOfEngine } from "./refusals.mjs";
import { compileSync } from "./engine.mjs";
import { formatDiagnostic } from "../linker/diagnostics.mjs";
import { problem, Trap, WasmbuildError } from "./errors.mjs";
import { addStubs } from "./stubs.mjs";
import { trapOf } from "./traps.mjs";

/** @typedef {import("../linker/scope.mjs").Library} LinkedLibrary */
/** @typedef {import("../linker/transitions.mjs").Transition} Transition */

export class DynamicLoader {
  /** @type {string | null} */
  #message = null;
  #unloading = false;
  /** @type {{scope: number[], symbols: any} | undefined} a global scope and its symbol table, which costs most to make */
  #symbols;
  /** @type {Map<string, any>} through what each library that was opened was found, by identity */
  #found = new Map();

  /**
   * @param {import("./process.mjs").Process} process
   * @param {LinkedLibrary[]} libraries the plan's modules
   * @param {import("./sight.mjs").Sight} sight what the guest may have opened
   * @param {linker.Search} search finds what JavaScript opens
   * @param {string} directory the root's: paths of plans start there
   * @param {import("./place.mjs").Place} place
   */
  constructor(process, libraries, sight, search, directory, place) {
    process.lines ??= new Lines();
    this.process = process;
    this.place = place;
    this.state = live.initialState(libraries, process.plan);
    this.sight = sight;
    this.search = search;
    this.ofGuest = new linker.Search(sight, sight.libraryPath);
    this.directory = directory;
  }

  // What C calls. Numbers come signed; pointers are used only after they were checked.

  /**
   * The function of the family for one calling library. libc asks on behalf of the program.
   * @param {string} name
   * @param {number} caller
   */
  function(name, caller) {
    const asks = this.state.members.get(caller)?.library.module.imports.some((each) => each.module === "wasmbuild");
    const method = /** @type {Record<string, (caller: number, ...given: number[]) => number>} */ (this.#family)[name];
    return (/** @type {number[]} */ ...given) => method(asks ? 0 : caller, ...given.map((each) => each >>> 0));
  }

  /** For a dlopen that can be suspended: whether what it needs is there, and fetching it.
   * @param {number} caller @returns {import("./suspending.mjs").Waiting} */
  waiting(caller) {
    const look = (/** @type {number} */ name) => {
      try {
        const library = this.#find(this.#text(name), caller);
        linker.findScope(library, this.#needed(this.ofGuest));
      } catch {
        // dlopen itself will say it.
      }
    };
    return {
      ready: (name) => name === 0 || /** @type {Function} */ (this.place.isThere)(() => look(name)),
      fetch: (name) => this.place.when(() => look(name)),
    };
  }

  #family = {
    dlopen: (/** @type {number} */ caller, /** @type {number} */ name, /** @type {number} */ flags) =>
      this.#guarded(() => this.open(name === 0 ? null : this.#text(name), flags, caller), 0),
    dlsym: (/** @type {number} */ caller, /** @type {number} */ handle, /** @type {number} */ name) =>
      this.#guarded(() => this.symbol(handle, this.#text(name), caller), 0),
    dlclose: (/** @type {number} */ _, /** @type {number} */ handle) => this.#guarded(() => this.close(handle), -1),
    dlerror: (/** @type {number} */ _, /** @type {number} */ at, /** @type {number} */ size) => {
      if (this.#message === null) return 0;
      this.#write(at, cString(this.#message, size));
      this.#message = null;
      return 1;
    },
    dladdr: (/** @type {number[]} */ ...[, address, file, symbol, size, found]) => {
      const answer = live.describe(this.state, address);
      if (!answer) return 0;
      this.#write(file, cString(this.sight.named(answer.member.library.identity), size));
      this.#write(symbol, cString(answer.symbol, size));
      const numbers = new DataView(new ArrayBuffer(8));
      numbers.setUint32(0, answer.member.memory[0], true);
      numbers.setUint32(4, answer.symbolAddress, true);
      this.#write(found, new Uint8Array(numbers.buffer));
      return 1;
    },
  };

  /**
   * @param {() => number} act
   * @param {number} failed
   */
  #guarded(act, failed) {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof WasmbuildError)) throw error;
      this.#message = error.diagnostics.map((each) => formatDiagnostic(each).replace(/^error: /, "")).join("\n");
      return failed;
    }
  }

  /** @param {number} start */
  #text(start) {
    return nameAt(/** @type {WebAssembly.Memory} */ (this.process.memory), start);
  }

  /**
   * @param {number} start
   * @param {Uint8Array} data
   */
  #write(start, data) {
    const memory = new Uint8Array(/** @type {WebAssembly.Memory} */ (this.process.memory).buffer);
    if (start + data.length > memory.length) throw trapOf(new WebAssembly.RuntimeError("memory access out of bounds"), this.process.linesOf);
    memory.set(data, start);
  }

  // What it means.

  /**
   * The handle of a library, which is brought into the process if it is not there. Raises WasmbuildError; then nothing
   * has changed.
   * @param {string | null} name
   * @param {number} flags
   * @param {number} caller
   */
  open(name, flags, caller = 0) {
    const problem = live.modeProblem(flags);
    if (problem) throw new WasmbuildError(problem);
    if (name === null || name === "") return live.handleOf(0);
    return this.openLibrary(this.#find(name, caller), flags, this.ofGuest);
  }

  /**
   * As `open`, for a library that was found already; what it needs, `search` finds.
   * @param {LinkedLibrary} library
   * @param {number} flags
   * @param {linker.Search} search
   * @returns {number}
   */
  openLibrary(library, flags, search) {
    const member = this.state.find(library.identity);
    const isLazy = member && waits(this.process, member.number);
    if (isLazy && flags & live.RTLD_NOLOAD) throw new WasmbuildError(live.notLoaded(library.name));
    if (isLazy) this.process.need(member.number);
    if (member) return this.#commit(live.openMember(this.state, member.number, flags));
    const { scope, missing } = explained(() => linker.findScope(library, this.#needed(search)));
    if (missing.length) throw new WasmbuildError(...missing);
    this.#observe();
    const types = typesOf(this.process.options.host);
    const step = accepted(live.openLibrary(this.state, scope, flags, types, this.directory, this.#globalSymbols()));
    const needed = live.boundBy(step).map((number) => this.process.need(number));
    if (needed.includes(true)) return this.openLibrary(library, flags, search); // their constructors may have opened more
    for (const each of scope.libraries) this.#found.set(each.identity, search.files);
    return this.#bringIn(step, library);
  }

  /**
   * Give a handle back. What nobody uses then leaves the process. Raises WasmbuildError for what is no handle.
   * @param {number} handle
   */
  close(handle) {
    this.#commit(accepted(live.close(this.state, handle)));
    this.#unload();
    return 0;
  }

  /**
   * The address of data, or a function's table index. Raises WasmbuildError where there is none.
   * @param {number} handle
   * @param {string} name
   * @param {number} caller
   */
  symbol(handle, name, caller = 0) {
    const definer = live.definer(this.state, handle, name, caller);
    if (!("code" in definer)) this.process.need(definer.number);
    this.#observe();
    const step = accepted(live.symbol(this.state, handle, name, caller));
    this.#carryOut(step.actions);
    return this.#commit(step);
  }

  /**
   * A library by its bare name: the member that bears it, else what is found where needed libraries are.
   * @param {string} name
   * @param {linker.Search} search
   * @param {number} caller
   */
  findByName(name, search, caller = 0) {
    const found = explained(() => this.#needed(search)(name, this.state.member(caller).library));
    if (!("searched" in found)) return found;
    throw problem("needed-not-found", `library not found: \`${name}\``, {
      facts: [["searched", found.searched.join(", ") || "nowhere"]],
    });
  }

  /** The members in which a symbol of an open library is looked for. @param {number} handle */
  members(handle) {
    return this.state.breadthFirst(live.memberOf(handle));
  }

  /**
   * A library that JavaScript means, with all that it needs asked for.
   * @param {string} name
   * @param {boolean} byPath
   */
  findAll(name, byPath) {
    const library = byPath ? explained(() => this.search.open(name)) : this.findByName(name, this.search);
    explained(() => linker.findScope(library, this.#needed(this.search)));
    return library;
  }

  // How it is done.

  /** What the guest means by a name. @param {string} name @param {number} caller */
  #find(name, caller) {
    if (!name.includes("/")) return this.findByName(name, this.ofGuest, caller);
    const path = this.sight.place(name);
    if (path === null) {
      const shown = this.sight.directories.map(([guest]) => guest).join(", ") || "no directory";
      throw problem("needed-not-found", `library not found: \`${name}\``, {
        facts: [["searched", `the directories that the program may see: ${shown}`]],
      });
    }
    return explained(() => this.ofGuest.open(path, basename(name), name));
  }

  /** @param {linker.Search} search @returns {(name: string, requester: LinkedLibrary) => any} */
  #needed(search) {
    return (name, requester) => this.state.named(name)?.library ?? search.find(name, requester, this.state.root);
  }

  #globalSymbols() {
    this.#symbols = live.globalSymbols(this.state, this.#symbols);
    return this.#symbols.symbols;
  }

  /** @param {Transition} step */
  #commit(step) {
    this.state = step.state;
    return step.value;
  }

  /**
   * @param {Transition} step
   * @param {LinkedLibrary} library
   */
  #bringIn(step, library) {
    const before = this.state;
    const stack = this.process.stackPointer?.value ?? 0;
    try {
      this.#carryOut(step.actions);
      const handle = this.#commit(step);
      this.process.makeCalls(step.calls, stack);
      return handle;
    } catch (error) {
      if (!(error instanceof Trap || error instanceof WasmbuildError)) throw error;
      this.#undo(step, before, stack);
      const { said, details } = error instanceof Trap ? { said: error.message, details: error.backtrace } : wordsOfEngine(error);
      if (said === undefined) throw error;
      throw problem("dl-trap", `\`${library.name}\` failed to start: ${said}`, { facts: details ? [["in", details]] : [] });
    }
  }

  /**
   * As if it had never been.
   * @param {Transition} step
   * @param {import("../linker/state.mjs").ProcessState} before
   * @param {number} stack
   */
  #undo(step, before, stack) {
    if (this.process.stackPointer) this.process.stackPointer.value = stack;
    if (this.state === before) {
      this.#carryOut(step.undo);
      return;
    }
    const undone = live.failed(this.state, step.undo.map((clear) => clear.member));
    this.#carryOut(undone.actions);
    this.#commit(undone);
    this.#unload();
  }

  /** Unload every member that nobody keeps, users first, after its destructors have run: these may open it again, or
   * others. What they close leaves when they have ended, as in glibc. */
  #unload() {
    if (this.#unloading) return;
    this.#unloading = true;
    try {
      for (let group = live.nextToLeave(this.state); group.length; group = live.nextToLeave(this.state)) {
        this.process.makeCalls(live.finalize(this.state, group));
        const step = live.unload(this.state, group);
        this.#carryOut(step.actions);
        this.#commit(step);
      }
    } finally {
      this.#unloading = false;
    }
  }

  /** @param {import("../linker/transitions.mjs").Action[]} actions */
  #carryOut(actions) {
    const { process } = this;
    for (const action of actions) {
      if (action.do === "grow") this.#grow(action.memoryBytes, action.tableElements);
      else if (action.do === "zero") {
        const { buffer } = /** @type {WebAssembly.Memory} */ (process.memory);
        new Uint8Array(buffer, action.address, action.sizeBytes).fill(0);
      } else if (action.do === "instantiate") this.#instantiate(action.modules);
      else if (action.do === "fill") process.fillEntries(action.entries);
      else {
        const table = /** @type {WebAssembly.Table} */ (process.table);
        // Where the table could not grow, what was to be filled is not there to be emptied.
        for (const index of action.tableIndexes) if (index < table.length) table.set(index, null);
        process.instances.delete(action.member);
      }
    }
  }

  /** @param {[import("../linker/state.mjs").Member, import("../linker/plan.mjs").ModulePlan][]} modules */
  #instantiate(modules) {
    const { process } = this;
    for (const [{ library }, plan] of modules) {
      const { compiled } = process.options;
      if (!compiled.has(plan.sha256)) compiled.set(plan.sha256, compileSync(plan.name, this.image(library)));
      process.lines?.note(process.compiled(plan), { name: plan.name, path: library.identity }, () => this.image(library));
    }
    addStubs(process, modules.map(([, plan]) => plan));
    for (const [{ number }, plan] of modules) process.instances.set(number, process.instantiate(plan));
  }

  /** The bytes of a library that was opened. Raises WasmbuildError where its file has changed since.
   * @param {LinkedLibrary} library */
  image(library) {
    const files = this.#found.get(library.identity);
    const bytes = files.get(library.identity);
    if (bytes && files.sha256(bytes) === library.sha256) return bytes;
    throw problem("file-changed", `it has changed since it was read: \`${library.name}\``);
  }

  /**
   * @param {number} memoryBytes
   * @param {number} tableElements
   */
  #grow(memoryBytes, tableElements) {
    const memory = /** @type {WebAssembly.Memory} */ (this.process.memory);
    const table = /** @type {WebAssembly.Table} */ (this.process.table);
    const pages = Math.max(0, (memoryBytes - memory.buffer.byteLength) / 65536);
    const elements = Math.max(0, tableElements - table.length);
    try {
      if (pages > 0) memory.grow(pages);
      if (elements > 0) table.grow(elements, null);
    } catch {
      throw problem("no-room", "the process reached its limit", { facts: [["needed", `${pages} pages and ${elements} table entries more`]] });
    }
  }

  /** The guest grows its memory by itself. */
  #observe() {
    const { memory, table } = this.process;
    this.state = this.state.grown(memory?.buffer.byteLength ?? 0, table?.length ?? 0);
  }
}

/** Raises WasmbuildError where a request was refused. @param {any} answer @returns {Transition} */
function accepted(answer) {
  if ("code" in answer) throw new WasmbuildError(answer);
  if ("misfits" in answer) throw new WasmbuildError(...errors(answer));
  return answer;
}

/**
 * What is no library, in words.
 * @template T
 * @param {() => T} act
 * @returns {T}
 */
export function explained(act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof linker.NotALibrary) throw new WasmbuildError(...errors(error));
    throw error;
  }
}
