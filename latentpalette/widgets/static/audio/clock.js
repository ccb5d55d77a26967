// Conversions between musical time (steps of a sixteenth) and the audio hardware's clock (whole sample frames).
//
// A tempo becomes a whole number of frames per bar, and everything else follows from it: step k lies k sixteenths of
// a bar after step 0, rounded to a frame. So loops of any lengths agree on where a step lies for as long as they play
// together, and a loop of whole bars is a whole number of frames, as a looping buffer has to be. Against the ideal
// tempo that is at most half a frame per bar, six parts in a million at 120 qpm. A step counter that runs on for ever
// lies on a `TimeGrid`, whose `origin`, the frame of step 0, may be before the music began.
/** @import { Quantization, Tempo, TimeGrid } from "../types.js" */

export const STEPS_PER_BEAT = 4;
export const STEPS_PER_BAR = 16;

/**
 * Duration of a step. The only place where a tempo becomes a time.
 * @param {number} qpm   quarter notes per minute
 * @returns {number}     [seconds]
 */
export function stepSeconds(qpm) {
  if (!(qpm > 0)) throw new RangeError(`A tempo is a number above 0; got ${qpm}.`);
  return 60 / qpm / STEPS_PER_BEAT;
}

/**
 * When steps of music begin whose tempo changes.
 * @param {Tempo[]} tempos   in order, the first from step 0 on
 * @returns {(step: number) => number}   [seconds] from step 0 on
 */
export function tempoMap(tempos) {
  let seconds = 0;
  const parts = tempos.map(({ step, qpm }, index) => {
    const before = tempos[index - 1];
    if (before) seconds += (step - before.step) * stepSeconds(before.qpm);
    return { step, seconds, each: stepSeconds(qpm) };
  });
  return (step) => {
    const part = parts.findLast((each) => each.step <= step) ?? parts[0];
    return part.seconds + (step - part.step) * part.each;
  };
}

/**
 * Duration of a loop.
 * @param {number} steps
 * @param {number} qpm
 * @param {number} rate   [frames per second]
 * @returns {number}      [frames]; a whole number if the loop has whole bars, else one of sixteenths
 */
export function loopFrames(steps, qpm, rate) {
  return (steps * Math.round(STEPS_PER_BAR * stepSeconds(qpm) * rate)) / STEPS_PER_BAR;
}

/**
 * How often a loop is repeated until it has lasted a whole number of frames.
 * @param {Pick<TimeGrid, "frames">} grid
 * @returns {number}   1 for whole bars, up to 16
 */
export function wholeLaps({ frames }) {
  let laps = 1;
  while (!Number.isInteger(laps * frames)) laps *= 2; // frames are sixteenths
  return laps;
}

/**
 * True if two grids have the same tempo.
 * @param {TimeGrid} one
 * @param {TimeGrid} other
 */
export const sameTempo = (one, other) => one.frames * other.steps === other.frames * one.steps;

/**
 * The grid on which `step` lies at `frame`: it keeps the phase when the tempo changes.
 * @param {{ step: number, frame: number, steps: number, qpm: number, rate: number }} place
 * @returns {TimeGrid}
 */
export function gridThrough({ step, frame, steps, qpm, rate }) {
  const grid = { steps, frames: loopFrames(steps, qpm, rate), origin: 0 };
  grid.origin = frame - frameOfStep(grid, step);
  return grid;
}

/**
 * Frame at which a whole step begins.
 * @param {TimeGrid} grid
 * @param {number} step
 * @returns {number}
 */
export function frameOfStep({ steps, frames, origin }, step) {
  const lap = Math.floor(step / steps);
  return origin + Math.round(lap * frames + ((step - lap * steps) * frames) / steps);
}

/**
 * Step in which a frame lies; the fraction is how much of the step has passed.
 * @param {TimeGrid} grid
 * @param {number} frame
 * @returns {number}
 */
export function stepOfFrame({ steps, frames, origin }, frame) {
  return ((frame - origin) * steps) / frames;
}

/**
 * Number of steps in a unit of quantization.
 * @param {Quantization} quantization
 * @param {number} steps   length of the loop
 * @returns {number}
 */
export function quantumOf(quantization, steps) {
  const quantum = { step: 1, beat: STEPS_PER_BEAT, bar: STEPS_PER_BAR, loop: steps }[quantization];
  if (!quantum) throw new RangeError(`A change waits for a "step", "beat", "bar" or "loop"; got "${quantization}".`);
  return quantum;
}

/**
 * The first multiple of `quantum` steps that begins at `frame` or later.
 * @param {TimeGrid} grid
 * @param {number} frame
 * @param {number} quantum   [steps]
 * @returns {number}         a step
 */
export function nextBoundary(grid, frame, quantum) {
  let step = (Math.ceil(stepOfFrame(grid, frame) / quantum) - 1) * quantum; // one early: steps are rounded to frames
  while (frameOfStep(grid, step) < frame) step += quantum;
  return step;
}

/**
 * Delay between the audio graph and the loudspeakers, as far as the browser reports it.
 * @param {AudioContext} context
 * @returns {number}   [seconds]
 */
export function latencyOf(context) {
  return context.outputLatency || context.baseLatency || 0;
}

/**
 * Time on the context's clock of what the loudspeakers play now.
 * @param {AudioContext} context
 * @returns {number}   [seconds]
 */
export function audibleTime(context) {
  return context.currentTime - latencyOf(context);
}

/**
 * Time on the clock of `performance.now()` at which the loudspeakers play a time of the context's clock.
 * @param {AudioContext} context
 * @param {number} time   on the context's clock [seconds]
 * @param {number} now    `performance.now()` [milliseconds]
 * @returns {number}      [milliseconds]
 */
export function performanceTimeOf(context, time, now) {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp?.() ?? {};
  // A context that has just begun, and some browsers always, answer with zeros.
  if (performanceTime > 0 && contextTime > 0) return performanceTime + (time - contextTime) * 1000;
  return now + (time - audibleTime(context)) * 1000;
}
