// What plays when: a list of segments, each a loop that takes over at a step and plays until the next one does.
// A segment: {step, frame, grid, loop, ...}; `frame` is where `step` lies on the segment's own grid. Nothing here sounds.

import { frameOfStep, stepOfFrame } from "./clock.js";

// The hits from frame `from` up to frame `to`, each with its frame, as the segments play them.
export function hitsBetween(segments, from, to) {
  return segments.flatMap((segment, at) => {
    const end = segments[at + 1]?.frame ?? Infinity;
    return segmentHits(segment, Math.max(from, segment.frame), Math.min(to, end));
  });
}

function segmentHits({ grid, loop }, from, to) {
  const hits = [];
  if (!(from < to) || !loop.hits.length) return hits;
  const first = Math.floor(stepOfFrame(grid, from) / grid.steps);
  const last = Math.floor(stepOfFrame(grid, to) / grid.steps);
  for (let lap = first; lap <= last; lap++) {
    for (const hit of loop.hits) {
      const frame = frameOfStep(grid, lap * grid.steps + hit.step);
      if (frame >= from && frame < to) hits.push({ ...hit, frame });
    }
  }
  return hits;
}

// The segment that plays at a frame: the last that has begun, or the first of all if none has.
export function segmentAt(segments, frame) {
  for (let at = segments.length - 1; at > 0; at--) if (segments[at].frame <= frame) return segments[at];
  return segments[0];
}

// Whether two loops sound the same.
export function sameLoop(one, other) {
  return loopSignature(one) === loopSignature(other);
}

function loopSignature({ hits, steps, qpm }) {
  return `${steps}/${qpm}/${hits.map(({ step, drum, velocity }) => `${step}.${drum}.${velocity}`).join()}`;
}
