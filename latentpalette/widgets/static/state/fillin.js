// Requests the cells of a grid that are missing, part by part, until another grid takes its place.
/** @import { OnError, Request } from "../types.js" */

/**
 * What is missing of the grid that is shown.
 * @typedef {{ grid: unknown, body: Record<string, unknown>, indices: number[] }} Missing   the first indices come first
 */

/**
 * @param {object} options
 * @param {Request} options.request
 * @param {() => Missing} options.missing
 * @param {(indices: number[], bytes: DataView<ArrayBuffer>) => void} options.receive
 * @param {OnError} options.onError
 * @returns {() => Promise<void>}   fills in what is missing; does nothing while that grid is filled in already
 */
export function createFillIn({ request, missing, receive, onError }) {
  /** @type {unknown} */
  let filling = null; // the grid
  return async () => {
    const { grid } = missing();
    if (filling === grid) return;
    filling = grid;
    try {
      for (let now = missing(); now.grid === grid && now.indices.length; now = missing()) {
        const { body, buffers } = await request("cells", { ...now.body, indices: now.indices });
        if (missing().grid !== grid || !body.indices.length) break;
        receive(body.indices, buffers[0]);
      }
    } catch (problem) {
      onError(problem);
    } finally {
      if (filling === grid) filling = null;
    }
  };
}

/**
 * The indices of missing cells, those near a place first.
 * @param {readonly number[]} missing
 * @param {number} size                       cells along a side
 * @param {readonly [number, number]} place   column and row
 */
export function nearestFirst(missing, size, [x, y]) {
  const distance = (/** @type {number} */ index) => Math.hypot((index % size) - x, Math.floor(index / size) - y);
  return [...missing].sort((one, other) => distance(one) - distance(other));
}
