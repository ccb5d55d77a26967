// Drum patterns: a token for each step (bit k is set where drum k is hit).
/** @import { Cell, Clip, Lock, Note, Tokens, Traits } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";
import { byStep } from "./clip.js";

export const NUM_DRUMS = 9;
export const NUM_STEPS = 32;
const DEFAULT_VELOCITY = 80; // where no accents are given

/**
 * Replace the locked lanes of a pattern.
 * @param {Tokens} tokens
 * @param {Lock[]} [locks]   one per drum
 * @returns {Uint16Array<ArrayBuffer>}   a copy
 */
export function applyLocks(tokens, locks = []) {
  const locked = Uint16Array.from(tokens);
  locks.forEach((lane, drum) => {
    if (!lane) return;
    const bit = 1 << drum;
    for (let step = 0; step < locked.length; step++) {
      locked[step] = Number(lane[step % lane.length]) ? locked[step] | bit : locked[step] & ~bit;
    }
  });
  return locked;
}

/**
 * The clip of a pattern.
 * @param {Tokens} tokens
 * @param {{ accents: number[][], pitches: number[] }} drums   one entry for each
 * @returns {Clip}
 */
export function clipOfPattern(tokens, { accents, pitches }) {
  /** @type {Note[]} */
  const notes = [];
  tokens.forEach((token, step) => {
    pitches.forEach((pitch, drum) => {
      if (!((token >> drum) & 1)) return;
      const velocity = accents[drum]?.[step % STEPS_PER_BAR] ?? DEFAULT_VELOCITY;
      notes.push({ step, offset: 0, length: 1, pitch, velocity, stream: 0 });
    });
  });
  return { steps: tokens.length, notes: notes.sort(byStep) };
}

/**
 * Number of hits of each drum.
 * @param {Tokens} tokens
 * @returns {number[]}
 */
export function laneCounts(tokens) {
  const counts = new Array(NUM_DRUMS).fill(0);
  for (const token of tokens) for (let drum = 0; drum < NUM_DRUMS; drum++) counts[drum] += (token >> drum) & 1;
  return counts;
}

/**
 * Velocities of a pattern.
 * @param {Tokens} tokens
 * @param {number[][]} accents   velocity [drum][step in the bar]
 * @param {string[]} drums       their names
 * @returns {number[][]}         [drum][step], 0 where nothing plays
 */
export function velocityLanes(tokens, accents, drums) {
  return drums.map((_, drum) =>
    Array.from(tokens, (token, step) => {
      const velocity = accents[drum]?.[step % STEPS_PER_BAR] ?? DEFAULT_VELOCITY;
      return (token >> drum) & 1 ? velocity : 0;
    }),
  );
}

/**
 * The tokens of a cell. A corner cell plays the corner itself where `use_original_corners` is set, else its reconstruction.
 * @param {Pick<Traits, "size" | "patterns" | "use_original_corners"> & { cells: Uint16Array }} palette
 * @param {Cell} cell
 * @returns {Uint16Array}
 */
export function tokensOfCell({ cells, size, patterns, use_original_corners: useOriginals }, { row, col }) {
  const steps = cells.length / (size * size);
  const start = (row * size + col) * steps;
  const edge = size - 1;
  const isCorner = [0, edge].includes(row) && [0, edge].includes(col);
  if (useOriginals && isCorner) return Uint16Array.from(patterns[(row ? 2 : 0) + (col ? 1 : 0)]); // A B above C D
  return cells.slice(start, start + steps);
}
