// Melody, bass and drums at once: three tokens for each step, of 90, 90 and 512.
/** @import { DrumClasses, Note, StreamConverter } from "../../types.js" */

import { byStep } from "../../state/clip.js";
import { drumTokens, notesOfDrumTokens } from "./drums.js";
import { MELODY_CLASSES, melodyTokens, notesOfMelodyTokens } from "./melody.js";

const STREAMS = 3;
const MELODY = 0;
const BASS = 1;
const DRUMS = 2;

/**
 * @param {DrumClasses} drums
 * @param {number} steps
 * @returns {StreamConverter}
 */
export function trioConverter(drums, steps) {
  const streams = (/** @type {Note[]} */ notes) => [
    melodyTokens(notes.filter(({ stream }) => stream === MELODY), steps),
    melodyTokens(notes.filter(({ stream }) => stream === BASS), steps),
    drumTokens(notes.filter(({ stream }) => stream === DRUMS), drums, steps),
  ];
  const depth = 2 * MELODY_CLASSES + 2 ** drums.count;
  return {
    width: STREAMS,
    tokens: (notes) => interleave(streams(notes), [0, 0, 0]),
    notes(tokens) {
      const of = (/** @type {number} */ stream) =>
        Uint16Array.from({ length: steps }, (_, step) => tokens[step * STREAMS + stream]);
      return [
        ...notesOfMelodyTokens(of(MELODY), steps, MELODY),
        ...notesOfMelodyTokens(of(BASS), steps, BASS),
        ...notesOfDrumTokens(of(DRUMS), drums, steps, DRUMS),
      ].sort(byStep);
    },
    input: (notes) => ({
      kind: "columns",
      depth,
      perStep: STREAMS,
      values: interleave(streams(notes), [0, MELODY_CLASSES, 2 * MELODY_CLASSES]),
    }),
  };
}

/**
 * @param {Uint16Array[]} streams   [step] each
 * @param {number[]} columns        where the columns of each stream begin in a frame
 */
function interleave(streams, columns) {
  const values = new Uint16Array(streams[0].length * streams.length);
  streams.forEach((tokens, stream) =>
    tokens.forEach((token, step) => (values[step * streams.length + stream] = columns[stream] + token)),
  );
  return values;
}
