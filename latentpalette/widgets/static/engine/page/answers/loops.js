// What Latent Loops ask the engine of their page: the grid between four sketches, those of its cells first that are heard first.
/** @import { EngineMusic, GridInputs } from "../../../types.js" */

import { tableOf } from "./bytes.js";
import { createGrid } from "./grid.js";

/** @param {EngineMusic} music */
export function createLoopsAnswers(music) {
  let key = "";
  /** @type {ReturnType<typeof createGrid> | null} */
  let grid = null;
  /** @param {GridInputs} inputs */
  const gridOf = (inputs) => {
    const wanted = JSON.stringify(inputs);
    if (!grid || wanted !== key) [grid, key] = [createGrid(music, inputs), wanted];
    return grid;
  };
  return {
    /**
     * @param {object} _
     * @param {{ traits: GridInputs }} context
     */
    *decode(_, { traits }) {
      const start = performance.now();
      const { clips, decodeFirst } = gridOf(traits);
      yield* decodeFirst();
      return { body: { decode_ms: performance.now() - start }, buffers: [tableOf(clips)] };
    },
    /**
     * @param {{ indices: number[] }} body
     * @param {{ traits: GridInputs }} context
     */
    *cells({ indices }, { traits }) {
      const { clips, decodePart } = gridOf(traits);
      const decoded = yield* decodePart(indices);
      return { body: { indices: decoded }, buffers: [tableOf(decoded.map((index) => clips[index]))] };
    },
  };
}
