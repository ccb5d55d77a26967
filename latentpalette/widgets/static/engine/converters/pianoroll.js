// Drum loops as piano rolls: one bit for each drum and step, for models that decide drum by drum (NADE).
/** @import { Note, StreamConverter, DrumClasses } from "../../types.js" */

/**
 * @param {DrumClasses} drums
 * @param {number} steps
 * @returns {StreamConverter}
 */
export function pianorollConverter(drums, steps) {
  const { count } = drums;
  return {
    width: count,
    tokens: (notes) => drumBits(notes, drums, steps),
    notes(tokens) {
      /** @type {Note[]} */
      const notes = [];
      for (let step = 0; step < steps; step++) {
        for (const drum of drums.byPitch) {
          if (tokens[step * count + drum] > 0.5) notes.push(drumNote(drums, drum, step));
        }
      }
      return notes;
    },
    input: (notes) => bitsAndSilence(drumBits(notes, drums, steps), count, steps),
  };
}

/**
 * One hit of a drum.
 * @param {DrumClasses} drums
 * @param {number} drum
 * @param {number} step
 * @param {number} [stream]
 * @returns {Note}
 */
export const drumNote = (drums, drum, step, stream = 0) => ({
  step, offset: 0, length: 1, pitch: drums.pitches[drum], velocity: drums.velocity(drum, step), stream,
});

/**
 * Which drum is hit at which step, without pitches that have no class.
 * @param {Note[]} notes
 * @param {DrumClasses} drums
 * @param {number} steps
 * @returns {Float32Array}   0 or 1 [step][drum]
 */
export function drumBits(notes, drums, steps) {
  const bits = new Float32Array(steps * drums.count);
  for (const { step, pitch } of notes) {
    const drum = drums.classOf(pitch);
    if (drum >= 0) bits[step * drums.count + drum] = 1;
  }
  return bits;
}

/**
 * What the encoder of drums reads: the bits, and one more that is set where no drum is hit.
 * @param {ArrayLike<number>} bits   0 or 1 [step][drum]
 * @param {number} count             of drums
 * @param {number} steps
 */
export function bitsAndSilence(bits, count, steps) {
  const depth = count + 1;
  const values = new Float32Array(steps * depth);
  for (let step = 0; step < steps; step++) {
    let isSilent = 1;
    for (let drum = 0; drum < count; drum++) {
      if (!bits[step * count + drum]) continue;
      values[step * depth + drum] = 1;
      isSilent = 0;
    }
    values[step * depth + count] = isSilent;
  }
  return { kind: /** @type {const} */ ("frames"), depth, values };
}
