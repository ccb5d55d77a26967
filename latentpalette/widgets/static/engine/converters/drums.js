// Drum loops as tokens, one of 512 for each step: the sum of 2 to the power of each drum that is hit.
/** @import { Note, StreamConverter, DrumClasses } from "../../types.js" */

import { bitsAndSilence, drumBits, drumNote } from "./pianoroll.js";

/**
 * @param {DrumClasses} drums   nine
 * @param {number} steps
 * @returns {StreamConverter}
 */
export function drumsConverter(drums, steps) {
  return {
    width: 1,
    tokens: (notes) => drumTokens(notes, drums, steps),
    notes: (tokens) => notesOfDrumTokens(tokens, drums, steps),
    input: (notes) => bitsAndSilence(drumBits(notes, drums, steps), drums.count, steps),
  };
}

/**
 * The token of each step: bit k is set where drum k is hit.
 * @param {Note[]} notes
 * @param {DrumClasses} drums
 * @param {number} steps
 */
export function drumTokens(notes, drums, steps) {
  const tokens = new Uint16Array(steps);
  for (const { step, pitch } of notes) {
    const drum = drums.classOf(pitch);
    if (drum >= 0) tokens[step] |= 1 << drum;
  }
  return tokens;
}

/**
 * @param {ArrayLike<number>} tokens   [step]
 * @param {DrumClasses} drums
 * @param {number} steps
 * @param {number} [stream]
 */
export function notesOfDrumTokens(tokens, drums, steps, stream = 0) {
  /** @type {Note[]} */
  const notes = [];
  for (let step = 0; step < steps; step++) {
    for (const drum of drums.byPitch) {
      if ((tokens[step] >> drum) & 1) notes.push(drumNote(drums, drum, step, stream));
    }
  }
  return notes;
}
