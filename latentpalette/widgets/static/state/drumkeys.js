// Keys of a drum pad: General MIDI's drums, folded into those that a model has. As `REDUCED` in music/drums.py.
/** @import { Lane } from "../types.js" */

export const DRUM_CLASSES = [
  [36, 35],
  [38, 27, 28, 31, 32, 33, 34, 37, 39, 40, 56, 65, 66, 75, 85],
  [42, 44, 54, 68, 69, 70, 71, 73, 78, 80, 22],
  [46, 67, 72, 74, 79, 81, 26],
  [45, 29, 41, 43, 61, 64, 84],
  [48, 47, 60, 63, 77, 86, 87],
  [50, 30, 62, 76, 83],
  [49, 52, 55, 57, 58],
  [51, 53, 59, 82],
];

/**
 * The lane that a key plays; null where the model has no such drum.
 * @param {number} pitch
 * @param {Lane[]} lanes
 * @returns {Lane | null}
 */
export function laneOfKey(pitch, lanes) {
  const own = lanes.find(({ pitches }) => pitches?.includes(pitch));
  const alike = DRUM_CLASSES.find((pitches) => pitches.includes(pitch)) ?? [];
  return own ?? lanes.find(({ pitches }) => pitches?.some((each) => alike.includes(each))) ?? null;
}
