// Sections: the parts of a score in one time signature, on a grid of sixteenths. A change of tempo moves nothing.
/** @import { BarSpan, GridNote, Score, ScoreNote, Section } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { roundHalfEven } from "../../engine/converters/rounding.js";
import { EPSILON, STEPS_PER_QUARTER, barSpans, barsIn } from "./bars.js";
import { lengthOf, nearestStep } from "./score.js";
import { countBefore, countUpTo } from "./search.js";
import { nominalQpm } from "./tempomap.js";

/**
 * Split a score where its time signature changes. A bar in which it changes is a section of its own.
 * @param {Score} score
 * @returns {Section[]}
 */
export function splitOnMeterChanges(score) {
  const spans = barSpans(score.meters, lengthOf(score));
  // A note played a hair before a change belongs to the beat it is nearest to.
  const starts = spans.map(({ start }, index) => {
    const before = spans[index - 1];
    return (before ? Math.min(start, before.start + Math.trunc(before.bars * before.meter.stepsPerBar)) : 0) - 0.5;
  });
  /** @type {ScoreNote[][]} */
  const groups = spans.map(() => []);
  for (const note of score.notes) groups[Math.max(countUpTo(starts, note.start, (start) => start) - 1, 0)]?.push(note);
  return spans.map((span, index) => sectionOf(score, span, groups[index], index === spans.length - 1));
}

/**
 * @param {Score} score
 * @param {BarSpan} span
 * @param {ScoreNote[]} selected
 * @param {boolean} isLast
 * @returns {Section}
 */
function sectionOf(score, { meter, start, stop, firstBar, bars, isCutShort }, selected, isLast) {
  const notes = selected.map((note) => ({
    note: quantize(note, note.start - start, (isLast ? note.end : Math.min(note.end, stop)) - start),
    track: note.track,
  }));
  const length = isCutShort ? Math.ceil(stop - start - EPSILON) : Math.trunc(bars * meter.stepsPerBar);
  // A note may round up to the first step of a bar that the time signature no longer rules.
  const steps = notes.reduce((last, { note }) => Math.max(last, note.step + 1), length);
  return {
    notes,
    steps,
    bar: firstBar,
    bars: barsIn(steps, meter.stepsPerBar),
    meter,
    tempos: tempoChanges(score, start / STEPS_PER_QUARTER, isLast ? Infinity : stop / STEPS_PER_QUARTER),
    isCutShort,
    has16StepBars: meter.stepsPerBar === STEPS_PER_BAR && !isCutShort,
  };
}

/**
 * A note rounded to the grid as note-seq does: half a step goes up.
 * @param {ScoreNote} note
 * @param {number} start   [steps]
 * @param {number} end     [steps]
 * @returns {GridNote}
 */
export function quantize({ pitch, velocity, isDrum, program }, start, end) {
  const exact = Math.max(start, 0);
  const step = nearestStep(exact);
  const late = roundHalfEven((exact - step) * 1e6) / 1e6;
  return {
    pitch, step, length: Math.max(nearestStep(end) - step, 1), velocity,
    offset: Math.min(Math.max(late, -0.5), 0.5) + 0, isDrum, program,
  };
}

/**
 * The tempos between two positions [quarter notes]: where each begins [steps after the first]. The first is the one that
 * holds at the beginning.
 * @param {Score} score
 * @param {number} quarters
 * @param {number} until
 */
export function tempoChanges({ tempos }, quarters, until) {
  const startOf = (/** @type {{ quarters: number }} */ tempo) => tempo.quarters;
  const first = Math.max(countUpTo(tempos, quarters + EPSILON, startOf) - 1, 0);
  const following = countUpTo(tempos, quarters, startOf);
  const end = Math.max(countBefore(tempos, until, startOf), following);
  return [
    { step: 0, qpm: nominalQpm(tempos[first].qpm) },
    ...tempos.slice(following, end).map((tempo) => ({
      step: (tempo.quarters - quarters) * STEPS_PER_QUARTER,
      qpm: nominalQpm(tempo.qpm),
    })),
  ];
}

/**
 * The tempo at a step of a section.
 * @param {Section} section
 * @param {number} step
 */
export const qpmAt = ({ tempos }, step) =>
  tempos[Math.max(countUpTo(tempos, step + EPSILON, (tempo) => tempo.step) - 1, 0)].qpm;

/**
 * The first and the last bar of the steps from one up to another; bars have sixteen steps.
 * @param {Section} section
 * @param {number} start
 * @param {number} stop
 * @returns {[number, number]}
 */
export const barNumbersOf = ({ bar }, start, stop) =>
  [bar + Math.floor(start / STEPS_PER_BAR), bar + Math.floor(stop / STEPS_PER_BAR) - 1];
