// What Latent Loops ask the engine of their page: the grid between four sketches, those of its cells first that are heard
// first, and drums.
/** @import { EngineMusic, GridInputs } from "../../../types.js" */

import { clipToJson } from "../../../state/clip.js";
import { tableOf } from "./bytes.js";
import { createGrid } from "./grid.js";

const BEST_OF = 8; // as in first_sample.py
const DRUMS = 1; // the stream beside the melody

/**
 * @param {EngineMusic} music
 * @param {Record<string, EngineMusic>} others   the model of drums, if there is one
 */
export function createLoopsAnswers(music, { drums }) {
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
    /** @param {{ temperature: number, seed: number }} body */
    *drums({ temperature, seed }) {
      const [clip] = yield* drums.sample(1, { temperature, seed, bestOf: BEST_OF, conditions: {} });
      const beside = { ...clip, notes: clip.notes.map((note) => ({ ...note, stream: DRUMS })) };
      return { body: { clip: clipToJson(beside), label: `Sampled #${seed}` }, buffers: [] };
    },
  };
}
