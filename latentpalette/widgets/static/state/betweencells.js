// What a palette plays between its cells: the clip of exactly the point where the puck is, once that is decoded.
/** @import { OnError, Point, Request, State } from "../types.js" */

import { createExactPlaces } from "./exactplaces.js";
import { cellAt, cellCenter } from "./geometry.js";
import { asksPage, canAsk } from "./requests.js";

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Request} options.request
 * @param {() => void} options.onPlace   the puck's point is decoded
 * @param {OnError} options.onError
 */
export function createBetweenCells({ state, request, onPlace, onError }) {
  const places = createExactPlaces({
    request: (/** @type {Point} */ point) => request("between", { grid_id: state.gridId, point, ...state.inputs }),
    rowKey: () => state.gridId,
    canAsk: () => canAsk(state, "between"),
    isQuick: () => asksPage(state, "between"),
    onPlace,
    onError,
  });
  /** @param {Point} puck */
  function isBetween([x, y]) {
    if (!state.get("between_cells") || state.isStale) return false;
    const { row, col } = cellAt(x, y, state.size);
    return String(cellCenter(row, col, state.size)) !== `${x},${y}`;
  }
  const follow = () => {
    const puck = state.get("puck");
    if (isBetween(puck)) places.want(puck);
    else places.forget();
  };
  const unsubscribe = ["puck", "between_cells", "cells"].map((name) => state.on(name, follow));
  follow();
  return {
    /** @param {Point} puck */
    get: (puck) => (isBetween(puck) ? places.get(puck) : undefined),
    dispose() {
      unsubscribe.forEach((off) => off());
      places.dispose();
    },
  };
}
