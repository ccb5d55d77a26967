// A melody in a small place: its contour, notes as dashes that hairlines join where one follows on another.
/** @import { Box, Note } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { meanPitches } from "./barcontour.js";

const LEFT_OUT = 0.05; // of the bars of long music, at either end of the pitches: one bar far off would flatten all others
const MIN_BARS_APART = 7; // [semitones]

/**
 * Between which pitches a stream's notes lie in some clips, and between which their bars do on average, except for the farthest.
 * @typedef {[low: number, high: number, lowBar: number, highBar: number]} PitchRange
 */

/**
 * @param {object} melody
 * @param {Note[]} melody.notes            of one stream, in order
 * @param {number} melody.steps            length of the clip
 * @param {[low: number, high: number]} melody.range   of the whole board, so that higher is higher everywhere
 * @param {Box} box
 * @param {{ thick: number, joined: boolean }} look     thickness of a dash [pixels]
 * @returns {Box[]}
 */
export function contourBoxes({ notes, steps, range: [low, high] }, { left, top, across, down }, { thick, joined }) {
  const dash = Math.max(1, Math.round(thick));
  const x = (/** @type {number} */ step) => Math.round(left + (step * across) / steps);
  const y = (/** @type {number} */ pitch) =>
    Math.round(top + (down - dash) * (1 - (pitch - low) / Math.max(1, high - low)));
  /** @type {Box[]} */
  const boxes = [];
  notes.forEach(({ step, pitch, length }, index) => {
    const before = notes[index - 1];
    const gap = across / steps >= 1.5 && before ? 1 : 0;
    const [from, to] = [x(step), x(step + length)];
    boxes.push({ left: from, top: y(pitch), across: Math.max(1, to - from - gap), down: dash });
    if (!joined || !before || before.step + before.length !== step || before.pitch === pitch) return;
    const [upper, lower] = [Math.min(y(pitch), y(before.pitch)), Math.max(y(pitch), y(before.pitch))];
    boxes.push({ left: from - 1, top: upper, across: 1, down: lower - upper + dash });
  });
  return boxes;
}

/**
 * The range of each stream in some clips; at least an octave, so that a flat melody is flat.
 * @param {Iterable<{ notes: Note[], steps: number } | null>} clips
 * @param {number} streams   how many
 * @returns {PitchRange[]}
 */
export function pitchRanges(clips, streams) {
  const there = [...clips].filter((clip) => clip !== null);
  return Array.from({ length: streams }, (_, stream) => {
    let low = Infinity;
    let high = -Infinity;
    /** @type {number[]} */
    const bars = [];
    for (const { notes, steps } of there) {
      const own = notes.filter((note) => note.stream === stream);
      for (const { pitch } of own) {
        low = Math.min(low, pitch);
        high = Math.max(high, pitch);
      }
      for (const mean of meanPitches({ notes: own, steps }, Math.ceil(steps / STEPS_PER_BAR))) if (mean !== null) bars.push(mean);
    }
    if (low > high) return [60, 72, 60, 72];
    bars.sort((one, other) => one - other);
    const last = bars.length - 1;
    const ends = [Math.round(LEFT_OUT * last), Math.round((1 - LEFT_OUT) * last)].map((at) => bars[at]);
    return [...atLeast(12, low, high), ...atLeast(MIN_BARS_APART, ends[0], ends[1])];
  });
}

/**
 * A range that is widened at both ends, where it is narrower than it should be.
 * @param {number} least
 * @param {number} low
 * @param {number} high
 * @returns {[low: number, high: number]}
 */
function atLeast(least, low, high) {
  const more = Math.max(0, least - (high - low)) / 2;
  return [low - more, high + more];
}
