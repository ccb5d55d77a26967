// Where a step of a row lies between A and B, in colors and in words.

import { formatWeight } from "../../state/geometry.js";

/**
 * The weights of the four corners' colors at a step: A and B, evenly.
 * @param {number} index
 * @param {number} n
 */
export const weightsOfStep = (index, n) => [1 - index / (n - 1), index / (n - 1), 0, 0];

/**
 * The shares of the ends: "A .62 · B .38".
 * @param {number} index
 * @param {number} n
 */
export function formatShares(index, n) {
  const [a, b] = weightsOfStep(index, n);
  return `A ${formatWeight(a)} · B ${formatWeight(b)}`;
}

/**
 * How many notes stay, have come and have gone.
 * @param {{ stay: unknown[], come: unknown[], gone: unknown[] }} difference
 */
export function formatDifference({ stay, come, gone }) {
  const notes = (/** @type {number} */ count) => (count === 1 ? "1 note" : `${count} notes`);
  if (!come.length && !gone.length) return `the same ${notes(stay.length)}`;
  return `${notes(stay.length)} stay${stay.length === 1 ? "s" : ""}, ${come.length} ha${come.length === 1 ? "s" : "ve"} come, ${gone.length} ha${gone.length === 1 ? "s" : "ve"} gone`;
}
