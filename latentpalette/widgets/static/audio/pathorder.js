// The order in which a path's cells play, turn by turn, and the steps at which turns begin and end.
/** @import { PathMode } from "../types.js" */

import { STEPS_PER_BAR } from "./clock.js";

/**
 * The cell of a turn.
 * @param {number} turn    0, 1, 2 ...
 * @param {number} count   number of cells
 * @param {PathMode} mode
 * @returns {number | null}   null when the path is over
 */
export function cellOfTurn(turn, count, mode) {
  if (mode === "once") return turn < count ? turn : null;
  const lap = playbackOrder(count, mode);
  return lap[turn % lap.length];
}

/**
 * The cells of one lap: forward, and for "ping-pong" back again, without playing the two ends twice.
 * @param {number} count
 * @param {PathMode} mode
 * @returns {number[]}
 */
export function playbackOrder(count, mode) {
  const there = Array.from({ length: count }, (_, cell) => cell);
  return mode === "ping-pong" ? [...there, ...there.slice(1, -1).reverse()] : there;
}

/**
 * The step from which the bars of a path count, if its first cell takes over at `step`. It is the beginning of a loop,
 * so that cells change on bar lines and the path stays in phase with what played before: the loop that is under way
 * if it has hardly begun (the first cell is a little shorter then), else the next one (a little longer). Cells of less
 * than a bar do not wait for a loop to begin: they count from a multiple of their own length.
 * @param {number} step
 * @param {number} steps         length of the loop that plays
 * @param {number} barsPerCell   or a part of a bar, in whole steps
 * @returns {number}
 */
export function pathOrigin(step, steps, barsPerCell) {
  const turn = barsPerCell * STEPS_PER_BAR;
  const unit = barsPerCell < 1 ? turn : steps;
  const begun = Math.floor(step / unit) * unit;
  const slack = Math.min(unit / 2, turn / 2);
  return step - begun < slack ? begun : begun + unit;
}

/**
 * The step at which a turn ends: after its bars, or, if they were cut short while it sounded, at the next bar line (of
 * turns of less than a bar, at the end of the next).
 * @param {number} turnStart     [steps]
 * @param {number} barsPerCell   or a part of a bar, in whole steps
 * @param {number} earliest      [steps]
 * @returns {number}
 */
export function turnEnd(turnStart, barsPerCell, earliest) {
  const unit = Math.min(barsPerCell, 1) * STEPS_PER_BAR;
  const units = Math.ceil((earliest - turnStart) / unit);
  return turnStart + Math.max(barsPerCell * STEPS_PER_BAR, units * unit);
}
