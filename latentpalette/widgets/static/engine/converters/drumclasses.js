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
  const classOf = new Map(classes.flatMap((own, drum) => own.map((pitch) => [pitch, drum])));
  const pitches = classes.map(([first]) => first);
  return {
    count: classes.length,
    pitches,
    byPitch: [...classes.keys()].sort((one, other) => pitches[one] - pitches[other]),
    classOf: (pitch) => classOf.get(pitch) ?? -1,
    velocity: (drum, step) => accents?.[drum][step % STEPS_PER_BAR] ?? DECODED_VELOCITY,
  };
}
