// Drum performances as frames of hits, velocities and offsets, of which the encoder sees a part.
// An offset of 1 is half a step early: the sign is Magenta's, the opposite of a note's.
/** @import { DrumClasses, GrooveOptions, Note, StreamConverter } from "../../types.js" */

import { OFFSET_SCALE } from "../../state/cliptable.js";
import { roundHalfEven } from "./rounding.js";

export const TAP_CLASS = 3; // a tapped rhythm is in the open hat's columns, as in Magenta
const MAX_VELOCITY = 127;

/**
 * @param {DrumClasses} drums
 * @param {number} steps
 * @param {GrooveOptions} options
 * @returns {StreamConverter}
 */
export function grooveConverter(drums, steps, options) {
  const width = 3 * drums.count;
  return {
    width,
    tokens: (notes) => grooveFrames(notes, drums, steps),
    notes: (frames) => notesOfFrames(frames, drums, steps),
    input: (notes) => ({
      kind: "frames",
      depth: width,
      values: encoderView(grooveFrames(notes, drums, steps), drums.count, options),
    }),
  };
}

/**
 * The whole performance; of two hits of one drum in a step the louder.
 * @param {Note[]} notes
 * @param {DrumClasses} drums
 * @param {number} steps
 */
export function grooveFrames(notes, drums, steps) {
  const { count } = drums;
  const frames = new Float32Array(steps * 3 * count);
  for (const { step, pitch, velocity, offset } of notes) {
    const drum = drums.classOf(pitch);
    const hit = step * 3 * count + drum;
    if (drum < 0 || Math.fround(velocity / MAX_VELOCITY) <= frames[hit + count]) continue;
    frames[hit] = 1;
    frames[hit + count] = velocity / MAX_VELOCITY;
    frames[hit + 2 * count] = -2 * offset;
  }
  return frames;
}

/**
 * @param {ArrayLike<number>} frames   [step][hits, velocities, offsets]
 * @param {DrumClasses} drums
 * @param {number} steps
 */
export function notesOfFrames(frames, drums, steps) {
  const { count } = drums;
  /** @type {Note[]} */
  const notes = [];
  for (let step = 0; step < steps; step++) {
    for (const drum of drums.byPitch) {
      const hit = step * 3 * count + drum;
      if (!(frames[hit] > 0.5)) continue;
      const loudness = roundHalfEven(Math.fround(MAX_VELOCITY * frames[hit + count]));
      const late = Math.min(Math.max(-frames[hit + 2 * count] / 2, step === 0 ? 0 : -0.5), 0.5);
      notes.push({
        step,
        offset: roundHalfEven(late * OFFSET_SCALE) / OFFSET_SCALE + 0, // never -0
        length: 1,
        pitch: drums.pitches[drum],
        velocity: Math.min(Math.max(loudness, 1), MAX_VELOCITY),
        stream: 0,
      });
    }
  }
  return notes;
}

/**
 * The encoder's view of a performance, reduced in Magenta's order.
 * @param {Float32Array} frames
 * @param {number} count   of drums
 * @param {GrooveOptions} options
 */
export function encoderView(frames, count, { humanize, tapify, fixed_velocities, add_instruments }) {
  const width = 3 * count;
  const view = tapify ? tapped(frames, count) : frames.slice();
  for (let start = 0; start < view.length; start += width) {
    if (humanize) view.fill(0, start + count, start + width);
    if (fixed_velocities) view.fill(0, start + count, start + 2 * count);
    for (const drum of add_instruments) {
      for (let block = 0; block < 3; block++) view[start + block * count + drum] = 0;
    }
  }
  return view;
}

/**
 * A single line of taps: the loudest drum of each step, of equal ones the first.
 * @param {Float32Array} frames
 * @param {number} count   of drums
 */
function tapped(frames, count) {
  const view = new Float32Array(frames.length);
  for (let start = 0; start < frames.length; start += 3 * count) {
    let loudest = 0;
    for (let drum = 1; drum < count; drum++) {
      if (frames[start + count + drum] > frames[start + count + loudest]) loudest = drum;
    }
    for (let block = 0; block < 3; block++) {
      view[start + block * count + TAP_CLASS] = frames[start + block * count + loudest];
    }
  }
  return view;
}
