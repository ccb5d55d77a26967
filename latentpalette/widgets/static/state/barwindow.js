// The bars of long music that are shown at once: pages of equal length, turned when the playhead leaves one.

import { STEPS_PER_BAR } from "../audio/clock.js";

/**
 * The numbers of bars that can be shown at once.
 * @param {number} bars   of the music
 * @returns {number[]}    one alone where all are shown
 */
export const zoomsOf = (bars) => (bars <= 2 ? [bars] : [2, 4, 16].filter((zoom) => zoom < bars).concat(bars));

/**
 * The page that a step lies on.
 * @param {number} step
 * @param {{ steps: number, zoom: number }} music   `zoom` in bars
 * @returns {{ from: number, steps: number }}        the first step, and how many
 */
export function pageAt(step, { steps, zoom }) {
  const length = Math.min(steps, zoom * STEPS_PER_BAR);
  const page = Math.floor(Math.min(Math.max(step, 0), steps - 1) / length);
  return { from: Math.min(page * length, steps - length), steps: length };
}

/**
 * Say which bars a page has: "bars 5 to 8", "bar 3".
 * @param {{ from: number, steps: number }} page
 */
export function formatPage({ from, steps }) {
  const [first, last] = [Math.floor(from / STEPS_PER_BAR) + 1, Math.ceil((from + steps) / STEPS_PER_BAR)];
  return first >= last ? `bar ${first}` : `bars ${first} to ${last}`;
}
