// Exact places of a slider: clips that Python decodes where the slider rests between the places of the row. Meanwhile the
// nearest of the row plays. The latest place wins.
/** @import { Clip, OnError, Request, Timeouts } from "../types.js" */

import { toBytes } from "./bytes.js";
import { readClips } from "./cliptable.js";
import { latestOnly } from "./requests.js";

const MAX_PLACES = 400; // that are remembered
const REST = 90; // [milliseconds] without a move, until a place is asked for

/**
 * @param {object} options
 * @param {Request} options.request
 * @param {() => string} options.rowKey     what the row is decoded from
 * @param {() => boolean} options.canAsk    false without Python
 * @param {(t: number) => void} options.onPlace
 * @param {OnError} options.onError
 * @param {Timeouts} [options.timers]
 */
export function createExactPlaces({ request, rowKey, canAsk, onPlace, onError, timers = globalThis }) {
  /** @type {Map<string, Clip>} */
  const known = new Map();
  const keyOf = (/** @type {number} */ t) => `${t} ${rowKey()}`;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timeout;
  const latest = latestOnly({
    request: (/** @type {{ t: number, key: string }} */ { t }) => request("place", { t }),
    onResponse({ buffers }, { t, key }) {
      const clip = readClips(toBytes(buffers[0])).at(0);
      if (!clip) return;
      known.set(key, clip);
      if (known.size > MAX_PLACES) known.delete(/** @type {string} */ (known.keys().next().value));
      if (key === keyOf(t)) onPlace(t);
    },
    onError,
    timers,
  });
  return {
    /** @param {number} t */
    get: (t) => known.get(keyOf(t)),
    /**
     * Ask for a place, unless another follows soon.
     * @param {number} t
     */
    want(t) {
      timers.clearTimeout(timeout);
      if (!canAsk() || known.has(keyOf(t))) return;
      timeout = timers.setTimeout(() => latest.send({ t, key: keyOf(t) }), REST);
    },
    /** What was asked for is not needed any more. */
    forget: () => timers.clearTimeout(timeout),
    dispose() {
      timers.clearTimeout(timeout);
      latest.dispose();
    },
  };
}
