// The page's side of the engine's worker: questions out, replies in.
/** @import { Reply } from "./tasks.js" */

/**
 * @typedef {object} Engine
 * @property {(kind: string, body: any, channel?: string) => Promise<any>} ask
 *   The result, or null if a newer question came on the same channel. worker.js says what can be asked.
 * @property {() => void} dispose
 */

/**
 * Start a worker from its text. Where a page's policy allows no worker, every question gets the reason.
 * @param {string} text    worker.js, bundled
 * @param {object} given   the kernels and models of the page, which it opens
 * @returns {Engine}
 */
export function startEngine(text, given) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(address);
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
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
    asked.delete(data.id);
    if ("error" in data) question?.reject(new Error(data.error));
    else question?.resolve("result" in data ? data.result : null);
  };
  worker.onerror = ({ message }) =>
    fail(new Error(`The model of this page cannot work here: ${message || "the browser refuses"}.`));

  /** @type {Engine["ask"]} */
  const ask = (kind, body, channel) =>
    new Promise((resolve, reject) => {
      if (failure) throw failure;
      last += 1;
      asked.set(last, { resolve, reject });
      worker.postMessage({ id: last, kind, channel, body });
    });
  ask("load", given).catch(() => {}).finally(() => URL.revokeObjectURL(address)); // what is asked next fails, too, and says why
  return {
    ask,
    dispose() {
      worker.terminate();
      fail(new Error("The engine was disposed of."));
    },
  };
}
