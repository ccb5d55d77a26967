// What plays when: a list of stretches, each a loop that takes over at a step and plays until the next one does.
// A stretch: {step, frame, grid, loop, ...}; `frame` is where `step` lies on the stretch's own grid. Nothing here sounds.

import { frameOfStep, stepOfFrame } from "./clock.js";

// The hits from frame `from` up to frame `to`, each with its frame, as the stretches play them.
export function hitsBetween(stretches, from, to) {
  return stretches.flatMap((stretch, at) => {
    const end = stretches[at + 1]?.frame ?? Infinity;
    return stretchHits(stretch, Math.max(from, stretch.frame), Math.min(to, end));
  });
}

function stretchHits({ grid, loop }, from, to) {
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

// The stretch that plays at a frame: the last that has begun, or the first of all if none has.
export function stretchAt(stretches, frame) {
  for (let at = stretches.length - 1; at > 0; at--) if (stretches[at].frame <= frame) return stretches[at];
  return stretches[0];
}

// Whether two loops sound the same.
export function sameLoop(one, other) {
  return loopSignature(one) === loopSignature(other);
}

function loopSignature({ hits, steps, qpm }) {
  return `${steps}/${qpm}/${hits.map(({ step, drum, velocity }) => `${step}.${drum}.${velocity}`).join()}`;
}
