// Drums of many bars in a small place: how dense they are, as bars.
/** @import { Box, Note } from "../../types.js" */

const FULL = 2.1; // hits a step that fill the height
const BAR_PIXELS = 2.4;

/**
 * @param {{ notes: Note[], steps: number }} drums
 * @param {Box} box
 * @param {number} scale   pixels of the canvas to one of the page
 * @returns {Box[]}
 */
export function densityBoxes({ notes, steps }, { left, top, across, down }, scale) {
  const count = Math.max(16, Math.min(64, Math.round(across / scale / BAR_PIXELS)));
  const hits = new Array(count).fill(0);
  for (const { step } of notes) hits[Math.min(count - 1, Math.floor((step * count) / steps))] += 1;
  return hits.flatMap((number, index) => {
    const part = Math.min(1, (number * count) / steps / FULL);
    if (part < 0.03) return [];
    const from = Math.round(left + (index * across) / count);
    const to = Math.round(left + ((index + 1) * across) / count);
    const high = Math.max(1, Math.round(down * part));
    return [{ left: from, top: Math.round(top + down) - high, across: Math.max(1, to - from - 1), down: high }];
  });
}
