// BokehJS, which draws the piano rolls: once a page, out of the bokeh that Python has.

const BOKEH_KEY = Symbol.for("latentpalette.bokeh");
const PATIENCE = 3000; // [ms] how long to wait for what another view has asked its kernel for

export function bokehOf(scope) {
  return scope.Bokeh?.embed?.embed_item ? scope.Bokeh : null;
}

// Answers with BokehJS. `fetchLibrary` gets it, gzipped, where the page does not have it yet.
export async function bokehFor(fetchLibrary, { scope = globalThis, timers = globalThis } = {}) {
  if (bokehOf(scope)) return bokehOf(scope);
  if (scope[BOKEH_KEY]) {
    const pause = new Promise((resolve) => timers.setTimeout(resolve, PATIENCE));
    const found = await Promise.race([scope[BOKEH_KEY].catch(() => null), pause]);
    if (found) return found;
  }
  // Asked for by another view whose kernel does not answer, or not at all: this one's is asked.
  scope[BOKEH_KEY] = fetchLibrary().then(async (bytes) => bokehOf(scope) ?? evaluateBokeh(await unzipped(bytes), scope));
  return scope[BOKEH_KEY];
}

function unzipped(bytes) {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

function evaluateBokeh(source, scope) {
  const script = document.createElement("script");
  // A page with a module loader (the classic notebook) would hand BokehJS to it and keep nothing.
  script.textContent = `(function (define, exports, module, require) {\n${source}\n}).call(globalThis);`;
  document.head.append(script);
  script.remove();
  if (!bokehOf(scope)) throw new Error("BokehJS could not be started on this page.");
  scope.Bokeh.set_log_level?.("warn");
  return scope.Bokeh;
}
