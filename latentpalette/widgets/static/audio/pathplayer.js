// Plays a path: keeps the cells to come on the audio clock, and notifies of the one that has become audible.
/** @import { Loop, PathMode, PathSegment, Position, Route, Schedule, ScheduledSegment, TimeGrid, Turn } from "../types.js" */

import { STEPS_PER_BAR, frameOfStep, nextBoundary, stepOfFrame } from "./clock.js";
import { cellOfTurn, pathOrigin, turnEnd } from "./pathorder.js";

const LOOKAHEAD_SECONDS = 3; // cells that begin within this are on the audio clock, and in any case the next one

/** @param {Route} route */
export function createPathPlayer(route) {
  let { barsPerCell, mode } = route;
  const { first = 0 } = route;
  let turnId = 0;
  let lastNotified = 0; // a turnId: each turn is notified once, however often its segment is replaced

  const turnLength = () => barsPerCell * STEPS_PER_BAR;
  /**
   * @param {number} turn
   * @returns {Turn}
   */
  const makeTurn = (turn) => ({
    pathPlayer,
    turn,
    turnStart: 0,
    cell: cellOfTurn(turn, route.count, mode),
    turnId: ++turnId,
  });
  /**
   * @param {ScheduledSegment} segment
   * @returns {segment is PathSegment & { cell: number }}
   */
  const isOurs = (segment) => segment.pathPlayer === pathPlayer && segment.cell !== null;

  const pathPlayer = {
    /**
     * Start with the first cell, from silence; where something runs already, on its next bar line.
     * @param {Schedule} schedule
     * @param {TimeGrid | null} [running]
     */
    start(schedule, running = null) {
      schedule.start(route.loopOf(first), makeTurn(first), running, STEPS_PER_BAR);
    },

    /**
     * Let the first cell take over from what plays; from then on cells change on bar lines.
     * @param {Schedule} schedule
     * @param {number} quantum   [steps]
     */
    takeOver(schedule, quantum) {
      const begun = makeTurn(first);
      schedule.append(route.loopOf(first), begun, (frame, grid) => {
        const step = nextBoundary(grid, frame, quantum);
        begun.turnStart = pathOrigin(step, grid.steps, barsPerCell);
        return step;
      });
    },

    /**
     * Put the cells to come on the audio clock. After the last cell of the mode "once" comes silence.
     * @param {Schedule} schedule
     */
    plan(schedule) {
      for (;;) {
        const { last } = schedule;
        if (!isOurs(last) || last.frame > schedule.frameNow() + LOOKAHEAD_SECONDS * schedule.rate) return;
        const next = makeTurn(last.turn + 1);
        const loop = next.cell === null ? { ...last.loop, notes: [], key: null } : route.loopOf(next.cell);
        schedule.append(loop, next, (frame, grid) => {
          next.turnStart = turnEnd(last.turnStart, barsPerCell, stepOfFrame(grid, frame));
          return next.turnStart;
        });
      }
    },

    /**
     * Ask for the current cell's loop again, as a mute or the tempo has changed: it takes over at the next `quantum`.
     * @param {Schedule} schedule
     * @param {(loop: Loop) => number} quantumTo   [steps]
     */
    renew(schedule, quantumTo) {
      const { last } = schedule;
      if (!isOurs(last)) return;
      const { turnStart, cell, turn, grid } = last;
      const renewed = route.loopOf(cell);
      if (schedule.plays(renewed)) return;
      const quantum = quantumTo(renewed);
      schedule.append(
        renewed,
        { pathPlayer, turn, turnStart, cell, turnId: last.turnId },
        (frame, from) => nextBoundary(from, frame, quantum),
        frameOfStep(grid, turnStart + turnLength()), // at the end of its turn the next cell comes anyway
      );
    },

    /**
     * True if `update` would change anything.
     * @param {{ barsPerCell?: number, mode?: PathMode }} changes
     */
    wouldChange: ({ barsPerCell: bars = barsPerCell, mode: other = mode }) => bars !== barsPerCell || other !== mode,

    /**
     * @param {Schedule} schedule
     * @param {{ barsPerCell?: number, mode?: PathMode }} changes
     */
    update(schedule, { barsPerCell: bars = barsPerCell, mode: other = mode }) {
      const { last } = schedule;
      if (other !== mode && isOurs(last)) last.turn = last.cell; // on the way forward, not back again
      barsPerCell = bars;
      mode = other;
    },

    /**
     * Stop following the path. Had its end come too near to be cancelled, the last cell begins again.
     * @param {Schedule} schedule
     */
    stop(schedule) {
      const { pathPlayer: owner, cell } = schedule.last;
      if (owner !== pathPlayer || cell !== null) return;
      const { loop } = schedule.segments[schedule.segments.length - 2];
      schedule.append(loop, {}, (frame, grid) => nextBoundary(grid, frame, 1));
    },

    /**
     * Notify of the cells that have become audible.
     * @param {Schedule} schedule
     * @returns {boolean}   true if the path is over
     */
    notify(schedule) {
      const audible = schedule.audibleFrame();
      for (const { pathPlayer: owner, cell = null, turnId: id = 0, frame } of [...schedule.segments]) {
        if (owner !== pathPlayer || id <= lastNotified || frame > audible) continue;
        lastNotified = id;
        if (cell === null) return true;
        route.onCell(cell);
      }
      return false;
    },

    /**
     * Place on the path of a step of a segment; empty where the segment plays no cell.
     * @param {ScheduledSegment} segment
     * @param {number} step
     * @returns {Partial<Position>}
     */
    place(segment, step) {
      if (!isOurs(segment)) return {};
      const passed = Math.min(turnLength(), Math.max(0, step - segment.turnStart));
      return { pathStep: segment.turn * turnLength() + passed, cell: segment.cell, cellPhase: passed / turnLength() };
    },

    onEnd: route.onEnd,
  };
  return pathPlayer;
}
