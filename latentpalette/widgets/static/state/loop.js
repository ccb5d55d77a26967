// Loops: clips as the player takes them.
/** @import { Clip, GainOf, Lane, Lock, Loop } from "../types.js" */

import { playedClip } from "./clip.js";

/**
 * The loop of a clip. Its gain is that of the clip without mutes: to mute a lane makes no other louder.
 * @param {Clip} clip
 * @param {{ qpm: number, lanes: Lane[], mutes?: boolean[], locks?: Lock[], accents?: number[][] }} settings
 * @param {GainOf} gainOf
 * @returns {Loop & { gain: number }}
 */
export function loopOfClip(clip, { qpm, lanes, mutes, locks, accents }, gainOf) {
  const gain = gainOf({ ...playedClip(clip, { lanes, locks, accents }), qpm });
  return { ...playedClip(clip, { lanes, mutes, locks, accents }), qpm, gain };
}
