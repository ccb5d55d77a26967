// The top line of some notes: one note at a time, each ending before or where the next one starts.

import { STEPS_PER_BAR } from "../../audio/clock.js";

/**
 * @template {{ step: number, pitch: number, length: number }} T
 * @typedef {{ start: number, stop: number, notes: T[], dropped: number }} MelodyLine
 *   From the bar of its first note to that of its last [steps]; `dropped` notes start together with a higher one.
 */

/**
 * Of several notes that start together the highest is kept; a later one cuts an earlier one short.
 * @template {{ step: number, pitch: number, length: number }} T
 * @param {T[]} notes           in their order, which decides between two that are otherwise alike
 * @param {number} [gapSteps]   a rest at least this long splits the line
 * @returns {MelodyLine<T>[]}
 */
export function extractMelodies(notes, gapSteps = Infinity) {
  /** @type {MelodyLine<T>[]} */
  const lines = [];
  /** @type {T[]} */
  let line = [];
  let dropped = 0;
  for (const note of [...notes].sort((one, other) => one.step - other.step || other.pitch - one.pitch)) {
    let last = line.at(-1);
    if (last && note.step === last.step) {
      dropped += 1;
      continue;
    }
    if (last && note.step - endOf(last) >= gapSteps) {
      lines.push(melodyLine(line, dropped));
      [line, dropped, last] = [[], 0, undefined];
    }
    if (last && endOf(last) > note.step) line[line.length - 1] = { ...last, length: note.step - last.step };
    line.push(note);
  }
  if (line.length) lines.push(melodyLine(line, dropped));
  return lines;
}

/**
 * @template {{ step: number, pitch: number, length: number }} T
 * @param {T[]} notes
 * @param {number} dropped
 */
function melodyLine(notes, dropped) {
  const start = notes[0].step - (notes[0].step % STEPS_PER_BAR);
  const bars = Math.ceil((endOf(notes[notes.length - 1]) - start) / STEPS_PER_BAR);
  return { start, stop: start + bars * STEPS_PER_BAR, notes, dropped };
}

/** @param {{ step: number, length: number }} note */
const endOf = ({ step, length }) => step + length;
