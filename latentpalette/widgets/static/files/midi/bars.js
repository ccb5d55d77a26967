// Bars: where they lie and how they are numbered, through changes of the time signature.
/** @import { BarSpan, Meter } from "../../types.js" */

import { countUpTo, floorDivide } from "./search.js";

export const STEPS_PER_QUARTER = 4;
export const EPSILON = 1e-6; // rounding must not push a note off its beat
const MAX_OFF_BAR_LINE = 0.5; // [steps] a time signature this near a bar line stands on it

/**
 * How many bars a length fills, the last perhaps in part.
 * @param {number} steps
 * @param {number} stepsPerBar
 */
export const barsIn = (steps, stepsPerBar) => -floorDivide(-steps, stepsPerBar) + 0;

/**
 * The bars of a piece, span by span: in a row in one time signature.
 * @param {Meter[]} meters      in order; the first at 0
 * @param {number} quarters     length of the piece; its last bar is counted whole
 * @returns {BarSpan[]}
 */
export function barSpans(meters, quarters) {
  const used = meters.filter((meter, index) => !index || meter.quarters < quarters - EPSILON);
  /** @type {BarSpan[]} */
  const spans = [];
  let bar = 1;
  /** @type {number | null} */
  let passed = null; // where time signatures begin that are too short for any bar
  const add = (/** @type {Omit<BarSpan, "firstBar">} */ span) => {
    spans.push({ ...span, firstBar: bar });
    bar += span.bars;
  };
  for (const [index, meter] of used.entries()) {
    const { stepsPerBar } = meter;
    const start = meter.quarters * STEPS_PER_QUARTER;
    if (passed !== null && start - passed > MAX_OFF_BAR_LINE) {
      add({ meter, start: passed, stop: start, bars: 1, isCutShort: true });
      passed = null;
    }
    const following = used[index + 1];
    if (!following) {
      const bars = barsIn(quarters * STEPS_PER_QUARTER - start - EPSILON, stepsPerBar);
      if (bars > 0) add({ meter, start, stop: start + bars * stepsPerBar, bars, isCutShort: false });
      break;
    }
    const stop = following.quarters * STEPS_PER_QUARTER;
    const tolerance = Math.min(MAX_OFF_BAR_LINE, stepsPerBar / 4);
    const bars = floorDivide(stop - start + tolerance, stepsPerBar);
    const wholeStop = start + bars * stepsPerBar;
    const isCut = stop - wholeStop > tolerance;
    if (bars) add({ meter, start, stop: isCut ? wholeStop : stop, bars, isCutShort: false });
    if (isCut) add({ meter, start: wholeStop, stop, bars: 1, isCutShort: true });
    passed = bars || isCut ? null : (passed ?? start);
  }
  return spans;
}

/**
 * The last bar line [quarter notes] at or before a position.
 * @param {Meter[]} meters
 * @param {number} quarters
 */
export function barLineBefore(meters, quarters) {
  const spans = barSpans(meters, Math.max(quarters, EPSILON * 2));
  const { start, stop, bars, meter } = spans[spans.length - 1];
  const isPast = stop <= quarters * STEPS_PER_QUARTER + EPSILON;
  return (isPast ? stop : start + (bars - 1) * meter.stepsPerBar) / STEPS_PER_QUARTER;
}

/**
 * The numbers of the bars of a piece: that of the bar at a position, after the end of the piece that of the last bar.
 * @param {Meter[]} meters
 * @param {number} quarters   length of the piece
 * @returns {(quarters: number) => number}
 */
export function barNumbers(meters, quarters) {
  const spans = barSpans(meters, quarters);
  return (position) => {
    const steps = position * STEPS_PER_QUARTER + EPSILON;
    const span = spans[countUpTo(spans, steps, ({ start }) => start) - 1];
    if (!span) return 1;
    return span.firstBar + Math.min(floorDivide(steps - span.start, span.meter.stepsPerBar), span.bars - 1);
  };
}
