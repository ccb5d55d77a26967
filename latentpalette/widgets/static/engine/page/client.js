// The engine of a page as its instruments see it: a model in memory that sends their requests to a worker.
/** @import { Engine } from "../client.js" */

import { MemoryModel } from "../../state/memorymodel.js";
import { startEngine } from "../client.js";
import { createResponder, pageRequests } from "./responder.js";

/** @param {string} id */
const textOf = (id) => document.getElementById(id)?.textContent ?? "";

const IDLE_MILLISECONDS = 500; // where a browser does not say when it is idle

/**
 * The engine of this page. The models are the end of the page, and to hand them over keeps a phone busy for a tenth of a
 * second: so it starts when the page rests, or is asked something. Where the browser refuses it, every request gets the
 * reason.
 * @returns {Pick<Engine, "ask">}
 */
export function startPageEngine() {
  /** @type {Promise<void>} */
  const loaded = new Promise((resolve) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
    else resolve();
  });
  /** @type {Promise<Engine> | undefined} */
  let started;
  const start = () =>
    (started ??= loaded.then(() => startEngine(textOf("engine"), { kernels: textOf("kernels"), models: packedModels() })));
  void loaded.then(() => whenIdle(() => start().catch(() => {}))); // whoever asks is told
  return { ask: async (...question) => (await start()).ask(...question) };
}

/** @param {() => void} work */
function whenIdle(work) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(work);
  else setTimeout(work, IDLE_MILLISECONDS);
}

/** The models of the page as text, as widgets/standalone.py writes them. */
function packedModels() {
  const models = [];
  for (let index = 0; document.getElementById(`model-${index}`); index++) {
    const { name, meta, widths } = JSON.parse(textOf(`model-${index}`));
    const shared = /** @type {any} */ (globalThis).pageWeights?.[name]; // by a script beside the page
    const weights = widths.map((/** @type {number} */ width, /** @type {number} */ k) => ({
      width,
      text: shared?.[k] ?? textOf(`weights-${index}-${k}`),
    }));
    models.push({ name, meta, weights });
  }
  return models;
}

/** A model in memory whose requests the engine of the page responds to. */
export class EngineModel extends MemoryModel {
  /**
   * @param {Record<string, any>} traits
   * @param {{ engine: Pick<Engine, "ask">, kind: string, model: string, others: Record<string, string>, encodes: boolean }} options
   *   `others` names the models that it plays beside its own, by their role
   */
  constructor(traits, { engine, kind, model, others, encodes }) {
    super({ ...traits, page_requests: pageRequests(kind, { encodes, others }) });
    this.engine = engine;
    const address = { widget: traits.widget_id ?? kind, kind, model, others };
    this.respond = createResponder({ engine, address, get: (name) => this.get(name) });
  }
  /**
   * @param {any} message
   * @param {unknown} [_callbacks]
   * @param {ArrayBuffer[]} [buffers]
   */
  send(message, _callbacks, buffers) {
    if (message.type !== "request") return;
    /** @param {any} response @param {DataView[]} [views] */
    const answer = (response, views = []) =>
      this.emit("msg:custom", { type: "response", id: message.id, ...response }, views);
    this.respond(message.name, message.body, buffers).then(
      (response) => answer({ ok: true, body: response.body }, response.buffers),
      (problem) => answer({ ok: false, error: problem.message }),
    );
  }
}
