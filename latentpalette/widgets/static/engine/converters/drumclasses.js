// The classes that a drum map folds pitches into, each played with its first pitch and with an accent for its place in
// the bar.
/** @import { DrumClasses } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";

export const DECODED_VELOCITY = 80; // of notes that a model makes without velocities

/**
 * @param {{ classes: number[][], accents: number[][] | null }} drums
 *   the pitches of each class, and velocities [class][step in the bar]; null where the model has its own
 * @returns {DrumClasses}
 */
export function drumClasses({ classes, accents }) {
  const byPitch = new Map(classes.flatMap((pitches, drum) => pitches.map((pitch) => [pitch, drum])));
  return {
    count: classes.length,
    pitches: classes.map(([first]) => first),
    classOf: (pitch) => byPitch.get(pitch) ?? -1,
    velocity: (drum, step) => accents?.[drum][step % STEPS_PER_BAR] ?? DECODED_VELOCITY,
  };
}
