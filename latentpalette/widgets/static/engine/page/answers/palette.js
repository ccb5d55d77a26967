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
     * @param {{ traits: GridInputs }} context   what the grid is decoded from: it may be one of Python's
     */
    *cells({ grid_id, indices }, { traits }) {
      if (present.id !== grid_id) present = { id: grid_id, grid: null };
      const grid = (present.grid ??= createGrid(music, traits));
      const decoded = yield* grid.decodePart(indices);
      return { body: { indices: decoded }, buffers: [tableOf(decoded.map((index) => grid.clips[index]))] };
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
