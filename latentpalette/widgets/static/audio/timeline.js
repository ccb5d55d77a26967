// Segments in time: a list of loops, each of which takes over at a step and plays until the next one does. No sound.
/** @import { FrameHit, Loop, Segment } from "../types.js" */

import { frameOfStep, stepOfFrame } from "./clock.js";

/**
 * The hits that the segments play from frame `from` up to frame `to`.
 * @param {Segment[]} segments
 * @param {number} from
 * @param {number} to
 * @returns {FrameHit[]}
 */
export function hitsBetween(segments, from, to) {
  return segments.flatMap((segment, i) => {
    const end = segments[i + 1]?.frame ?? Infinity;
    return segmentHits(segment, Math.max(from, segment.frame), Math.min(to, end));
  });
}

/**
 * @param {Segment} segment
 * @param {number} from
 * @param {number} to
 */
function segmentHits({ grid, loop }, from, to) {
  /** @type {FrameHit[]} */
  const hits = [];
  if (!(from < to) || !loop.hits.length) return hits;
  const first = Math.floor(stepOfFrame(grid, from) / grid.steps);
  const last = Math.floor(stepOfFrame(grid, to) / grid.steps);
  for (let lap = first; lap <= last; lap++) {
    for (const hit of loop.hits) {
      const frame = frameOfStep(grid, lap * grid.steps + hit.step);
      if (frame >= from && frame < to) hits.push({ ...hit, frame, gain: loop.gain });
    }
  }
  return hits;
}

/**
 * The segment that plays at a frame: the last that has begun, or the first of all if none has.
 * @template {Segment} S
 * @param {S[]} segments
 * @param {number} frame
 * @returns {S}
 */
export function segmentAt(segments, frame) {
  for (let i = segments.length - 1; i > 0; i--) if (segments[i].frame <= frame) return segments[i];
  return segments[0];
}

/**
 * True if two loops sound the same.
 * @param {Loop} one
 * @param {Loop} other
 */
export function sameLoop(one, other) {
  return loopSignature(one) === loopSignature(other);
}

/**
 * A text that is equal for loops that sound the same.
 * @param {Loop} loop
 */
export function loopSignature({ hits, steps, qpm, gain = 1 }) {
  return `${steps}/${qpm}/${gain}/${hits.map(({ step, drum, velocity }) => `${step}.${drum}.${velocity}`).join()}`;
}
