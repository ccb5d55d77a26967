// The notes of a clip as a grid: what each lane plays at each step.
/** @import { Clip, Lane, LaneGrid } from "../types.js" */

import { laneOf } from "./clip.js";

/**
 * @param {Clip} clip
 * @param {Lane[]} lanes
 * @returns {LaneGrid}
 */
export function laneGrid({ steps, notes }, lanes) {
  const velocities = lanes.map(() => new Array(steps).fill(0));
  const offsets = lanes.map(() => new Array(steps).fill(0));
  for (const note of notes) {
    const lane = laneOf(lanes, note);
    if (lane < 0 || velocities[lane][note.step] >= note.velocity) continue; // of two at once the louder is shown
    velocities[lane][note.step] = note.velocity;
    offsets[lane][note.step] = note.offset;
  }
  return { steps, velocities, offsets };
}
