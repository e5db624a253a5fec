/** What dlopen and dlclose do to a process: for those that open more than they started with. linker.mjs says how. */

export { globalSymbols } from "./joining.mjs";
export { FIRST_NUMBER, initialState } from "./state.mjs";
export { describe } from "./described.mjs";
export {
  RTLD_DEFAULT,
  RTLD_GLOBAL,
  RTLD_LAZY,
  RTLD_LOCAL,
  RTLD_NEXT,
  RTLD_NODELETE,
  RTLD_NOLOAD,
  RTLD_NOW,
  boundBy,
  close,
  definer,
  failed,
  finalize,
  handleOf,
  memberOf,
  modeProblem,
  nextToLeave,
  notLoaded,
  openLibrary,
  openMember,
  symbol,
  unload,
} from "./transitions.mjs";
