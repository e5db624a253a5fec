/** What the tests of the linker ask of it: a request a line on standard input, its answer a line on standard output, both
 * as JSON. */

import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { relative } from "node:path";
import { createInterface } from "node:readline";
import * as linker from "../../javascript/linker.mjs";
import { stubModule } from "../../javascript/loader/stubmodules.mjs";
import * as live from "../../javascript/linker/live.mjs";
import { checkRoot, errors } from "../../javascript/linker/explain.mjs";
import { typeText } from "../../javascript/linker/module.mjs";
import { demangle } from "../../javascript/linker/explain/demangle.mjs";

/** The files of this machine, as Python's `search.files` has them. */
class MachineFiles {
  #read = new Map();

  get(path) {
    if (!this.#read.has(path)) {
      this.#read.set(path, isFile(path) ? readFileSync(path) : undefined);
    }
    return this.#read.get(path);
  }

  real(path) {
    return realpathSync(path);
  }

  shown(path) {
    const from = relative(process.cwd(), path);
    return from.startsWith("..") ? path : from || ".";
  }

  sha256(bytes) {
    return createHash("sha256").update(bytes).digest("hex");
  }
}

function isFile(path) {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // also for what can be no path
  }
}

const REQUESTS = {
  /** A root, as a loader decides on it and as a check looks at it. */
  root({ directory, root, library_path: libraryPath, host }) {
    process.chdir(directory);
    const types = new Map(
      Object.entries(host).map(([name, { params, results }]) => [name, linker.funcType(params, results)]),
    );
    const names = new Map([...types.keys()].map((name) => [name, null]));
    const files = new MachineFiles();
    const search = () => new linker.Search(files, libraryPath);
    return {
      ...decided(() => linker.decideRoot(root, search(), types)),
      found: checkRoot(root, search(), names),
    };
  },

  /** A live process, and what comes of each request to it. */
  live({ files, directory, requests }) {
    const paths = Object.keys(files);
    const contents = new Map(paths.map((path) => [path, Buffer.from(files[path], "base64")]));
    const hashes = new Map([...contents].map(([path, data]) => [data, path]));
    const search = new linker.Search({ get: (path) => contents.get(path), sha256: (data) => hashes.get(data) });
    const decision = linker.decideRoot(paths[0], search, HOST);
    let state = live.initialState(decision.scope.libraries, decision.plan);
    let known;
    const said = (answer) => {
      if ("code" in answer) return linker.formatDiagnostic(answer);
      if ("misfits" in answer) return errors(answer).map(linker.formatDiagnostic);
      state = answer.state;
      return { ...answer, actions: answer.actions.map(actionSaid), state: stateSaid(state) };
    };
    const open = ({ path, flags }) => {
      const needed = (name, requester) => state.named(name)?.library ?? search.find(name, requester, state.root);
      const { scope } = linker.findScope(search.open(path), needed);
      known = live.globalSymbols(state, known);
      return said(live.openLibrary(state, scope, flags, HOST, directory, known.symbols));
    };
    return requests.map((request) => {
      switch (request.do) {
        case "open":
          return open(request);
        case "close":
          return said(live.close(state, request.handle));
        case "leave": {
          const group = live.nextToLeave(state);
          return [group, live.finalize(state, group), said(live.unload(state, group))];
        }
        case "fail":
          return said(live.failed(state, request.members));
        case "symbol":
          return said(live.symbol(state, request.handle, request.name, request.caller));
        case "describe": {
          const found = live.describe(state, request.address);
          return found && [found.member.number, found.symbol, found.symbolAddress];
        }
      }
      state = state.grown(request.memory, request.table);
      return null;
    });
  },

  /** The bytes of a module of stubs. */
  stubs({ types }) {
    return Buffer.from(stubModule(types)).toString("hex");
  },

  /** Names as people write them. */
  names({ names }) {
    return names.map(demangle);
  },

  /** What a module is, or what is wrong with it. */
  decode({ data, name }) {
    try {
      return moduleSaid(linker.decode(Buffer.from(data, "base64"), name));
    } catch (error) {
      return error instanceof linker.MalformedModule ? error.message : { crashed: String(error.stack) };
    }
  },
};

function moduleSaid(m) {
  const offset = (init) => init && [init.baseGlobal, String(init.value)];
  const flags = (map) => [...map].map(([name, bits]) => [name, bits & 0xfff]);
  const { dylink } = m;
  return {
    sections: m.sections.map(({ id, name, offset: start, sizeBytes }) => [id, name, start, sizeBytes]),
    imports: m.imports.map(({ module, name, type }) => [module, name, typeText(type)]),
    defined: [...m.functions, ...m.tables, ...m.memories, ...m.tags].map(typeText),
    globals: m.globals.map(({ type, init }) => [typeText(type), offset(init)]),
    exports: m.exports.map((each) => [each.name, each.kind, each.index, typeText(m.exportType(each))]),
    elements: m.elements.map((each) => [each.table, offset(each.offset), each.functions, each.mode]),
    data: m.data.map((each) => [each.memory, offset(each.offset), each.sizeBytes]),
    dylink: dylink && {
      areas: Object.values(dylink.memInfo),
      needed: dylink.needed,
      exports: flags(dylink.exportFlags),
      imports: flags(dylink.importFlags).map(([, bits]) => bits),
      paths: dylink.runtimePaths,
    },
    is: [m.ownsMemory, m.ownsTable, m.isWhole, m.isObject, m.dylinkIsFirst],
  };
}

const HOST = new Map([["log", linker.funcType(["i32"], ["i32"])]]);

function actionSaid(action) {
  if (action.do !== "instantiate") return action;
  return { ...action, modules: action.modules.map(([member, plan]) => [member.number, plan]) };
}

function stateSaid(state) {
  return {
    members: [...state.members.values()].map(({ number, library, needed, memory, table, boundTo }) => {
      return [number, library.name, needed, memory, table, sorted(boundTo)];
    }),
    scope: state.scope,
    entries: [...state.entries].map(([number, entries]) => [number, [...entries]]),
    hostEntries: [...state.hostEntries],
    memory: [state.memory.end, state.memory.holes],
    table: [state.table.end, state.table.holes],
    counts: [...state.counts],
    kept: sorted(state.kept),
    numbers: [...state.numbers],
  };
}

function sorted(numbers) {
  return [...numbers].sort((one, other) => one - other);
}

/** The plan as text, or what keeps a module from being loaded. */
function decided(decide) {
  try {
    const decision = decide();
    return decision.plan
      ? { plan: linker.planText(decision.plan), errors: [] }
      : { plan: null, errors: errors(decision) };
  } catch (error) {
    return { plan: null, errors: errors(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...request } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(REQUESTS[ask](request))}\n`);
}
