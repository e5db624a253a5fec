/** What the tests of the linker ask of it: requests as JSON on standard input, answers as JSON on standard output.
 * Run as `node driver.mjs`, once for many requests. */

import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { relative } from "node:path";
import * as linker from "../../javascript/linker.mjs";
import { checkRoot, errors } from "../../javascript/linker/explain.mjs";

/** The files of this machine, as Python's `search.files` has them. */
class MachineFiles {
  #read = new Map();

  get(path) {
    if (!this.#read.has(path)) {
      const found = statSync(path, { throwIfNoEntry: false });
      this.#read.set(path, found?.isFile() ? readFileSync(path) : undefined);
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

const REQUESTS = {
  /** A root, as a loader decides on it and as a check looks at it. */
  root({ directory, root, library_path: libraryPath, host }) {
    process.chdir(directory);
    const types = new Map(Object.entries(host).map(([name, { params, results }]) => [name, linker.funcType(params, results)]));
    const names = new Map([...types.keys()].map((name) => [name, null]));
    const files = new MachineFiles();
    const search = () => new linker.Search(files, libraryPath);
    return {
      ...decided(() => linker.decideRoot(root, search(), types)),
      found: checkRoot(root, search(), names),
    };
  },
};

/** The plan as text, or what keeps a module from being loaded. */
function decided(decide) {
  try {
    const decision = decide();
    return decision.plan ? { plan: linker.planText(decision.plan), errors: [] } : { plan: null, errors: errors(decision) };
  } catch (error) {
    return { plan: null, errors: errors(error) };
  }
}

const requests = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(requests.map(({ ask, ...request }) => REQUESTS[ask](request))));
