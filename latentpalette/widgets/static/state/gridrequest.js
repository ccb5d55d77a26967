// Requests a new grid for new corners, another size or interpolation, a moment after the last change, and then the cells
// of it that are still missing, those near the puck first. The latest wins; the music goes on.
/** @import { GridInputs, OnError, Request, RequestState, State, Timeouts } from "../types.js" */

import { canAsk, latestOnly } from "./requests.js";

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
      state.adopt({ buffers, percentiles: body.norm_percentiles, gridId: body.grid_id, from });
      onState("idle", body.decode_ms);
      fillIn();
    },
    onError,
    onState,
    timers,
  });
  let filling = NaN; // the number of the grid that is being filled in
  /** Request what is missing of the grid that is shown, until another takes its place. */
  async function fillIn() {
    const { gridId } = state;
    if (filling === gridId || !canAsk(state, "cells")) return;
    filling = gridId;
    try {
      while (gridId === state.gridId && state.cells.missing.length) {
        const { body, buffers } = await request("cells", { grid_id: gridId, indices: nearestFirst(state) });
        if (gridId !== state.gridId || !body.indices.length) break;
        state.fillIn(body.indices, buffers[0]);
      }
    } catch (problem) {
      onError(problem);
    } finally {
      if (filling === gridId) filling = NaN;
    }
  }
  return {
    fillIn,
    send() {
      if (!canAsk(state, "decode")) return;
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

/**
 * The indices of the missing cells, those near the puck first.
 * @param {State} state
 */
function nearestFirst({ cells, size, get }) {
  const [x, y] = get("puck").map((part) => part * (size - 1));
  const distance = (/** @type {number} */ index) => Math.hypot((index % size) - x, Math.floor(index / size) - y);
  return [...cells.missing].sort((one, other) => distance(one) - distance(other));
}
