// Plays a palette: one loop that changes in phase, or a walk along a path. See schedule.js for how it stays in time.
//
// A loop is {hits, steps, qpm, key}; `key` is the caller's name for it and comes back from `position()`.
// The state is "stopped", "playing", or "waiting": wanted, but the browser gives no sound before a click (or has taken
// it away, as phones do during a call); then `resume()` inside the next click or key handler.

import { nextBoundary, quantumOf, stepOfFrame } from "./clock.js";
import { createSchedule } from "./schedule.js";
import { createOutput } from "./output.js";
import { releasePlayback, renewSharedContext, sharedContext, claimPlayback } from "./audiocontext.js";
import { createWorkerTimer } from "./workertimer.js";
import { hitsBetween, sameLoop, segmentAt } from "./timeline.js";
import { createPathPlayer } from "./pathplayer.js";
import { createClockWatchdog } from "./clockwatchdog.js";

const TICK_MILLISECONDS = 25;

// `context` may be a function, which is called at the first click. Without one the page's shared context is used.
export function createPlayer({
  context: given = sharedContext,
  destination,
  kit,
  onChange = () => {},
  makeTimer = createWorkerTimer,
  scope = globalThis,
}) {
  let schedule = null; // while playing
  let pathPlayer = null; // while following a path
  let state = "stopped";
  const watchdog = createClockWatchdog(scope);

  const updateState = () => {
    const now = !schedule ? "stopped" : output.running ? "playing" : "waiting";
    if (now === state) return;
    state = now;
    onChange(state);
  };
  const output = createOutput({ given, destination, kit, onState: updateState, scope });

  const startSchedule = (fill) => {
    schedule = createSchedule(output);
    fill(schedule);
    watchdog.reset();
    timer.start();
    claimPlayback(player, scope);
    updateState();
  };

  const halt = (method) => {
    if (!schedule) return;
    schedule[method]();
    schedule = pathPlayer = null;
    timer.stop();
    releasePlayback(player, scope);
    updateState();
  };

  // Housekeeping only: what sounds next is on the audio clock already.
  const tick = () => {
    if (!schedule) return;
    if (!output.running) watchdog.reset();
    else if (watchdog.isFrozen(output.context.currentTime)) return replaceContext();
    schedule.prune();
    if (!pathPlayer) return;
    const current = pathPlayer;
    if (current.notify(schedule)) {
      halt("letRing");
      current.onEnd();
    } else pathPlayer?.plan(schedule); // whoever was told may have ended the walk
  };
  const timer = makeTimer(tick, { milliseconds: TICK_MILLISECONDS, scope });

  // The audio clock stands still: go on with another context from the next step.
  const replaceContext = () => {
    const fresh = renewSharedContext(output.context, scope);
    watchdog.reset();
    if (!fresh) return; // not ours to replace
    const heard = schedule.audibleFrame();
    const { loop, frame, voice, ...facts } = segmentAt(schedule.segments, heard);
    output.replace(fresh);
    startSchedule((fresher) => fresher.start(loop, { ...facts, step: Math.ceil(stepOfFrame(facts.grid, heard)) }));
    pathPlayer?.plan(schedule);
  };

  const player = {
    get state() {
      return state;
    },
    get following() {
      return pathPlayer !== null;
    },
    // The audio context; null before the first click.
    get context() {
      return output.context;
    },

    // Lets the browser give sound, from inside a click or key handler. `play`, `followPath` and `tap` do it themselves.
    resume: output.wake,

    // From the first step; while something plays, in its place at the next step.
    play(loop) {
      output.wake();
      if (schedule) player.change(loop);
      else startSchedule((fresh) => fresh.start(loop));
    },

    stop() {
      halt("stop");
    },

    // Another loop takes over, in phase, at the next "step", "beat", "bar" or "loop", instead of any that still waits.
    // On a walk the loops come from `loopOf`, which is asked anew; the one given here is not used.
    change(loop, quantize = "step") {
      if (!schedule) return;
      schedule.cancelPending();
      const { last } = schedule;
      const quantum = quantumOf(quantize, last.grid.steps);
      if (pathPlayer) {
        pathPlayer.renew(schedule, quantum);
        pathPlayer.plan(schedule);
      } else if (sameLoop(last.loop, loop)) {
        last.loop = loop; // of the same sound, perhaps under another key
      } else schedule.append(loop, {}, (frame) => nextBoundary(last.grid, frame, quantum));
    },

    // Walks over `count` cells. `loopOf(i)` is asked for each a whole cell before it sounds, `onCell(i)` is told when it is
    // heard, `onEnd()` after the last if the mode is "once" ("loop" and "ping-pong" have none); the last hits ring out then.
    // While something plays the first cell takes over as a change would; see pathOrigin for when its bars begin to count.
    followPath({ count, barsPerCell = 2, mode = "loop", quantize = "step", loopOf, onCell = () => {}, onEnd = () => {} }) {
      if (!(count > 0)) throw new RangeError("A path needs at least one cell. Draw one first.");
      output.wake();
      if (schedule?.notYetHeard) {
        schedule.stop(); // nothing has been heard yet: no need to take over from it
        schedule = null;
      }
      pathPlayer = createPathPlayer({ count, barsPerCell, mode, loopOf, onCell, onEnd });
      if (schedule) {
        schedule.cancelPending();
        pathPlayer.takeOver(schedule, quantumOf(quantize, schedule.last.grid.steps));
      } else startSchedule((fresh) => pathPlayer.start(fresh));
      pathPlayer.plan(schedule);
    },

    // Asks for the loops of a walk anew: something else than the path has changed.
    refresh(quantize = "step") {
      if (pathPlayer) player.change(null, quantize);
    },

    // Other bars per cell, or another mode, from the cell that sounds on.
    updatePath(changes) {
      if (!pathPlayer?.wouldChange(changes)) return;
      schedule.cancelPending();
      pathPlayer.update(schedule, changes);
      pathPlayer.plan(schedule);
    },

    // Ends the walk; the cell that sounds goes on.
    leavePath() {
      if (!pathPlayer) return;
      schedule.cancelPending();
      pathPlayer.stop(schedule);
      pathPlayer = null;
    },

    // What is heard now, fractions of a step included: the step since the start, the place in the loop (`phase`), the key
    // of the loop; on a walk the step of the walk, the cell, and method much of it has passed (0 to 1).
    position() {
      const nowhere = { step: 0, phase: 0, key: null, pathStep: 0, cell: null, cellPhase: 0 };
      if (!schedule) return nowhere;
      const heard = schedule.audibleFrame();
      const segment = segmentAt(schedule.segments, heard);
      const step = Math.max(stepOfFrame(segment.grid, heard), schedule.segments[0].step);
      const phase = step % segment.grid.steps;
      return { ...nowhere, step, phase, key: segment.loop.key ?? null, ...pathPlayer?.place(segment, step) };
    },

    // The hits between two times on the context's clock [seconds], each with its time: what MIDI out sends.
    hitsBetween(from, to) {
      if (!schedule) return [];
      const hits = hitsBetween(schedule.segments, Math.ceil(from * schedule.rate), Math.ceil(to * schedule.rate));
      return hits.map(({ frame, drum, velocity }) => ({ time: frame / schedule.rate, drum, velocity }));
    },

    // 0 to 1.
    setVolume: output.setVolume,

    // True while a MIDI instrument plays in our place; `sendHit(drum, velocity)` sends it a single hit.
    setSilent: (to, sendHit = null) => output.setSilent(to, sendHit),

    // One hit at once.
    tap: (drum, velocity = 100) => output.tap(drum, velocity),

    // Stops and lets go. The context stays open: others share it.
    dispose() {
      halt("stop");
      timer.dispose();
      output.dispose();
    },
  };
  return player;
}
