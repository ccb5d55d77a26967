// The ride of a slider that moves by itself, to and fro: in which turns, how long each lasts, and where each lies.
/** @import { Quantization } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";

const STEPS_PER_BEAT = 4;

/**
 * How long a turn lasts [steps]: a beat, or as long as changes wait for.
 * @param {Quantization} quantize
 * @param {number} steps   length of the loop
 */
export const turnSteps = (quantize, steps) =>
  quantize === "loop" ? steps : quantize === "bar" ? STEPS_PER_BAR : STEPS_PER_BEAT;

/**
 * The number of turns from A to B.
 * @param {number} bars
 * @param {number} turn   [steps]
 */
export const turnsOneWay = (bars, turn) => Math.max(1, Math.round((bars * STEPS_PER_BAR) / turn));

/**
 * Where a turn of a ride lies.
 * @param {number} turn     0 is A, `oneWay` is B, then back again
 * @param {number} oneWay   turns from A to B
 */
export const placeOfTurn = (turn, oneWay) => (turn <= oneWay ? turn / oneWay : 2 - turn / oneWay);

/**
 * The turn that lies nearest to a place, on the way there or back.
 * @param {number} t
 * @param {number} oneWay
 * @param {boolean} goesBack
 */
export function turnAt(t, oneWay, goesBack) {
  const turn = Math.round(t * oneWay);
  return goesBack && turn > 0 ? (2 * oneWay - turn) % (2 * oneWay) : turn;
}
