// The engine of a page as its instruments see it: a model in memory that sends their requests to a worker.

import { MemoryModel } from "../../state/memorymodel.js";
import { ENCODED, REQUESTS } from "./requests.js";

/** @param {string} id */
const textOf = (id) => document.getElementById(id)?.textContent ?? "";

/** Start the engine of this page, if it carries one; where the browser refuses it, every request gets the reason. */
export function startEngine() {
  const code = textOf("engine");
  if (!code) return null;
  /** @type {Map<number, (response: any) => void>} */
  const waiting = new Map();
  let count = 0;
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  let failure = "";
  worker.onerror = ({ message }) => {
    failure = `The model of this page cannot work here: ${message || "the browser refuses"}.`;
    for (const respond of waiting.values()) respond({ ok: false, error: failure });
    waiting.clear();
  };
  worker.onmessage = ({ data }) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  worker.postMessage({ kernels: textOf("kernels"), models: packedModels() });
  return {
    /**
     * Ask for a response; it is given to `respond` when it comes.
     * @param {object} request   widget, kind, model, name, body, traits, buffers
     * @param {(response: any) => void} respond
     */
    ask(request, respond) {
      if (failure) return respond({ ok: false, error: failure });
      const id = count++;
      waiting.set(id, respond);
      worker.postMessage({ id, ...request });
    },
  };
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
   * @param {{ engine: NonNullable<ReturnType<typeof startEngine>>, kind: string, model: string, encodes: boolean }} options
   */
  constructor(traits, { engine, kind, model, encodes }) {
    const requests = REQUESTS[kind] ?? {};
    super({ ...traits, page_requests: Object.keys(requests).filter((name) => encodes || !ENCODED.includes(name)) });
    this.requests = requests;
    this.engine = engine;
    this.address = { widget: traits.widget_id ?? kind, kind, model };
  }
  /**
   * @param {any} message
   * @param {unknown} [_callbacks]
   * @param {ArrayBuffer[]} [buffers]
   */
  send(message, _callbacks, buffers = []) {
    if (message.type !== "request") return;
    const names = this.requests[message.name] ?? [];
    const traits = Object.fromEntries(names.map((name) => [name, this.get(name)]));
    this.engine.ask({ ...this.address, name: message.name, body: message.body, traits, buffers }, (response) => {
      const { ok, error, body, buffers: given = [] } = response;
      const views = given.map((/** @type {Uint8Array<ArrayBuffer>} */ { buffer, byteOffset, byteLength }) => new DataView(buffer, byteOffset, byteLength));
      this.emit("msg:custom", { type: "response", id: message.id, ok, error, body }, views);
    });
  }
}
