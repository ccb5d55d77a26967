// Locks: what a lane plays now, kept.
/** @import { Clip, InstrumentState, Lock } from "../types.js" */

import { isInLane, playedClip } from "./clip.js";

/**
 * What a lane plays of a clip, as a lock has it.
 * @param {Clip} clip   before locks and mutes
 * @param {number} lane
 * @param {Pick<InstrumentState, "get" | "lanes">} state
 * @returns {Lock}
 */
export function lockOf(clip, lane, { get, lanes }) {
  const { notes } = playedClip(clip, { lanes, locks: get("locks"), accents: get("accents") });
  const kept = notes.filter((note) => isInLane(lanes[lane], note));
  if (!lanes[lane].pitches) return kept.map(({ step, pitch, length, velocity, offset }) => [step, pitch, length, velocity, offset]);
  const steps = new Array(clip.steps).fill(0);
  for (const { step } of kept) steps[step] = 1;
  return steps;
}
