// Requests a new grid for new corners, another size or interpolation, a moment after the last change. The latest wins; the music goes on.
/** @import { GridInputs, OnError, Request, RequestState, State, Timeouts } from "../types.js" */

import { latestOnly } from "./requests.js";

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Request} options.request
 * @param {(requestState: RequestState, decodeMs?: number) => void} options.onState   with the decoding's duration
 * @param {OnError} options.onError
 * @param {number} [options.delay]   [milliseconds]
 * @param {Timeouts} [options.timers]
 */
export function createGridRequest({ state, request, onState, onError, delay = 150, timers = globalThis }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timeout;
  const latest = latestOnly({
    request: (/** @type {GridInputs & { labels: string[] }} */ body) => request("decode", body),
    onResponse({ body, buffers }, from) {
      state.adopt({ buffers, percentiles: body.norm_percentiles, from });
      onState("idle", body.decode_ms);
    },
    onError,
    onState,
    timers,
  });
  return {
    send() {
      if (!state.get("has_kernel")) return;
      timers.clearTimeout(timeout);
      timeout = timers.setTimeout(() => {
        latest.send({ ...state.inputs, labels: state.get("labels") });
      }, delay);
    },
    dispose() {
      timers.clearTimeout(timeout);
      latest.dispose();
    },
  };
}
