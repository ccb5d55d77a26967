// Drum patterns, a token for each step (bit k is set where drum k is hit), and the hits that they play.
/** @import { Cell, Clip, ExportedState, GainOf, Hit, Lane, Lock, Loop, Tokens } from "../types.js" */

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
 * The hits of a pattern, sorted by step, then drum. Locks replace lanes, mutes remove them, accents give velocities.
 * @param {Tokens} tokens
 * @param {object} [settings]
 * @param {boolean[]} [settings.mutes]      one per drum
 * @param {Lock[]} [settings.locks]         one per drum
 * @param {number[][]} [settings.accents]   velocity [drum][step in the bar]
 * @returns {Hit[]}
 */
export function hitsOf(tokens, { mutes = [], locks = [], accents = [] } = {}) {
  return hitsWithin(applyLocks(tokens, locks), 0, tokens.length, { mutes, accents });
}

/**
 * The loop of a pattern. Its gain is that of the pattern without mutes: to mute a drum makes no other louder.
 * @param {Tokens} tokens
 * @param {{ qpm: number, mutes?: boolean[], locks?: Lock[], accents?: number[][] }} settings
 * @param {GainOf} gainOf
 * @returns {Loop & { gain: number }}
 */
export function loopOfPattern(tokens, { qpm, mutes, locks, accents }, gainOf) {
  const loop = { hits: hitsOf(tokens, { mutes, locks, accents }), steps: tokens.length, qpm };
  return { ...loop, gain: gainOf({ ...loop, hits: hitsOf(tokens, { locks, accents }) }) };
}

/**
 * The hits of a path: cell i plays from step `i * barsPerCell * 16` on, and step s of the path is column s mod 32 of
 * the cell it lies in, so that the beat stays in phase however long a cell lasts.
 * @param {Tokens[]} cells
 * @param {object} [settings]
 * @param {number} [settings.barsPerCell]
 * @param {boolean[]} [settings.mutes]
 * @param {Lock[]} [settings.locks]
 * @param {number[][]} [settings.accents]
 * @param {number[]} [settings.gains]   one per cell
 * @returns {{ hits: Hit[], steps: number }}
 */
export function pathHits(cells, { barsPerCell = 2, mutes = [], locks = [], accents = [], gains = [] } = {}) {
  const length = barsPerCell * STEPS_PER_BAR;
  const hits = cells.flatMap((tokens, turn) =>
    hitsWithin(applyLocks(tokens, locks), turn * length, (turn + 1) * length, { mutes, accents }).map((hit) =>
      turn in gains ? { ...hit, gain: gains[turn] } : hit,
    ),
  );
  return { hits, steps: cells.length * length };
}

/**
 * @param {Tokens} tokens
 * @param {number} from   [steps]
 * @param {number} to     [steps]
 * @param {{ mutes: boolean[], accents: number[][] }} settings
 */
function hitsWithin(tokens, from, to, { mutes, accents }) {
  const hits = [];
  for (let step = from; step < to; step++) {
    const token = tokens[step % tokens.length];
    for (let drum = 0; drum < NUM_DRUMS; drum++) {
      if (!((token >> drum) & 1) || mutes[drum]) continue;
      hits.push({ step, drum, velocity: accents[drum]?.[step % STEPS_PER_BAR] ?? DEFAULT_VELOCITY });
    }
  }
  return hits;
}

/**
 * The clip of a pattern.
 * @param {Tokens} tokens
 * @param {{ accents: number[][], pitches: number[] }} drums   one entry for each
 * @returns {Clip}
 */
export function clipOfPattern(tokens, { accents, pitches }) {
  const notes = hitsOf(tokens, { accents }).map(({ step, drum, velocity }) => ({
    step, offset: 0, length: 1, pitch: pitches[drum], velocity, stream: 0,
  }));
  return { steps: tokens.length, notes };
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

/**
 * The tokens of a cell. A corner cell plays the corner itself where `use_original_corners` is set, else its reconstruction.
 * @param {Pick<ExportedState, "cells" | "size" | "patterns" | "use_original_corners">} palette
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
