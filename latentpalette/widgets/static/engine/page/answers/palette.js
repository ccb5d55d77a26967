// What a palette asks the engine of its page: a grid, more of its cells, an undone one.
/** @import { EngineMusic, GridInputs } from "../../../types.js" */

import { readClips } from "../../../state/cliptable.js";
import { bytesOf, tableOf } from "./bytes.js";
import { createGrid, restoreGrid } from "./grid.js";

/** @param {EngineMusic} music */
export function createPaletteAnswers(music) {
  /** @type {{ id: number, grid: ReturnType<typeof restoreGrid> | null }} */
  let present = { id: 0, grid: null };
  let lastId = 1e6; // Python counts its own

  /**
   * @param {number} id
   * @param {GridInputs} inputs   what it is decoded from, where it is none of this page's
   */
  function gridOf(id, inputs) {
    if (present.id !== id) present = { id, grid: null };
    return (present.grid ??= createGrid(music, inputs));
  }

  return {
    /** @param {GridInputs} inputs */
    *decode(inputs) {
      const start = performance.now();
      /** @type {typeof present} */
      const own = { id: ++lastId, grid: null };
      present = own;
      const grid = createGrid(music, inputs);
      yield* grid.decodeFirst();
      own.grid = grid; // another one may have been restored in the meantime
      const body = { norm_percentiles: grid.percentiles, decode_ms: performance.now() - start, grid_id: own.id };
      return { body, buffers: [tableOf(grid.clips), bytesOf(grid.cornerZ)] };
    },
    /**
     * @param {{ grid_id: number, indices: number[] }} body
     * @param {{ traits: GridInputs }} context
     */
    *cells({ grid_id, indices }, { traits }) {
      const grid = gridOf(grid_id, traits);
      const decoded = yield* grid.decodePart(indices);
      return { body: { indices: decoded }, buffers: [tableOf(decoded.map((index) => grid.clips[index]))] };
    },
    /**
     * @param {{ grid_id: number, point: number[] }} body
     * @param {{ traits: GridInputs }} context
     */
    *between({ grid_id, point }, { traits }) {
      return { body: {}, buffers: [tableOf(yield* gridOf(grid_id, traits).decodeAt(point))] };
    },
    /**
     * @param {GridInputs} inputs
     * @param {{ buffers: Uint8Array<ArrayBuffer>[] }} context
     */
    *restore(inputs, { buffers: [cells, cornerZ] }) {
      const table = readClips(cells);
      const clips = Array.from({ length: table.length }, (_, index) => table.at(index));
      const grid = restoreGrid(music, inputs, new Float32Array(cornerZ.slice().buffer), clips);
      present = { id: ++lastId, grid };
      return { body: { grid_id: present.id }, buffers: [] };
    },
  };
}
