// What Latent Loops ask the engine of their page: the grid between four sketches.
/** @import { EngineMusic, GridInputs } from "../../../types.js" */

import { tableOf } from "./bytes.js";
import { createGrid } from "./grid.js";

/** @param {EngineMusic} music */
export function createLoopsAnswers(music) {
  return {
    /**
     * @param {object} _
     * @param {{ traits: GridInputs }} context
     */
    *decode(_, { traits }) {
      const start = performance.now();
      const grid = createGrid(music, traits);
      yield* grid.decodeAll();
      return { body: { decode_ms: performance.now() - start }, buffers: [tableOf(grid.clips)] };
    },
  };
}
