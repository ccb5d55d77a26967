// Between the tokens of a network and clips: one converter for each representation, made from what Python packs with a
// model (widgets/engine_converter.py).
/** @import { Clip, ConverterMeta, ModelConverter, Note, StreamConverter } from "../../types.js" */

import { OFFSET_SCALE } from "../../state/cliptable.js";
import { drumClasses } from "./drumclasses.js";
import { drumsConverter } from "./drums.js";
import { grooveConverter } from "./groove.js";
import { melodyConverter } from "./melody.js";
import { pianorollConverter } from "./pianoroll.js";
import { roundHalfEven } from "./rounding.js";
import { trioConverter } from "./trio.js";

const NO_DRUMS = { classes: [], accents: null };

/** @type {Record<ConverterMeta["name"], (meta: ConverterMeta) => StreamConverter>} */
const CONVERTERS = {
  drums: ({ drums, steps }) => drumsConverter(drumClasses(drums ?? NO_DRUMS), steps),
  "drum-pianoroll": ({ drums, steps }) => pianorollConverter(drumClasses(drums ?? NO_DRUMS), steps),
  melody: ({ steps }) => melodyConverter(steps),
  trio: ({ drums, steps }) => trioConverter(drumClasses(drums ?? NO_DRUMS), steps),
  groove: ({ drums, steps, groove }) => {
    const nothing = { humanize: false, tapify: false, fixed_velocities: false, add_instruments: [] };
    return grooveConverter(drumClasses(drums ?? NO_DRUMS), steps, groove ?? nothing);
  },
};

/**
 * The converter of a model.
 * @param {ConverterMeta} meta
 * @returns {ModelConverter}
 */
export function createConverter(meta) {
  const { steps, streams } = meta;
  const converter = CONVERTERS[meta.name](meta);
  const { width } = converter;
  return {
    meta,
    steps,
    width,
    clip(tokens, index = 0) {
      const start = index * steps * width;
      const own = index ? Array.from({ length: steps * width }, (_, at) => tokens[start + at]) : tokens;
      return { steps, notes: converter.notes(own) };
    },
    tokens: (clip) => converter.tokens(inOrder(clip.notes)),
    canonical: (clip) => ({ steps, notes: converter.notes(converter.tokens(inOrder(clip.notes))) }),
    input: (clip) => converter.input(inOrder(clip.notes.map(onOffsetGrid))),
    check(clip, name) {
      if (clip.steps !== steps) {
        throw new RangeError(`${name} has ${steps} steps, as the model's music; got ${clip.steps}.`);
      }
      const last = Math.max(0, ...clip.notes.map(({ stream }) => stream));
      if (last >= streams.length) {
        throw new RangeError(`${name} has notes of ${streams.length} streams, counted from 0; got stream ${last}.`);
      }
      streams.forEach((_, stream) => checkStream(meta, clip, stream, name));
    },
  };
}

/**
 * Notes in the order in which Python has those of a sequence: it decides between notes that are otherwise alike.
 * @param {Note[]} notes
 */
export const inOrder = (notes) =>
  [...notes].sort(
    (one, other) =>
      one.step - other.step ||
      one.pitch - other.pitch ||
      one.offset - other.offset ||
      one.velocity - other.velocity ||
      one.length - other.length,
  );

/**
 * A note with an offset that clips can have in bytes.
 * @param {Note} note
 */
export const onOffsetGrid = (note) => ({ ...note, offset: roundHalfEven(note.offset * OFFSET_SCALE) / OFFSET_SCALE + 0 });

/**
 * @param {ConverterMeta} meta
 * @param {Clip} clip
 * @param {number} index   of the stream
 * @param {string} name    of the clip, for messages
 */
function checkStream({ streams, drums }, { steps, notes }, index, name) {
  const { is_drum, low, high, name: of } = streams[index];
  const own = notes.filter(({ stream }) => stream === index);
  const known = drums?.classes.map(([first]) => first) ?? [];
  const unknown = own.find(({ pitch }) => (is_drum ? !known.includes(pitch) : pitch < low || pitch > high));
  if (unknown) throw new RangeError(`${name} has pitches that the ${of} of the model can have; got ${unknown.pitch}.`);
  const long = is_drum ? undefined : own.find(({ step, length }) => step + length > steps);
  if (long) throw new RangeError(`${name} has notes that end with it; got one of ${long.length} steps at ${long.step}.`);
}
