// The player of a palette: one loop that changes in phase, or the loops along a path. schedule.js keeps them in time.
//
// State "waiting": it should play, but the browser allows no sound before a click (or has suspended it, as phones do
// during a call); then call `resume()` inside the next click or key handler.
/** @import { GivenContext, Kit, Loop, MakeTimer, PathMode, PlayerState, Position, Quantization } from "../types.js" */
/** @import { Route, Schedule, Scope, SendNote, TapNote, TimedNote } from "../types.js" */

import { claimPlayback, companionsOf, releasePlayback, renewSharedContext, sharedContext, startingCount } from "./audiocontext.js";
import { nextBoundary, quantumOf, stepOfFrame } from "./clock.js";
import { createClockWatchdog } from "./clockwatchdog.js";
import { createOutput } from "./output.js";
import { createPathPlayer } from "./pathplayer.js";
import { createSchedule } from "./schedule.js";
import { notesBetween, segmentAt } from "./timeline.js";
import { createWorkerTimer } from "./workertimer.js";

const TICK_MILLISECONDS = 25;

/**
 * @param {object} options
 * @param {GivenContext} [options.context]
 * @param {AudioNode} [options.destination]
 * @param {Kit} options.kit
 * @param {() => string} [options.group]   those of a group play together, in phase; "" to play alone
 * @param {(state: PlayerState) => void} [options.onChange]
 * @param {(begun: { step: number, loop: Loop }[], step: number) => void} [options.onHeard]   called again and again while
 *   it plays, with the loops that have taken over by now, each with its step, and the audible step
 * @param {MakeTimer} [options.makeTimer]
 * @param {Scope} [options.scope]
 */
export function createPlayer({
  context: given = sharedContext,
  destination,
  kit,
  group = () => "",
  onChange = () => {},
  onHeard = () => {},
  makeTimer = createWorkerTimer,
  scope = globalThis,
}) {
  /** @type {Schedule | null} */
  let schedule = null; // while playing
  /** @type {ReturnType<typeof createPathPlayer> | null} */
  let pathPlayer = null; // while following a path
  /** @type {PlayerState} */
  let state = "stopped";
  const watchdog = createClockWatchdog(scope);

  const updateState = () => {
    const now = !schedule ? "stopped" : output.running ? "playing" : "waiting";
    if (now === state) return;
    state = now;
    onChange(state);
  };
  let volume = 1;
  let share = 1; // of the loudness, while others play together with it
  const output = createOutput({ given, destination, kit, onState: updateState, scope });

  /**
   * @param {ReturnType<typeof output.wake>} chain
   * @param {(fresh: Schedule) => void} fill   starts the first segment
   */
  const startSchedule = ({ context, masterBus }, fill) => {
    schedule = createSchedule({ context, kit, input: masterBus.input, starting: startingCount(scope), companions: () => companions(context) });
    fill(schedule);
    watchdog.reset();
    timer.start();
    claimPlayback(player, scope);
    updateState();
    return schedule;
  };

  /** @param {Schedule} schedule */
  const hear = ({ segments, audibleFrame }) => {
    const audible = audibleFrame();
    const begun = segments.filter(({ frame }) => frame <= audible);
    if (begun.length) onHeard(begun, stepOfFrame(begun[begun.length - 1].grid, audible));
  };

  /** @param {"stop" | "letRing"} method */
  const halt = (method) => {
    if (!schedule) return;
    hear(schedule);
    schedule[method]();
    schedule = pathPlayer = null;
    timer.stop();
    releasePlayback(player, scope);
    updateState();
  };

  // Housekeeping and mixing ahead: what sounds next is on the audio clock already.
  const tick = () => {
    if (!schedule) return;
    if (!output.running || !output.context) watchdog.reset();
    else if (watchdog.isFrozen(output.context.currentTime)) return replaceContext(schedule, output.context);
    hear(schedule);
    schedule.prune();
    schedule.mixAhead();
    if (!pathPlayer) return;
    const current = pathPlayer;
    if (current.notify(schedule)) {
      halt("letRing");
      current.onEnd();
    } else if (schedule) pathPlayer?.plan(schedule); // the one notified may have stopped it
  };
  const timer = makeTimer(tick, { milliseconds: TICK_MILLISECONDS, scope });

  /**
   * Go on with another context from the next step, as the audio clock stands still.
   * @param {Schedule} old
   * @param {AudioContext} frozen
   */
  const replaceContext = (old, frozen) => {
    const fresh = renewSharedContext(frozen, scope);
    watchdog.reset();
    if (!fresh) return; // not ours to replace
    const audible = old.audibleFrame();
    const { loop, grid, step, frame, voice, entering, ...turn } = segmentAt(old.segments, audible);
    const next = startSchedule(output.replace(fresh), (schedule) => {
      schedule.start(loop, { ...turn, step: Math.ceil(stepOfFrame(grid, audible)) }, companions(fresh)[0]?.grid);
    });
    if (turn.turnStart !== undefined) next.last.turnStart = turn.turnStart;
    pathPlayer?.plan(next);
  };

  /**
   * Where those are that play together with this player, to begin and to go on in phase with them.
   * @param {AudioContext} context
   */
  const companions = (context) =>
    companionsOf(player, scope).flatMap((companion) => {
      const phase = companion.phase?.();
      return phase?.context === context ? [phase] : [];
    });

  /** @param {Loop} loop */
  const play = (loop) => {
    const chain = output.wake();
    if (schedule) change(loop);
    else startSchedule(chain, (fresh) => fresh.start(loop, {}, companions(chain.context)[0]?.grid));
  };

  /**
   * @param {Loop | null} loop
   * @param {Quantization} [quantize]
   */
  const change = (loop, quantize = "step") => {
    if (!schedule) return;
    schedule.cancelPending();
    const { last } = schedule;
    const isTogether = companionsOf(player, scope).length > 0;
    // A tempo that several have in common does not wait for the bar or the loop of one of them.
    const quantumTo = (/** @type {Loop} */ { qpm }) =>
      quantumOf(isTogether && qpm !== last.loop.qpm ? "step" : quantize, last.grid.steps);
    if (pathPlayer) {
      pathPlayer.renew(schedule, quantumTo);
      pathPlayer.plan(schedule);
    } else if (!loop) return;
    else if (schedule.plays(loop)) {
      last.loop = loop; // of the same sound, perhaps under another key
    } else {
      const quantum = quantumTo(loop);
      schedule.append(loop, {}, (frame, grid) => nextBoundary(grid, frame, quantum));
    }
  };

  const player = {
    get state() {
      return state;
    },
    /** The audio context; null before the first click. */
    get context() {
      return output.context;
    },

    /** Make the browser allow sound, inside a click or key handler. `play`, `followPath` and `tap` do it themselves. */
    resume() {
      output.wake();
    },

    /** Play a loop from its first step; while something plays, in its place from the next step on. */
    play,

    stop() {
      halt("stop");
    },

    /**
     * Let another loop take over, in phase, at the next step, beat, bar or loop, instead of any that still waits.
     * While a path is followed its `loopOf` is asked again, and the loop given here is not used.
     */
    change,

    /**
     * Follow a path, from cell `first` on. While something plays, that cell takes over as a change would; `pathOrigin`
     * gives the step from which its bars count. After the last cell of the mode "once" the last notes ring out.
     * @param {Pick<Route, "count" | "loopOf"> & Partial<Route> & { quantize?: Quantization }} route
     * @throws {RangeError}   if the path has no cells
     */
    followPath({
      count,
      first = 0,
      barsPerCell = 2,
      mode = "loop",
      quantize = "step",
      loopOf,
      onCell = () => {},
      onEnd = () => {},
    }) {
      if (!(count > 0)) throw new RangeError("A path needs at least one cell. Draw one first.");
      const chain = output.wake();
      if (schedule?.notYetHeard) {
        schedule.stop(); // nothing has sounded yet: no need to take over from it
        schedule = null;
      }
      const next = createPathPlayer({ count, first, barsPerCell, mode, loopOf, onCell, onEnd });
      pathPlayer = next;
      if (schedule) {
        schedule.cancelPending();
        next.takeOver(schedule, quantumOf(quantize, schedule.last.grid.steps));
        next.plan(schedule);
      } else next.plan(startSchedule(chain, (fresh) => next.start(fresh, companions(chain.context)[0]?.grid)));
    },

    /**
     * Change the bars per cell or the mode of the path, from the current cell on.
     * @param {{ barsPerCell?: number, mode?: PathMode }} changes
     */
    updatePath(changes) {
      if (!schedule || !pathPlayer?.wouldChange(changes)) return;
      schedule.cancelPending();
      pathPlayer.update(schedule, changes);
      pathPlayer.plan(schedule);
    },

    /** Stop following the path; the current cell goes on. */
    leavePath() {
      if (!schedule || !pathPlayer) return;
      schedule.cancelPending();
      pathPlayer.stop(schedule);
      pathPlayer = null;
    },

    /**
     * The audible position.
     * @returns {Position}   zeros while stopped
     */
    position() {
      const nowhere = { step: 0, phase: 0, key: null, pathStep: 0, cell: null, cellPhase: 0 };
      if (!schedule) return nowhere;
      const audible = schedule.audibleFrame();
      const segment = segmentAt(schedule.segments, audible);
      const step = Math.max(stepOfFrame(segment.grid, audible), schedule.segments[0].step);
      const phase = step % segment.grid.steps;
      return { ...nowhere, step, phase, key: segment.loop.key ?? null, ...pathPlayer?.place(segment, step) };
    },

    /**
     * The notes that sound between two times on the context's clock [seconds]; a drum counts where it is hit.
     * @param {number} from
     * @param {number} to
     * @returns {TimedNote[]}
     */
    notesBetween(from, to) {
      if (!schedule) return [];
      const { rate } = schedule;
      const notes = notesBetween(schedule.segments, Math.ceil(from * rate), Math.ceil(to * rate), kit);
      return notes.map(({ frame, end, ...note }) => ({ ...note, time: frame / rate, end: end / rate }));
    },

    /**
     * Play with other sounds, with the next change: ask for it by `change`.
     * @param {Kit} to   of the same rate
     */
    setKit(to) {
      kit = to;
      output.setKit(to);
      schedule?.setKit(to);
    },

    /** @param {number} to   0 to 1 */
    setVolume(to) {
      volume = to;
      output.setVolume(volume * share);
    },

    /** @param {number} to   0 to 1 */
    setShare(to) {
      share = to;
      output.setVolume(volume * share);
    },

    get group() {
      return group();
    },

    /** Where it is on the audio clock; null while it does not play. */
    phase() {
      if (!schedule || !output.context) return null;
      const { grid, frame } = schedule.last;
      return { context: output.context, grid, frame };
    },

    /**
     * Fall silent while a MIDI instrument plays.
     * @param {boolean} to
     * @param {SendNote | null} [sendNote]   gets single notes meanwhile
     */
    setSilent(to, sendNote = null) {
      output.setSilent(to, sendNote);
    },

    /**
     * Play one note at once.
     * @param {TapNote} note
     */
    tap(note) {
      output.tap(note);
    },

    /** Stop and disconnect. The context stays open: others share it. */
    dispose() {
      halt("stop");
      timer.dispose();
      output.dispose();
    },
  };
  return player;
}
