// A grid between four corners in the page: what cell_grid.py and grid_decoding.py do in Python.
/** @import { Clip, EngineMusic, GridInputs } from "../../../types.js" */

import { clipFromJson } from "../../../state/clip.js";

const COARSE_SIZE = 5; // cells along a side of the coarse grid, the corners included
const COARSE_PARTS = 4; // of long music, a coarse grid takes more of them: its corners come first, and the rest is filled in

/**
 * Encode four corners; the cells between them are decoded as they are asked for.
 * @param {EngineMusic} music
 * @param {GridInputs} inputs
 */
export function createGrid(music, inputs) {
  const { mu, sigma } = music.encode(inputs.corner_clips.map(clipFromJson));
  const grid = restoreGrid(music, inputs, mu);
  return { ...grid, percentiles: music.percentiles(grid.z, sigma, inputs.size) };
}

/**
 * @param {EngineMusic} music
 * @param {GridInputs} inputs
 * @param {Float32Array<ArrayBuffer>} mu   of the corners
 * @param {(Clip | null)[]} [clips]   those that are decoded already
 */
export function restoreGrid(music, { size, interpolation }, mu, clips = new Array(size * size).fill(null)) {
  const z = music.blendCorners(mu, size, interpolation);
  const width = music.zSize;

  /** @param {number[]} indices */
  function* decode(indices) {
    const todo = [...new Set(indices)].filter((index) => !clips[index]);
    const some = new Float32Array(todo.length * width);
    todo.forEach((index, k) => some.set(z.subarray(index * width, (index + 1) * width), k * width));
    const decoded = yield* music.decode(some);
    decoded.forEach((clip, k) => (clips[todo[k]] = clip));
    return todo;
  }
  return {
    z,
    clips,
    cornerZ: mu,
    /** Decode the corners and, where that is quick, a coarse grid: what is heard and seen first. */
    decodeFirst() {
      const isQuick = COARSE_SIZE ** 2 <= COARSE_PARTS * music.rowsOfPart;
      const count = isQuick ? COARSE_SIZE : 2;
      const axis = [...new Set(Array.from({ length: count }, (_, k) => Math.round((k * (size - 1)) / (count - 1))))];
      return decode(axis.flatMap((row) => axis.map((col) => row * size + col)));
    },
    /**
     * Decode a point between the cells.
     * @param {number[]} point   x and y, 0 to 1
     */
    decodeAt: (point) => music.decode(Float32Array.from(music.blendPoints(mu, [point], interpolation))),
    /**
     * Decode as many cells of a list as take a moment; return their indices.
     * @param {number[]} indices
     */
    decodePart: (indices) => decode(indices.filter((index) => !clips[index]).slice(0, music.rowsOfPart)),
  };
}
