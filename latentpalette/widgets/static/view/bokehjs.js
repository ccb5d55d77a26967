// Loading of BokehJS, which draws the piano rolls: once a page, from the bokeh that Python has.

const BOKEH = Symbol.for("latentpalette.bokeh");
const TIMEOUT_MILLISECONDS = 3000; // how long to wait for what another view has asked its kernel for

/**
 * BokehJS where the page has it.
 * @param {any} scope
 * @returns {any}   null where it does not
 */
export function loadedBokeh(scope) {
  return scope.Bokeh?.embed?.embed_item ? scope.Bokeh : null;
}

/**
 * Load BokehJS.
 * @param {() => Promise<BufferSource>} fetchBokeh   gets it, gzipped, where the page does not have it yet
 * @param {{ scope?: any, timers?: Pick<typeof globalThis, "setTimeout"> }} [options]
 * @returns {Promise<any>}
 */
export async function loadBokeh(fetchBokeh, { scope = globalThis, timers = globalThis } = {}) {
  if (loadedBokeh(scope)) return loadedBokeh(scope);
  if (scope[BOKEH]) {
    const pause = new Promise((resolve) => void timers.setTimeout(resolve, TIMEOUT_MILLISECONDS));
    const loaded = await Promise.race([scope[BOKEH].catch(() => null), pause]);
    if (loaded) return loaded;
  }
  // Asked for by another view whose kernel does not answer, or not at all: this one's is asked.
  scope[BOKEH] = fetchBokeh().then(async (bytes) => loadedBokeh(scope) ?? evaluateBokeh(await gunzip(bytes), scope));
  return scope[BOKEH];
}

/** @param {BufferSource} bytes */
function gunzip(bytes) {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/**
 * @param {string} source
 * @param {any} scope
 */
function evaluateBokeh(source, scope) {
  const script = document.createElement("script");
  // A page with a module loader (the classic notebook) would hand BokehJS to it and keep nothing.
  script.textContent = `(function (define, exports, module, require) {\n${source}\n}).call(globalThis);`;
  document.head.append(script);
  script.remove();
  if (!loadedBokeh(scope)) throw new Error("BokehJS could not be started on this page.");
  scope.Bokeh.set_log_level?.("warn");
  return scope.Bokeh;
}
