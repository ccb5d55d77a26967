// The page's side of the engine's worker: questions out, parts of responses in.
/** @import { DecodeBody, Decoded, EncodeBody } from "./requests.js" */
/** @import { Network, Posterior } from "./network.js" */
/** @import { Reply } from "./tasks.js" */

/**
 * @typedef {object} Asking
 * @property {string} [channel]              a newer question on it drops this one
 * @property {(part: any) => void} [onPart]  takes each part as it comes
 */

/**
 * What a model can do here.
 * @typedef {Pick<Network, "tokenWidth" | "numUniforms" | "isClasses" | "canEncode">} Facts
 */

/**
 * @typedef {object} Engine
 * @property {Promise<Facts>} ready
 * @property {(kind: string, body: any, asking?: Asking) => Promise<any[] | null>} ask
 *   All parts of the response; null if a newer question came. requests.js says what can be asked.
 * @property {(body: DecodeBody, asking?: Asking & { onPart?: (part: Decoded) => void }) => Promise<Decoded[] | null>} decode
 * @property {(body: EncodeBody) => Promise<Posterior>} encode
 * @property {() => void} dispose
 */

/**
 * Start a worker from its text. Fails where a page's policy allows no worker or no WebAssembly.
 * @param {string} text    worker.js, or page/worker.js, bundled
 * @param {object} given   what it loads: the parts of a model, or the models of a page
 * @returns {Engine}
 */
export function startEngine(text, given) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(address);
  /** @type {Map<number, { parts: any[], asking: Asking, resolve: (parts: any[] | null) => void, reject: (error: Error) => void }>} */
  const asked = new Map();
  let last = 0;
  /** @type {Error | null} */
  let failure = null;

  /** @param {Error} error */
  const fail = (error) => {
    failure = error;
    for (const { reject } of asked.values()) reject(error);
    asked.clear();
  };
  worker.onmessage = (/** @type {{ data: Reply }} */ { data }) => {
    const question = asked.get(data.id);
    if (!question) return;
    if (data.part !== undefined) {
      question.parts.push(data.part);
      question.asking.onPart?.(data.part);
      return;
    }
    asked.delete(data.id);
    if (data.error !== undefined) question.reject(new Error(data.error));
    else question.resolve(data.dropped ? null : question.parts);
  };
  worker.onerror = ({ message }) =>
    fail(new Error(`The model of this page cannot work here: ${message || "the browser refuses"}.`));

  /** @type {Engine["ask"]} */
  const ask = (kind, body, asking = {}) =>
    new Promise((resolve, reject) => {
      if (failure) throw failure;
      last += 1;
      asked.set(last, { parts: [], asking, resolve, reject });
      worker.postMessage({ id: last, kind, channel: asking.channel, body });
    });
  const ready = ask("load", given).then((parts) => parts?.[0]);
  ready.catch(() => {}).finally(() => URL.revokeObjectURL(address)); // questions that follow fail, too, and say why
  return {
    ready,
    ask,
    decode: (body, asking) => ask("decode", body, asking),
    encode: async (body) => /** @type {Posterior} */ ((await ask("encode", body))?.[0]),
    dispose() {
      worker.terminate();
      fail(new Error("The engine was disposed of."));
    },
  };
}
