// A palette of three by three for tests: the cell in column c kicks on steps c and 8 + c of each bar.

import { clipOfPattern, tokensOfCell } from "../../latentpalette/widgets/static/state/pattern.js";
import { NAMES, PITCHES, STREAMS } from "./helpers.mjs";

export function palette(changes = {}) {
  const size = 3;
  const kicks = (col) => Array.from({ length: 32 }, (_, step) => (step % 8 === col ? 1 : 0));
  const cells = Array.from({ length: size * size }, (_, cell) => kicks(cell % size)).flat();
  return {
    size,
    cells: Uint16Array.from(cells),
    patterns: [kicks(0), kicks(2), kicks(0), kicks(2)],
    labels: ["A", "B", "C", "D"],
    left_out: [[], [], [], []],
    tempo_note: "",
    use_original_corners: true,
    interpolation: "lerp",
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
    drums: NAMES,
    pitches: PITCHES,
    accents: Array.from({ length: 9 }, () => Array.from({ length: 16 }, (_, step) => (step % 4 ? 80 : 110))),
    ...changes,
  };
}

// What files are made of.
export function exported(changes = {}) {
  const traits = palette(changes);
  return {
    ...traits,
    streams: STREAMS,
    lanes: NAMES.map((name, drum) => ({ name, stream: 0, pitches: [PITCHES[drum]] })),
    clipAt: (row, col) => clipOfPattern(tokensOfCell(traits, { row, col }), traits),
  };
}
