// Drum patterns: a token for each step (bit k is set where drum k is hit).
/** @import { Clip, Lane, Lock, Tokens } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";

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
 * The tokens of a clip of drums.
 * @param {Clip} clip
 * @param {Lane[]} lanes
 * @returns {Uint16Array<ArrayBuffer>}
 */
export function tokensOfClip({ steps, notes }, lanes) {
  const tokens = new Uint16Array(steps);
  for (const note of notes) tokens[note.step] |= 1 << lanes.findIndex(({ pitches }) => pitches?.includes(note.pitch));
  return tokens;
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
