// A palette of three by three for tests: the cell in column c kicks on steps c and 8 + c of each bar.

import { clipFromJson } from "../../latentpalette/widgets/static/state/clip.js";
import { NAMES, PITCHES, STREAMS, clipJson } from "./helpers.mjs";

const SIZE = 3;

/**
 * The traits of the palette; `cells` and `corners` are drum tokens, of all cells one after the other and of the corners.
 */
export function palette({ cells: given, corners, ...changes } = {}) {
  const kicks = (col) => Array.from({ length: 32 }, (_, step) => (step % 8 === col ? 1 : 0));
  const accents = Array.from({ length: 9 }, () => Array.from({ length: 16 }, (_, step) => (step % 4 ? 80 : 110)));
  const json = (tokens) => clipJson(tokens, changes.accents ?? accents);
  return {
    size: SIZE,
    cells: Uint16Array.from(given ?? Array.from({ length: SIZE * SIZE }, (_, cell) => kicks(cell % SIZE)).flat()),
    corner_clips: (corners ?? [kicks(0), kicks(2), kicks(0), kicks(2)]).map(json),
    grid_id: 1,
    has_velocity: false,
    streams: STREAMS,
    lanes: NAMES.map((name, drum) => ({ name, stream: 0, pitches: [PITCHES[drum]] })),
    labels: ["A", "B", "C", "D"],
    left_out: [[], [], [], []],
    tempo_note: "",
    use_original_corners: true,
    interpolation: "lerp",
    chords: [],
    has_prior: false,
    puck: [0.5, 0.5],
    points: [
      [0, 0],
      [1, 0],
      [1, 1],
    ],
    qpm: 120,
    bars_per_cell: 2,
    path_mode: "loop",
    mutes: Array(9).fill(false),
    locks: Array(9).fill(null),
    accents,
    ...changes,
  };
}

// The clips of cells, of the tokens of all of them.
export const clipsOf = ({ cells, accents }) =>
  Array.from({ length: cells.length / 32 }, (_, cell) => clipJson(cells.slice(32 * cell, 32 * cell + 32), accents));

// What files are made of.
export function exported(changes = {}) {
  const traits = palette(changes);
  const clips = clipsOf(traits).map(clipFromJson);
  const corners = traits.corner_clips.map(clipFromJson);
  const edge = traits.size - 1;
  return {
    ...traits,
    clipAt(row, col) {
      const isCorner = row % edge === 0 && col % edge === 0;
      if (isCorner && traits.use_original_corners) return corners[(row ? 2 : 0) + (col ? 1 : 0)];
      return clips[row * traits.size + col];
    },
  };
}
