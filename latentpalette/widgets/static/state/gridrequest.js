// Requests a new grid for new corners, another size or interpolation, a moment after the last change, and then the cells
// of it that are still missing, those of the path that plays or near the puck first. The latest wins; the music goes on.
/** @import { GridInputs, OnError, Request, RequestState, State, Timeouts } from "../types.js" */

import { createFillIn, nearestFirst } from "./fillin.js";
import { cellsAlong } from "./geometry.js";
import { asksPage, canAsk, latestOnly } from "./requests.js";

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
    overtakes: () => asksPage(state, "decode"),
    timers,
  });
  const fillMissing = createFillIn({
    request,
    missing() {
      const { gridId, cells, size } = state;
      const [x, y] = state.get("puck").map((part) => part * (size - 1));
      const missing = state.isStale ? [] : cells.missing; // another grid is on its way
      const path = state.get("tool") === "draw" ? cellsAlong(state.get("points"), size) : []; // it is heard first
      const onPath = path.map(({ row, col }) => row * size + col).filter((index) => missing.includes(index));
      return { grid: gridId, body: { grid_id: gridId, ...state.inputs }, indices: [...new Set([...onPath, ...nearestFirst(missing, size, [x, y])])] };
    },
    receive: ({ indices }, bytes) => state.fillIn(indices, bytes),
    onError,
  });
  /** Request what is missing of the grid that is shown, until another takes its place. */
  function fillIn() {
    if (canAsk(state, "cells")) void fillMissing();
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
    /** A grid that was asked for is not needed any more: another one is restored. */
    forget() {
      timers.clearTimeout(timeout);
      latest.forget();
    },
    dispose() {
      timers.clearTimeout(timeout);
      latest.dispose();
    },
  };
}
