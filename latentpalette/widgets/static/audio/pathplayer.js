// A walk under way: keeps the cells to come on the audio clock, and tells which one is heard.

import { STEPS_PER_BAR, frameOfStep, nextBoundary, stepOfFrame } from "./clock.js";
import { sameLoop } from "./timeline.js";
import { cellOfTurn, turnEnd, walkOrigin } from "./pathorder.js";

const AHEAD_SECONDS = 3; // cells that begin within this are on the audio clock, and in any case the next one

// `route` is {count, barsPerCell, mode, loopOf, onCell, onEnd}; see player.js.
export function createWalker(route) {
  let { barsPerCell, mode } = route;
  let serial = 0; // counts turns, so that each is told once, however often its stretch is replaced
  let told = 0;

  const factsOf = (turn, turnStart) => ({
    walker,
    turn,
    turnStart,
    cell: cellOfTurn(turn, route.count, mode),
    serial: ++serial,
  });
  const isOurs = (stretch) => stretch.walker === walker && stretch.cell !== null;
  const turnLength = () => barsPerCell * STEPS_PER_BAR;

  const walker = {
    // The first cell, from the first step of all.
    begin(schedule) {
      const facts = factsOf(0, 0);
      schedule.begin(route.loopOf(facts.cell), facts);
    },

    // The first cell takes over from what plays; from then on cells change on bar lines.
    enter(schedule, quantum) {
      const { grid } = schedule.last;
      const facts = factsOf(0, 0);
      schedule.append(route.loopOf(facts.cell), facts, (frame) => {
        const step = nextBoundary(grid, frame, quantum);
        facts.turnStart = walkOrigin(step, grid.steps, barsPerCell);
        return step;
      });
    },

    // Puts the cells to come on the audio clock. After the last of a walk "once" comes silence.
    plan(schedule) {
      while (isOurs(schedule.last) && schedule.last.frame <= schedule.frameNow() + AHEAD_SECONDS * schedule.rate) {
        const { turn, turnStart, grid, loop } = schedule.last;
        const facts = factsOf(turn + 1);
        const next = facts.cell === null ? { ...loop, hits: [], key: null } : route.loopOf(facts.cell);
        schedule.append(next, facts, (frame) => {
          facts.turnStart = turnEnd(turnStart, barsPerCell, stepOfFrame(grid, frame));
          return facts.turnStart;
        });
      }
    },

    // Asks for the cells anew, as a mute or the tempo has changed: the one that sounds changes at the next `quantum`.
    renew(schedule, quantum) {
      if (!isOurs(schedule.last)) return;
      const { turnStart, cell, turn, serial: same, grid, loop } = schedule.last;
      const renewed = route.loopOf(cell);
      if (sameLoop(loop, renewed)) return;
      schedule.append(
        renewed,
        { walker, turn, turnStart, cell, serial: same },
        (frame) => nextBoundary(grid, frame, quantum),
        frameOfStep(grid, turnStart + turnLength()), // at the end of its turn the next cell comes anyway
      );
    },

    // Whether these would change anything.
    differs: ({ barsPerCell: bars = barsPerCell, mode: other = mode }) => bars !== barsPerCell || other !== mode,

    steer(schedule, { barsPerCell: bars = barsPerCell, mode: other = mode }) {
      if (other !== mode && isOurs(schedule.last)) schedule.last.turn = schedule.last.cell; // there, not back again
      barsPerCell = bars;
      mode = other;
    },

    // The walk is given up. Had its end come too near to be taken back, the last cell begins again.
    leave(schedule) {
      const { walker: whose, cell, grid } = schedule.last;
      if (whose !== walker || cell !== null) return;
      const { loop } = schedule.stretches[schedule.stretches.length - 2];
      schedule.append(loop, {}, (frame) => nextBoundary(grid, frame, 1));
    },

    // Tells of the cells that have come to be heard. True when the walk is over.
    tell(schedule) {
      const heard = schedule.frameHeard();
      for (const stretch of [...schedule.stretches]) {
        if (stretch.walker !== walker || stretch.serial <= told || stretch.frame > heard) continue;
        told = stretch.serial;
        if (stretch.cell === null) return true;
        route.onCell(stretch.cell);
      }
      return false;
    },

    // Where on the walk a step of a stretch is.
    place(stretch, step) {
      if (!isOurs(stretch)) return {};
      const gone = Math.min(turnLength(), Math.max(0, step - stretch.turnStart));
      return { walkStep: stretch.turn * turnLength() + gone, cell: stretch.cell, cellPhase: gone / turnLength() };
    },

    onEnd: route.onEnd,
  };
  return walker;
}
