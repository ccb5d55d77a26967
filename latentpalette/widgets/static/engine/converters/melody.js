// Melodies as tokens, one of ninety for each step: 0 continues what is, a note or silence; 1 ends a note; 2 to 89 begin
// MIDI pitch 21 to 108.
/** @import { Note, StreamConverter } from "../../types.js" */

import { DECODED_VELOCITY } from "./drumclasses.js";
import { extractMelodies } from "./topline.js";

export const MELODY_CLASSES = 90;
export const MIN_PITCH = 21; // the keys of a piano
export const MAX_PITCH = 108;
const NO_EVENT = 0;
const NOTE_OFF = 1;
const FIRST_NOTE_ON = 2;

/**
 * @param {number} steps
 * @returns {StreamConverter}
 */
export function melodyConverter(steps) {
  return {
    width: 1,
    tokens: (notes) => melodyTokens(notes, steps),
    notes: (tokens) => notesOfMelodyTokens(tokens, steps),
    input: (notes) => ({ kind: "columns", depth: MELODY_CLASSES, perStep: 1, values: melodyTokens(notes, steps) }),
  };
}

/**
 * The token of each step of the top line of those notes that have a pitch in the range.
 * @param {Note[]} notes
 * @param {number} steps
 */
export function melodyTokens(notes, steps) {
  const tokens = new Uint16Array(steps);
  const line = extractMelodies(notes.filter(({ pitch }) => MIN_PITCH <= pitch && pitch <= MAX_PITCH))[0]?.notes ?? [];
  line.forEach(({ step, pitch, length }, index) => {
    const end = step + length;
    tokens[step] = pitch - MIN_PITCH + FIRST_NOTE_ON;
    if (end < steps && !(line[index + 1]?.step <= end)) tokens[end] = NOTE_OFF;
  });
  return tokens;
}

/**
 * @param {ArrayLike<number>} tokens   [step]
 * @param {number} steps
 * @param {number} [stream]
 */
export function notesOfMelodyTokens(tokens, steps, stream = 0) {
  /** @type {Note[]} */
  const notes = [];
  /** @type {Note | null} */
  let sounding = null;
  for (let step = 0; step <= steps; step++) {
    const token = step < steps ? tokens[step] : NOTE_OFF;
    if (token === NO_EVENT) continue;
    if (sounding) notes.push({ ...sounding, length: step - sounding.step });
    const pitch = token - FIRST_NOTE_ON + MIN_PITCH;
    sounding = token < FIRST_NOTE_ON ? null : { step, offset: 0, length: 1, pitch, velocity: DECODED_VELOCITY, stream };
  }
  return notes;
}
