// A palette of three by three for tests: the cell in column c kicks on steps c and 8 + c of each bar.

import { NAMES, PITCHES, clipJson } from "./helpers.mjs";

export function palette(changes = {}) {
  const size = 3;
  const kicks = (col) => Array.from({ length: 32 }, (_, step) => (step % 8 === col ? 1 : 0));
  const cells = Array.from({ length: size * size }, (_, cell) => kicks(cell % size)).flat();
  return {
    size,
    cells: Uint16Array.from(cells),
    patterns: [kicks(0), kicks(2), kicks(0), kicks(2)],
    corner_clips: [kicks(0), kicks(2), kicks(0), kicks(2)].map((tokens) => clipJson(tokens)),
    grid_id: 1,
    has_velocity: false,
    streams: [{ name: "drums", is_drum: true, program: 0, instrument: "Standard Kit", low: 36, high: 51 }],
    lanes: NAMES.map((name, drum) => ({ name, stream: 0, pitches: [PITCHES[drum]] })),
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
