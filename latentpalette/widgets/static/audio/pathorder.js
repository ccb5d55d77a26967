// A walk over the cells of a path, turn by turn: which cell each turn plays, and where a walk that begins in the middle
// of a loop falls in.

import { STEPS_PER_BAR } from "./clock.js";

export const PATH_MODES = ["once", "loop", "ping-pong"];

// The cell of a turn (0, 1, 2 ...), or null when the walk is over.
export function cellOfTurn(turn, count, mode) {
  if (mode === "once") return turn < count ? turn : null;
  const lap = playbackOrder(count, mode);
  return lap[turn % lap.length];
}

// The cells of one whole lap: there, and for "ping-pong" back again, without playing the two ends twice.
export function playbackOrder(count, mode) {
  const there = Array.from({ length: count }, (_, cell) => cell);
  return mode === "ping-pong" ? [...there, ...there.slice(1, -1).reverse()] : there;
}

// The step at which the walk counts as begun, if its first cell is heard from `step` on. It is the beginning of a loop,
// so that cells change on bar lines and the walk stays in phase with what played before: the loop that is under way
// if it has hardly begun (the first cell is a little shorter then), else the next one (a little longer).
export function pathOrigin(step, steps, barsPerCell) {
  const begun = Math.floor(step / steps) * steps;
  const slack = Math.min(steps / 2, (barsPerCell * STEPS_PER_BAR) / 2);
  return step - begun < slack ? begun : begun + steps;
}

// The step at which a turn ends: after its bars, or, if they were cut short while it sounded, at the next bar line.
export function turnEnd(turnStart, barsPerCell, earliest) {
  const bars = Math.ceil((earliest - turnStart) / STEPS_PER_BAR);
  return turnStart + Math.max(barsPerCell, bars) * STEPS_PER_BAR;
}
