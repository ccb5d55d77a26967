// Requests the clips of a grid or a row that are missing, part by part, until another one takes its place.
/** @import { OnError, Request } from "../types.js" */

/**
 * What is missing of the grid that is shown: the first indices come first. `left` counts what there is to decode, where
 * that is more than the clips that are shown.
 * @typedef {{ grid: unknown, body: Record<string, unknown>, indices: number[], left?: number }} Missing
 */

/**
 * @param {object} options
 * @param {Request} options.request
 * @param {() => Missing} options.missing
 * @param {(body: { indices: number[], progress: [number, number] }, bytes: DataView<ArrayBuffer>) => void} options.receive
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
      let before = Infinity; // a response without anything new is the last one
      for (let now = missing(); now.grid === grid && leftOf(now) && leftOf(now) < before; now = missing()) {
        before = leftOf(now);
        const { body, buffers } = await request("cells", { ...now.body, indices: now.indices });
        if (missing().grid !== grid) break;
        receive(/** @type {any} */ (body), buffers[0]);
      }
    } catch (problem) {
      onError(problem);
    } finally {
      if (filling === grid) filling = null;
    }
  };
}

/**
 * The indices of missing clips of a row, those near an index first.
 * @param {readonly number[]} missing
 * @param {number} index
 */
export const nearestIndices = (missing, index) => [...missing].sort((one, other) => Math.abs(one - index) - Math.abs(other - index));

/** @param {Missing} missing */
const leftOf = ({ indices, left = indices.length }) => left;

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
