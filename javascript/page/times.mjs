// How long it takes to load: what is fetched, by the browser's own account; compiling and instantiating, by looking on
// when the loader asks the engine.

/** @typedef {{kind: string, what: string, start: number, end: number}} Span in ms, since the worker began */

export function measure() {
  /** @type {Span[]} */
  const spans = [];

  /**
   * @template T
   * @param {string} kind
   * @param {string} what
   * @param {() => T} act
   * @returns {T}
   */
  function span(kind, what, act) {
    const start = performance.now();
    const done = () => spans.push({ kind, what, start, end: performance.now() });
    /** @type {any} */
    let result;
    try {
      result = act();
    } catch (error) {
      done();
      throw error;
    }
    if (typeof result?.then === "function") return result.finally(done);
    done();
    return result;
  }

  const engine = /** @type {any} */ (WebAssembly);
  const { compile, compileStreaming, Instance } = engine;
  const size = (/** @type {any} */ bytes) => (bytes?.byteLength ? `${bytes.byteLength} bytes` : "");
  engine.compile = (/** @type {any[]} */ ...given) => span("compile", size(given[0]), () => compile(...given));
  if (compileStreaming) {
    engine.compileStreaming = (/** @type {any[]} */ ...given) =>
      span("compile", given[0]?.url?.split("/").pop() ?? "", () => compileStreaming(...given));
  }
  engine.Instance = new Proxy(Instance, {
    construct: (target, given, made) => span("instantiate", "", () => Reflect.construct(target, given, made)),
  });

  function all() {
    const fetched = performance.getEntriesByType("resource").map((entry) => {
      const { name, startTime, responseEnd } = /** @type {PerformanceResourceTiming} */ (entry);
      return { kind: "fetch", what: name.split("/").pop() ?? "", start: startTime, end: responseEnd };
    });
    return [...fetched, ...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  }
  return { span, all };
}
