// Music in a scale, and from one scale to another by degree, as in Python's music/scales.py.
/** @import { Clip } from "../types.js" */
/** @import { Key } from "./pitch.js" */

import { byStep } from "./clip.js";
import { SCALES, isInScale, tonicName } from "./pitch.js";

const OCTAVE = 12;
const SEVEN = [1, 2, 3, 4, 5, 6, 7];

/** The degree of each pitch class of a scale; those that others have no counterpart of are left out. */
const DEGREES = /** @type {Record<string, number[]>} */ ({
  "major pentatonic": [1, 2, 3, 5, 6],
  "minor pentatonic": [1, 3, 4, 5, 7],
  blues: [1, 3, 4, 0, 5, 7],
  chromatic: [],
});

/** @typedef {{ low: number, high: number }} Range   of pitches, an octave at least */

/** @param {Key} key */
export const keyName = ({ tonic, scale }) => `${tonicName(tonic)} ${scale}`;

/**
 * The nearest pitch of a scale; of two the lower one.
 * @param {number} pitch
 * @param {Key} key
 */
export function snapPitch(pitch, key) {
  for (let by = 0; by < OCTAVE; by++) {
    if (isInScale(pitch - by, key)) return pitch - by;
    if (isInScale(pitch + by, key)) return pitch + by;
  }
  return pitch;
}

/**
 * How far the nearer tonic lies, -5 to 6 semitones.
 * @param {number} from
 * @param {number} to
 */
export const tonicDistance = (from, to) => ((((to - from + 5) % OCTAVE) + OCTAVE) % OCTAVE) - 5;

/**
 * Move a pitch from one key to another: transposed to the nearer tonic, and then the same degree. Degrees that the other
 * scale lacks, and pitches outside the first, become the nearest pitch of the other.
 * @param {number} pitch
 * @param {Key} origin
 * @param {Key} target
 */
export function movePitch(pitch, origin, target) {
  const by = tonicDistance(origin.tonic, target.tonic);
  if (origin.scale === target.scale) return pitch + by;
  const octave = Math.floor((pitch - origin.tonic) / OCTAVE);
  const above = pitch - origin.tonic - OCTAVE * octave;
  const at = SCALES[origin.scale].indexOf(above);
  const degree = at < 0 ? 0 : (DEGREES[origin.scale] ?? SEVEN)[at];
  const same = degree ? (DEGREES[target.scale] ?? SEVEN).indexOf(degree) : -1;
  return same < 0 ? snapPitch(pitch + by, target) : origin.tonic + by + OCTAVE * octave + SCALES[target.scale][same];
}

/**
 * A pitch moved by octaves until it lies within a range.
 * @param {number} pitch
 * @param {Range} range
 */
export function foldPitch(pitch, { low, high }) {
  while (pitch > high) pitch -= OCTAVE;
  while (pitch < low) pitch += OCTAVE;
  return pitch;
}

/**
 * The pitches of a scale between two pitches, both included, the lowest first.
 * @param {Key} key
 * @param {Range} range
 */
export const scaleRows = (key, { low, high }) =>
  Array.from({ length: high - low + 1 }, (_, above) => low + above).filter((pitch) => isInScale(pitch, key));

/**
 * A clip with the pitches of one stream moved.
 * @template {Clip} C
 * @param {C} clip
 * @param {(pitch: number) => number} move
 * @param {number} [stream]
 * @returns {C}
 */
export function mapPitches(clip, move, stream = 0) {
  const notes = clip.notes.map((note) => (note.stream === stream ? { ...note, pitch: move(note.pitch) } : note));
  return { ...clip, notes: notes.sort(byStep) };
}

/**
 * A clip whose melody is moved into a scale.
 * @param {Clip} clip
 * @param {Key} key
 * @param {Range} range
 */
export const snapClip = (clip, key, range) => mapPitches(clip, (pitch) => foldPitch(snapPitch(pitch, key), range));
