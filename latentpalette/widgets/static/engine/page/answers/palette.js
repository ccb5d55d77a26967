// What a palette asks the engine of its page: a grid, more of its cells, an undone one.
/** @import { EngineMusic, GridInputs } from "../../../types.js" */

import { readClips } from "../../../state/cliptable.js";
import { bytesOf, tableOf } from "./bytes.js";
import { createGrid, restoreGrid } from "./grid.js";

/** @param {EngineMusic} music */
export function createPaletteAnswers(music) {
  /** @type {ReturnType<typeof restoreGrid> | null} */
  let grid = null;
  let gridId = 1e6; // Python has counted its own

  return {
    /** @param {GridInputs} inputs */
    *decode(inputs) {
      const start = performance.now();
      const id = ++gridId;
      const decoded = createGrid(music, inputs);
      yield* decoded.decodeFirst();
      if (id === gridId) grid = decoded; // else another one was restored in the meantime
      const body = { norm_percentiles: decoded.percentiles, decode_ms: performance.now() - start, grid_id: id };
      return { body, buffers: [tableOf(decoded.clips), bytesOf(decoded.cornerZ)] };
    },
    /** @param {{ grid_id: number, indices: number[] }} body */
    *cells({ grid_id, indices }) {
      const now = grid;
      const decoded = now && grid_id === gridId ? yield* now.decodePart(indices) : [];
      return { body: { indices: decoded }, buffers: [tableOf(decoded.map((index) => now?.clips[index] ?? null))] };
    },
    /**
     * @param {GridInputs} inputs
     * @param {{ buffers: Uint8Array<ArrayBuffer>[] }} context
     */
    *restore(inputs, { buffers: [cells, cornerZ] }) {
      const table = readClips(cells);
      const clips = Array.from({ length: table.length }, (_, index) => table.at(index));
      grid = restoreGrid(music, inputs, new Float32Array(cornerZ.slice().buffer), clips);
      return { body: { grid_id: ++gridId }, buffers: [] };
    },
  };
}
