// Melodies sketched as a curve, as in Python's music/sketch.py: it snaps to the pitches of a scale and to steps, and where
// it is level notes are held. A curve has a height in the middle of every step, as a pitch, or null where none is drawn.
/** @import { Clip, Note } from "../types.js" */
/** @import { Key } from "./pitch.js" */

import { isInScale } from "./pitch.js";

const VELOCITY = 80;

/** @typedef {(number | null)[]} Curve */

/**
 * The pitch of a scale that is nearest to a height between pitches; of two the lower one.
 * @param {number} height
 * @param {Key} key
 */
export function nearestInScale(height, key) {
  let [best, distance] = [Math.round(height), Infinity];
  for (let pitch = Math.floor(height) - 12; pitch <= height + 12; pitch++) {
    const away = Math.round(Math.abs(pitch - height) * 1e6);
    if (isInScale(pitch, key) && away < distance) [best, distance] = [pitch, away];
  }
  return best;
}

/**
 * The melody of a curve.
 * @param {Curve} curve
 * @param {Key} key
 * @param {number} grid   a note begins on a multiple of it [steps]
 * @returns {Note[]}
 */
export function sketchNotes(curve, key, grid) {
  /** @type {Note[]} */
  const notes = [];
  for (let step = 0; step < curve.length; step += grid) {
    const heights = curve.slice(step, step + grid).filter((height) => height !== null);
    if (!heights.length) continue;
    const pitch = nearestInScale(heights.reduce((sum, height) => sum + height, 0) / heights.length, key);
    const length = Math.min(grid, curve.length - step);
    const last = notes.at(-1);
    if (last && last.pitch === pitch && last.step + last.length === step) last.length += length;
    else notes.push({ step, offset: 0, length, pitch, velocity: VELOCITY, stream: 0 });
  }
  return notes;
}

/**
 * Draw part of a curve: what it crosses takes the place of the notes that are there.
 * @param {Clip} clip
 * @param {Curve} curve                           all of it
 * @param {{ from: number, to: number }} drawn    the steps that were drawn
 * @param {Key} key
 * @param {number} grid
 * @returns {Clip}
 */
export function redraw(clip, curve, { from, to }, key, grid) {
  const begin = Math.floor(from / grid) * grid;
  const end = Math.min(clip.steps, Math.ceil(to / grid) * grid);
  const kept = clip.notes.flatMap((note) => {
    const stop = note.step + note.length;
    if (stop <= begin || note.step >= end) return [note];
    const before = note.step < begin ? [{ ...note, length: begin - note.step }] : [];
    return stop > end ? [...before, { ...note, step: end, length: stop - end, offset: 0 }] : before;
  });
  const part = curve.map((height, step) => (step >= begin && step < end ? height : null));
  const notes = [...kept, ...sketchNotes(part, key, grid)].sort((one, other) => one.step - other.step);
  return { steps: clip.steps, notes: joined(notes, [begin, end]) };
}

/**
 * Hold a note on where the next one is as high, at the ends of what was drawn.
 * @param {Note[]} notes
 * @param {number[]} seams   steps
 */
function joined(notes, seams) {
  /** @type {Note[]} */
  const whole = [];
  for (const note of notes) {
    const last = whole.at(-1);
    const isSeam = seams.includes(note.step) && last && last.step + last.length === note.step;
    if (last && isSeam && last.pitch === note.pitch) whole[whole.length - 1] = { ...last, length: last.length + note.length };
    else whole.push(note);
  }
  return whole;
}

/**
 * Put a stroke into a curve: between its two last points all steps get a height.
 * @param {Curve} curve
 * @param {{ at: number, height: number }} one      at in steps, fractions included
 * @param {{ at: number, height: number }} other
 * @returns {{ curve: Curve, from: number, to: number }}   and the steps that changed
 */
export function stroked(curve, one, other) {
  const [first, last] = one.at <= other.at ? [one, other] : [other, one];
  const from = Math.max(0, Math.min(curve.length - 1, Math.floor(first.at)));
  const to = Math.max(0, Math.min(curve.length - 1, Math.floor(last.at)));
  const changed = curve.slice();
  for (let step = from; step <= to; step++) {
    const share = last.at === first.at ? 1 : Math.min(1, Math.max(0, (step + 0.5 - first.at) / (last.at - first.at)));
    const height = from === to ? other.height : first.height + share * (last.height - first.height);
    changed[step] = Math.round(height * 100) / 100;
  }
  return { curve: changed, from, to: to + 1 };
}
