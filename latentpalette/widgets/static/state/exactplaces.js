// Exact places: clips that are decoded where a slider or a puck lies between the places of a row or a grid. Meanwhile the
// nearest of these plays. The latest place wins.
/** @import { Clip, OnError, Response, Timeouts } from "../types.js" */

import { toBytes } from "./bytes.js";
import { readClips } from "./cliptable.js";
import { latestOnly } from "./requests.js";

const MAX_PLACES = 400; // that are remembered
const REST = 90; // [milliseconds] without a move, until Python is asked for a place

/**
 * @template Place
 * @param {object} options
 * @param {(place: Place) => Promise<Response>} options.request
 * @param {() => unknown} options.rowKey    what the row or the grid is decoded from, or its number
 * @param {() => boolean} options.canAsk    false where nobody decodes
 * @param {() => boolean} options.isQuick   true where the page decodes: it is asked at once
 * @param {(place: Place) => void} options.onPlace
 * @param {OnError} options.onError
 * @param {Timeouts} [options.timers]
 */
export function createExactPlaces({ request, rowKey, canAsk, isQuick, onPlace, onError, timers = globalThis }) {
  /** @type {Map<string, Clip>} */
  const known = new Map();
  const keyOf = (/** @type {Place} */ place) => `${place} ${rowKey()}`;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timeout;
  const latest = latestOnly({
    request: (/** @type {{ place: Place, key: string }} */ { place }) => request(place),
    onResponse({ buffers }, { place, key }) {
      const clip = readClips(toBytes(buffers[0])).at(0);
      if (!clip) return;
      known.set(key, clip);
      if (known.size > MAX_PLACES) known.delete(/** @type {string} */ (known.keys().next().value));
      if (key === keyOf(place)) onPlace(place);
    },
    onError,
    overtakes: isQuick,
    timers,
  });
  return {
    /** @param {Place} place */
    get: (place) => known.get(keyOf(place)),
    /**
     * Ask for a place, unless another follows soon.
     * @param {Place} place
     */
    want(place) {
      timers.clearTimeout(timeout);
      if (!canAsk() || known.has(keyOf(place))) return;
      const ask = () => latest.send({ place, key: keyOf(place) });
      if (isQuick()) ask();
      else timeout = timers.setTimeout(ask, REST);
    },
    /** What was asked for is not needed any more. */
    forget: () => timers.clearTimeout(timeout),
    dispose() {
      timers.clearTimeout(timeout);
      latest.dispose();
    },
  };
}
