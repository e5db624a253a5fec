/** The linker: bytes → modules → scope → resolution → layout → plan, and what dlopen and dlclose do to a process.
 *
 * Pure, without dependencies, for every engine: the same passes as wasmbuild's own, with the same answers to the byte.
 *
 *     const search = new Search({ get: (path) => bytes, sha256: (bytes) => hex }, ["/app/lib"]);
 *     const decision = decideRoot("/app/bin/greet.wasm", search, host);   // host: Map of name → function type
 *     if (decision.plan === null) throw new WasmbuildError(...(await import("./linker/explain.mjs")).errors(decision));
 *     decision.plan                                                       // the document of docs/plan.md
 *
 * What is asked for and is not there, or no library: `decideRoot` throws WasmbuildError, or NotALibrary, which
 * `explain.mjs` puts in words. Texts of what does not fit are in that module, as most processes need none of it.
 *
 * Then, for libraries that come and go, with `linker/live.mjs`:
 *
 *     let state = initialState(decision.scope.libraries, decision.plan);
 *     const { scope, missing } = findScope(search.open("/app/lib/plug.so"), (name, requester) =>
 *       state.named(name)?.library ?? search.find(name, requester, state.root));
 *     known = globalSymbols(state, known);              // may be left out, and is quicker with it
 *     const answer = openLibrary(state, scope, RTLD_NOW, host, "/app/bin", known.symbols);
 *     if ("actions" in answer) …                        // a Transition: carry it out, then state = answer.state
 *     else if ("code" in answer) …                      // a Diagnostic
 *     else …                                            // a Decision without a plan: errors(answer) of explain.mjs
 *
 * Loaders that have a plan need nothing of this. */

export { decide } from "./linker/decide.mjs";
export { decode } from "./linker/decode.mjs";
export { WasmbuildError, diagnostic, formatDiagnostic } from "./linker/diagnostics.mjs";
export { funcType } from "./linker/module.mjs";
export { VERSION, planText } from "./linker/plan.mjs";
export { MalformedModule } from "./linker/reader.mjs";
export { findScope } from "./linker/scope.mjs";
export { NotALibrary, Search, decideRoot, decodeLibrary, openRoot } from "./linker/search.mjs";
