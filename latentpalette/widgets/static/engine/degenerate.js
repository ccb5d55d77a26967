// Which samples are drawn again: those with a silent stream, or a bar in which nothing changes. As Python's
// models/sampling.py and converters/streams.py have it.
/** @import { ModelConverter } from "../types.js" */

import { STEPS_PER_BAR } from "../audio/clock.js";

const MAX_DRUMS = 9; // of a representation whose samples are looked at
const NO_EVENT = 0; // of a melody
const FIRST_NOTE_ON = 2;

/**
 * @param {ModelConverter} converter
 * @param {ArrayLike<number>} tokens   of a network [n][step][width]
 * @param {number} index               of the sample
 */
export function isDegenerate(converter, tokens, index) {
  const { streams, drums } = converter.meta;
  if ((drums?.classes.length ?? 0) > MAX_DRUMS) return false;
  return streams.some(({ is_drum }, stream) => {
    const labels = labelsOf(converter, tokens, index, stream);
    return is_drum ? !labels.some((label) => label) || hasStaticBar(labels) : isPoorMelody(labels);
  });
}

/** @param {number[]} labels */
function isPoorMelody(labels) {
  return !labels.some((label) => label >= FIRST_NOTE_ON) || hasStaticBar(labels, NO_EVENT);
}

/**
 * @param {number[]} labels
 * @param {number} [except]   a label that may be all there is in a bar
 */
function hasStaticBar(labels, except) {
  for (let start = 0; start + STEPS_PER_BAR <= labels.length; start += STEPS_PER_BAR) {
    const bar = labels.slice(start, start + STEPS_PER_BAR);
    if (bar[0] !== except && bar.every((label) => label === bar[0])) return true;
  }
  return false;
}

/**
 * A number for each step of a stream: its class, or of single drums a bit for each that is hit.
 * @param {ModelConverter} converter
 * @param {ArrayLike<number>} tokens
 * @param {number} index
 * @param {number} stream
 * @returns {number[]}
 */
function labelsOf({ meta, steps, width }, tokens, index, stream) {
  const at = (/** @type {number} */ step, /** @type {number} */ column) => tokens[(index * steps + step) * width + column];
  const isFrames = meta.name === "groove" || meta.name === "drum-pianoroll";
  const drums = isFrames ? (meta.drums?.classes ?? []) : [];
  return Array.from({ length: steps }, (_, step) =>
    isFrames ? drums.reduce((bits, _drum, drum) => bits | (Number(at(step, drum) > 0.5) << drum), 0) : at(step, stream),
  );
}
