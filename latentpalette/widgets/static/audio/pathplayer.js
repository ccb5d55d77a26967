// A walk under way: keeps the cells to come on the audio clock, and tells which one is heard.

import { STEPS_PER_BAR, frameOfStep, nextBoundary, stepOfFrame } from "./clock.js";
import { sameLoop } from "./timeline.js";
import { cellOfTurn, turnEnd, pathOrigin } from "./pathorder.js";

const LOOKAHEAD_SECONDS = 3; // cells that start within this are on the audio clock, and in any case the next one

// `route` is {count, barsPerCell, mode, loopOf, onCell, onEnd}; see player.js.
export function createPathPlayer(route) {
  let { barsPerCell, mode } = route;
  let turnId = 0; // counts turns, so that each is lastNotified once, however often its segment is replaced
  let lastNotified = 0;

  const turnFacts = (turn, turnStart) => ({
    pathPlayer,
    turn,
    turnStart,
    cell: cellOfTurn(turn, route.count, mode),
    turnId: ++turnId,
  });
  const isOurs = (segment) => segment.pathPlayer === pathPlayer && segment.cell !== null;
  const turnLength = () => barsPerCell * STEPS_PER_BAR;

  const pathPlayer = {
    // The first cell, from the first step of all.
    start(schedule) {
      const facts = turnFacts(0, 0);
      schedule.start(route.loopOf(facts.cell), facts);
    },

    // The first cell takes over from what plays; from then on cells change on bar lines.
    takeOver(schedule, quantum) {
      const { grid } = schedule.last;
      const facts = turnFacts(0, 0);
      schedule.append(route.loopOf(facts.cell), facts, (frame) => {
        const step = nextBoundary(grid, frame, quantum);
        facts.turnStart = pathOrigin(step, grid.steps, barsPerCell);
        return step;
      });
    },

    // Puts the cells to come on the audio clock. After the last of a walk "once" comes silence.
    plan(schedule) {
      while (isOurs(schedule.last) && schedule.last.frame <= schedule.frameNow() + LOOKAHEAD_SECONDS * schedule.rate) {
        const { turn, turnStart, grid, loop } = schedule.last;
        const facts = turnFacts(turn + 1);
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
      const { turnStart, cell, turn, turnId: same, grid, loop } = schedule.last;
      const renewed = route.loopOf(cell);
      if (sameLoop(loop, renewed)) return;
      schedule.append(
        renewed,
        { pathPlayer, turn, turnStart, cell, turnId: same },
        (frame) => nextBoundary(grid, frame, quantum),
        frameOfStep(grid, turnStart + turnLength()), // at the end of its turn the next cell comes anyway
      );
    },

    // Whether these would change anything.
    wouldChange: ({ barsPerCell: bars = barsPerCell, mode: other = mode }) => bars !== barsPerCell || other !== mode,

    update(schedule, { barsPerCell: bars = barsPerCell, mode: other = mode }) {
      if (other !== mode && isOurs(schedule.last)) schedule.last.turn = schedule.last.cell; // there, not back again
      barsPerCell = bars;
      mode = other;
    },

    // The walk is given up. Had its end come too near to be taken back, the last cell begins again.
    stop(schedule) {
      const { pathPlayer: whose, cell, grid } = schedule.last;
      if (whose !== pathPlayer || cell !== null) return;
      const { loop } = schedule.segments[schedule.segments.length - 2];
      schedule.append(loop, {}, (frame) => nextBoundary(grid, frame, 1));
    },

    // Tells of the cells that have come to be heard. True when the walk is over.
    notify(schedule) {
      const heard = schedule.audibleFrame();
      for (const segment of [...schedule.segments]) {
        if (segment.pathPlayer !== pathPlayer || segment.turnId <= lastNotified || segment.frame > heard) continue;
        lastNotified = segment.turnId;
        if (segment.cell === null) return true;
        route.onCell(segment.cell);
      }
      return false;
    },

    // Where on the walk a step of a segment is.
    place(segment, step) {
      if (!isOurs(segment)) return {};
      const gone = Math.min(turnLength(), Math.max(0, step - segment.turnStart));
      return { pathStep: segment.turn * turnLength() + gone, cell: segment.cell, cellPhase: gone / turnLength() };
    },

    onEnd: route.onEnd,
  };
  return pathPlayer;
}
