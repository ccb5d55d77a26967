// A melody of many bars in a place so small that its notes would run into one another: where each bar lies on average, as a
// line of steps. Two melodies are told apart by how they rise, fall and rest.
/** @import { Box, Note } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";

const MIN_COLUMN = 1.5; // [pixels of the page]: narrower bars are drawn in pairs

/**
 * The pitches of each part of a melody on average, weighted by the lengths of the notes that begin in it.
 * @param {{ notes: Note[], steps: number }} melody   of one stream
 * @param {number} count   of parts
 * @returns {(number | null)[]}   null where no note begins
 */
export function meanPitches({ notes, steps }, count) {
  const sums = new Float64Array(count);
  const lengths = new Float64Array(count);
  for (const { step, pitch, length } of notes) {
    const part = Math.min(count - 1, Math.floor((step * count) / steps));
    sums[part] += pitch * length;
    lengths[part] += length;
  }
  return Array.from(sums, (sum, part) => (lengths[part] ? sum / lengths[part] : null));
}

/**
 * @param {object} melody
 * @param {Note[]} melody.notes            of one stream
 * @param {number} melody.steps            length of the clip
 * @param {[low: number, high: number]} melody.range   between which the bars of all that is shown beside it lie
 * @param {Box} box
 * @param {{ thick: number, scale: number }} look      thickness of the line [pixels], pixels of the canvas to one of the page
 * @returns {Box[]}
 */
export function barBoxes({ notes, steps, range: [low, high] }, { left, top, across, down }, { thick, scale }) {
  const dash = Math.max(1, Math.round(thick));
  let count = Math.ceil(steps / STEPS_PER_BAR);
  while (across / scale / count < MIN_COLUMN && count > 1) count = Math.ceil(count / 2);
  const x = (/** @type {number} */ column) => Math.round(left + (column * across) / count);
  const y = (/** @type {number} */ pitch) =>
    Math.round(top + (down - dash) * (1 - Math.max(0, Math.min(1, (pitch - low) / Math.max(1, high - low)))));
  /** @type {Box[]} */
  const boxes = [];
  /** @type {number | null} */
  let before = null;
  meanPitches({ notes, steps }, count).forEach((mean, column) => {
    const at = mean === null ? null : y(mean);
    if (at !== null) {
      boxes.push({ left: x(column), top: at, across: Math.max(1, x(column + 1) - x(column)), down: dash });
      if (before !== null && before !== at) {
        boxes.push({ left: x(column) - 1, top: Math.min(at, before), across: 1, down: Math.abs(at - before) + dash });
      }
    }
    before = at;
  });
  return boxes;
}
