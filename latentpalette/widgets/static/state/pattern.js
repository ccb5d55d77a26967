// A pattern is a list of bit masks, one per step: bit k is drum k. From patterns to hits: {step, drum, velocity}.

import { STEPS_PER_BAR } from "../audio/clock.js";

export const NUM_DRUMS = 9;
const DEFAULT_VELOCITY = 80; // where no accents are given

// The pattern with each locked lane put in place of its own. A lock is a list of 0s and 1s, or null where free.
export function applyLocks(masks, locks) {
  const locked = Uint16Array.from(masks);
  (locks ?? []).forEach((lane, drum) => {
    if (!lane) return;
    const bit = 1 << drum;
    for (let step = 0; step < locked.length; step++) {
      locked[step] = lane[step % lane.length] ? locked[step] | bit : locked[step] & ~bit;
    }
  });
  return locked;
}

// What a pattern plays: locks replace lanes, mutes remove them, the accent of (drum, step in the bar) is the velocity.
// Sorted by step, then drum.
export function hitsOf(masks, { mutes = [], locks = [], accents = [] } = {}) {
  return hitsWithin(applyLocks(masks, locks), 0, masks.length, { mutes, accents });
}

// What a walk over cells plays: cell i sounds from step i * barsPerCell * 16 on, and step s of the walk is column
// s mod 32 of the cell it lies in. So the beat stays in phase, however long a cell lasts.
export function pathHits(cells, { barsPerCell = 2, mutes = [], locks = [], accents = [] } = {}) {
  const length = barsPerCell * STEPS_PER_BAR;
  const hits = cells.flatMap((masks, turn) =>
    hitsWithin(applyLocks(masks, locks), turn * length, (turn + 1) * length, { mutes, accents }),
  );
  return { hits, steps: cells.length * length };
}

function hitsWithin(masks, from, to, { mutes, accents }) {
  const hits = [];
  for (let step = from; step < to; step++) {
    const mask = masks[step % masks.length];
    for (let drum = 0; drum < NUM_DRUMS; drum++) {
      if (!((mask >> drum) & 1) || mutes[drum]) continue;
      hits.push({ step, drum, velocity: accents[drum]?.[step % STEPS_PER_BAR] ?? DEFAULT_VELOCITY });
    }
  }
  return hits;
}

// How often each drum is hit.
export function laneCounts(masks) {
  const counts = new Array(NUM_DRUMS).fill(0);
  for (const mask of masks) for (let drum = 0; drum < NUM_DRUMS; drum++) counts[drum] += (mask >> drum) & 1;
  return counts;
}

// The masks of one cell of a palette. A corner plays itself while `originals` holds, the model's version otherwise.
export function masksOfCell({ cells, size, patterns, originals }, { row, col }) {
  const steps = cells.length / (size * size);
  const start = (row * size + col) * steps;
  const edge = size - 1;
  const isCorner = [0, edge].includes(row) && [0, edge].includes(col);
  if (originals && isCorner) return Uint16Array.from(patterns[(row ? 2 : 0) + (col ? 1 : 0)]); // A B above C D
  return cells.slice(start, start + steps);
}
