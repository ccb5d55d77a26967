// The part of a long roll that is shown: as many bars as have room, whole pages while it plays.

const STEPS_PER_BAR = 16;
const MAX_BARS = 16;
const MIN_STEP_WIDTH = 1.7; // [pixels]; below that notes cannot be told apart

/**
 * How many steps of a roll are shown.
 * @param {number} steps   of the roll
 * @param {number} width   of its frame [pixels]
 * @returns {number}
 */
export function shownSteps(steps, width) {
  let bars = MAX_BARS;
  while (bars > 1 && width < bars * STEPS_PER_BAR * MIN_STEP_WIDTH) bars /= 2;
  return Math.min(steps, bars * STEPS_PER_BAR);
}

/**
 * The place nearest to `start` where a window of `length` steps lies within the roll.
 * @param {number} start
 * @param {number} length
 * @param {number} steps
 */
export function clampStart(start, length, steps) {
  return Math.max(0, Math.min(start, steps - length));
}

/**
 * The page that a step is on: its bar is the first one.
 * @param {number} step
 * @param {number} length
 * @param {number} steps
 */
export function pageStart(step, length, steps) {
  return clampStart(Math.floor(step / STEPS_PER_BAR) * STEPS_PER_BAR, length, steps);
}

/**
 * Which bars are shown, in words.
 * @param {number} start
 * @param {number} length
 * @param {number} steps
 * @returns {string}   "bars 1 to 16 of 40"
 */
export function barsInWords(start, length, steps) {
  const first = Math.floor(start / STEPS_PER_BAR + 0.5) + 1;
  const last = Math.max(first, Math.floor((start + length) / STEPS_PER_BAR + 0.5));
  return `bars ${first} to ${last} of ${Math.ceil(steps / STEPS_PER_BAR)}`;
}

/**
 * A place in words.
 * @param {number} step
 * @returns {string}   "bar 2, beat 3"
 */
export function placeInWords(step) {
  return `bar ${Math.floor(step / STEPS_PER_BAR) + 1}, beat ${Math.floor((step % STEPS_PER_BAR) / 4) + 1}`;
}
