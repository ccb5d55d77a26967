// The engine of a page of Jupyter: Python sends it when an instrument asks, and instruments of one model share it.
/** @import { Engine } from "../client.js" */
/** @import { Model, PackedModel, PageResponder, Request, Timeouts } from "../../types.js" */

import { toBytes } from "../../state/bytes.js";
import { startEngine } from "../client.js";
import { createResponder, pageRequests } from "./responder.js";

const ENGINES = Symbol.for("latentpalette.engines");
const MAX_UNUSED = 3; // of which a cell that is run again may need one
const ASK_MILLISECONDS = 200;

/**
 * @typedef {object} SharedEngine
 * @property {Promise<Engine>} engine
 * @property {number} users
 */

/**
 * Those of the page, by what they do. Each widget has a copy of this module, so they are found on the global object.
 * @returns {Map<string, SharedEngine>}
 */
const engines = () => (/** @type {any} */ (globalThis)[ENGINES] ??= new Map());

/**
 * Start an engine for an instrument, or share one that runs. Null where Python has none for it; an error where the browser
 * refuses it.
 * @param {object} options
 * @param {Pick<Model, "get">} options.model
 * @param {Request} options.request   to Python
 * @param {Timeouts} [options.timers]
 * @returns {Promise<PageResponder | null>}
 */
export async function openNotebookEngine({ model, request, timers = globalThis }) {
  const named = await askUntilReady(request, timers);
  if (!named.key) return null;
  const shared = engines().get(named.key) ?? { engine: start(request), users: 0 };
  engines().delete(named.key);
  engines().set(named.key, shared); // the last one is used last
  shared.users++;
  const release = () => {
    shared.users--;
    const unused = [...engines()].filter(([, { users }]) => !users);
    for (const [key, { engine }] of unused.slice(0, Math.max(0, unused.length - MAX_UNUSED))) {
      engines().delete(key);
      engine.then(({ dispose }) => dispose(), () => {});
    }
  };
  try {
    const { kind, others } = named;
    const address = { widget: model.get("widget_id"), kind, model: named.model, others };
    const respond = createResponder({ engine: await shared.engine, address, get: model.get });
    return { requests: pageRequests(kind, { others }), respond, release };
  } catch (problem) {
    engines().delete(named.key); // the next one tries again
    throw problem;
  }
}

/**
 * @param {Request} request
 * @param {Timeouts} timers
 * @returns {Promise<{ key: string, model: string, others: Record<string, string>, kind: string }>}
 */
async function askUntilReady(request, timers) {
  for (;;) {
    const { body } = await request("engine", {});
    if (body.ready) return body;
    await new Promise((resolve) => timers.setTimeout(() => resolve(null), ASK_MILLISECONDS));
  }
}

/** @param {Request} request */
async function start(request) {
  const { body, buffers } = await request("engine_parts", {});
  const [script, ...parts] = buffers.map(toBytes);
  /** @type {PackedModel[]} */
  const models = body.models.map((/** @type {PackedModel & { widths: number[] }} */ { name, meta, widths }) => ({
    name,
    meta,
    weights: widths.map((width) => ({ bytes: parts.shift(), width })),
  }));
  const engine = startEngine(new TextDecoder().decode(script), { kernels: body.kernels, models });
  await Promise.all(models.map(({ name }) => engine.ask("open", { model: name })));
  return engine;
}
