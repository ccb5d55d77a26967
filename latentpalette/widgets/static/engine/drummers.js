// What drummers do in the page, as Python's models/groove.py and widgets/tapping.py do it: play a written beat, add hats
// to it, and make drums of taps. A beat is a clip of any length, of the drums that the models represent.
/** @import { Clip, DrumClasses, Note } from "../types.js" */
/** @import { Model } from "./sampling.js" */

import { byStep } from "../state/clip.js";
import { drumClasses } from "./converters/drumclasses.js";
import { TAP_CLASS, grooveFrames, notesOfFrames } from "./converters/groove.js";
import { inOrder, onOffsetGrid } from "./converters/registry.js";
import { decodeGroove, viewOf } from "./grooveframes.js";

const CLOSED_HAT = 2; // the class
const ATTEMPTS = 8; // at drums from taps, of which the one is taken that plays most of the taps
const TAP_VELOCITY = 100;
const FILL_VELOCITY = 70; // of a tap that the model leaves out

/** @param {Model} model */
const drumsOf = ({ converter }) => drumClasses(converter.meta.drums ?? { classes: [], accents: null });

/** @param {Note[]} notes */
const read = (notes) => inOrder(notes.map(onOffsetGrid));

/** @param {{ step: number, pitch: number }} note */
const placeOf = ({ step, pitch }) => `${step} ${pitch}`;

/**
 * The hits of a beat with the timing and the velocities of a drummer.
 * @param {Model} model   trained to humanize
 * @param {Clip} written
 * @param {number} spread   how far the drummer may be from the most likely one
 * @param {number} seed
 * @returns {Clip}
 */
export function humanize(model, written, spread, seed) {
  const drums = drumsOf(model);
  const notes = read(written.notes);
  const frames = grooveFrames(notes, drums, written.steps);
  const given = frames.map((value, at) => (at % (3 * drums.count) < drums.count ? value : NaN));
  const [decoded] = decodeGroove(model, frames, { given, spread, seeds: [seed] });
  const performed = notesOfFrames(decoded, drums, written.steps);
  return { steps: written.steps, notes: express(notes, performed, drums).sort(byStep) };
}

/**
 * Notes with the velocities and offsets of performed ones, where there are any. Of several hits of a drum in a step the
 * nearest to it is moved to where the model has it, and the others along with it.
 * @param {Note[]} notes
 * @param {Note[]} performed
 * @param {DrumClasses} drums
 * @returns {Note[]}
 */
function express(notes, performed, drums) {
  const played = new Map(performed.map((note) => [placeOf(note), note]));
  /** @type {Map<string, Note>} */
  const nearest = new Map();
  for (const note of [...notes].sort((one, other) => Math.abs(one.offset) - Math.abs(other.offset))) {
    if (!nearest.has(placeOf(note))) nearest.set(placeOf(note), note);
  }
  return notes.map((note) => {
    const match = played.get(placeOf({ step: note.step, pitch: drums.pitches[drums.classOf(note.pitch)] }));
    const first = nearest.get(placeOf(note));
    if (!match || !first) return note;
    return {
      ...note,
      offset: Math.min(Math.max(match.offset + note.offset - first.offset, -0.5), 0.5),
      velocity: Math.min(Math.max(match.velocity + note.velocity - first.velocity, 1), 127),
    };
  });
}

/**
 * A beat with closed hats in place of those that it has.
 * @param {Model} model   trained to add them
 * @param {Clip} written
 * @param {number} temperature
 * @param {number} seed
 * @returns {Clip}
 */
export function addHats(model, { steps, notes: own }, temperature, seed) {
  const drums = drumsOf(model);
  const notes = read(own);
  const frames = grooveFrames(notes, drums, steps);
  const given = frames.map((value, at) => (at % drums.count === CLOSED_HAT ? NaN : value));
  const [decoded] = decodeGroove(model, frames, { given, temperature, seeds: [seed] });
  const isHat = (/** @type {Note} */ { pitch }) => drums.classOf(pitch) === CLOSED_HAT;
  const hats = notesOfFrames(decoded, drums, steps).filter(isHat);
  return { steps, notes: inOrder([...notes.filter((note) => !isHat(note)), ...hats]).sort(byStep) };
}

/**
 * Drums of a tapped rhythm; each hit has the timing of its tap, and taps that the model leaves out are closed hats.
 * @param {Model} model   trained on taps
 * @param {[step: number, offset: number][]} taps
 * @param {number} steps   length of the loop; a shorter one than the model's is repeated for it
 * @param {number} temperature
 * @param {number} seed
 * @returns {Clip}
 */
export function drumsFromTaps(model, taps, steps, temperature, seed) {
  const tapped = new Map(taps.filter(([step]) => step < steps));
  if (!tapped.size) throw new Error("There are no taps to make drums of. Tap a rhythm on the pad first.");
  const drums = drumsOf(model);
  const laps = Math.max(1, Math.floor(model.converter.steps / steps));
  const frames = tapFrames(tapped, steps, laps, drums);
  const seeds = Array.from({ length: ATTEMPTS }, (_, attempt) => ATTEMPTS * seed + attempt);
  const attempts = decodeGroove(model, frames, { temperature, seeds }).map((decoded) =>
    lastLap(notesOfFrames(keepTiming(decoded, viewOf(model, frames), drums.count), drums, steps * laps), steps, laps),
  );
  const tapsPlayed = attempts.map((notes) => new Set(notes.map(({ step }) => step).filter((step) => tapped.has(step))).size);
  const notes = attempts[tapsPlayed.indexOf(Math.max(...tapsPlayed))];
  if (!notes.length) {
    const count = tapped.size === 1 ? "1 tap" : `${tapped.size} taps`;
    throw new Error(`No drums came of ${count}. Tap more, about one a beat.`);
  }
  const sounding = new Set(notes.map(({ step }) => step));
  const pitch = drums.pitches[CLOSED_HAT];
  const filled = [...tapped].flatMap(([step, offset]) =>
    sounding.has(step) ? [] : [{ step, offset, length: 1, pitch, velocity: FILL_VELOCITY, stream: 0 }],
  );
  return { steps, notes: [...notes, ...filled.map(onOffsetGrid)].sort(byStep) };
}

/**
 * Taps as the frames of a drum.
 * @param {Map<number, number>} tapped   offsets by step
 * @param {number} steps
 * @param {number} laps
 * @param {DrumClasses} drums
 */
function tapFrames(tapped, steps, laps, drums) {
  const pitch = drums.pitches[TAP_CLASS];
  const notes = Array.from({ length: laps }, (_, lap) =>
    Array.from(tapped, ([step, offset]) => ({ step: lap * steps + step, offset, length: 1, pitch, velocity: TAP_VELOCITY, stream: 0 })),
  );
  return grooveFrames(notes.flat(), drums, steps * laps);
}

/**
 * Frames in which each hit has the offset of the tap in its step, if there is one.
 * @param {Float32Array} frames
 * @param {Float32Array} taps   as the encoder sees them
 * @param {number} count        of drums
 */
function keepTiming(frames, taps, count) {
  const timed = frames.slice();
  for (let start = 0; start < frames.length; start += 3 * count) {
    if (!(taps[start + TAP_CLASS] > 0.5)) continue;
    for (let drum = 0; drum < count; drum++) {
      if (frames[start + drum] > 0.5) timed[start + 2 * count + drum] = taps[start + 2 * count + TAP_CLASS];
    }
  }
  return timed;
}

/**
 * @param {Note[]} notes
 * @param {number} steps
 * @param {number} laps
 */
const lastLap = (notes, steps, laps) =>
  notes.flatMap((note) => (note.step < (laps - 1) * steps ? [] : [{ ...note, step: note.step - (laps - 1) * steps }]));

/**
 * Hits without timing, each as loud as it was before, or as its place in the bar has it.
 * @param {Clip} played
 * @param {number[][]} accents   velocities [class][step in the bar]
 * @param {Model} model
 * @param {Note[]} [before]
 * @returns {Clip}
 */
export function onGrid({ steps, notes }, accents, model, before = []) {
  const loud = new Map(before.map((note) => [placeOf(note), note.velocity]));
  const drums = drumsOf(model);
  const straight = notes.map((note) => {
    const own = accents[drums.classOf(note.pitch)];
    return { ...note, length: 1, offset: 0, velocity: loud.get(placeOf(note)) ?? own[note.step % own.length], stream: 0 };
  });
  return { steps, notes: straight.sort(byStep) };
}
