// Plays a palette: one loop that changes in phase, or a walk along a path. See schedule.js for how it stays in time.
//
// A loop is {hits, steps, qpm, key}; `key` is the caller's name for it and comes back from `position()`.
// The state is "stopped", "playing", or "waiting": wanted, but the browser gives no sound before a click (or has taken
// it away, as phones do during a call); then `resume()` inside the next click or key handler.

import { nextBoundary, quantumOf, stepOfFrame } from "./clock.js";
import { createSchedule } from "./schedule.js";
import { createSpeakers } from "./output.js";
import { leaveStage, renewSharedContext, sharedContext, takeStage } from "./audiocontext.js";
import { createTicker } from "./workertimer.js";
import { hitsBetween, sameLoop, stretchAt } from "./timeline.js";
import { createWalker } from "./pathplayer.js";
import { createWatch } from "./clockwatchdog.js";

const TICK_MILLISECONDS = 25;

// `context` may be a function, which is called at the first click. Without one the page's shared context is used.
export function createPlayer({
  context: given = sharedContext,
  destination,
  kit,
  onChange = () => {},
  makeTicker = createTicker,
  scope = globalThis,
}) {
  let schedule = null; // while playing
  let walker = null; // while following a path
  let state = "stopped";
  const watch = createWatch(scope);

  const settle = () => {
    const is = !schedule ? "stopped" : speakers.running ? "playing" : "waiting";
    if (is === state) return;
    state = is;
    onChange(state);
  };
  const speakers = createSpeakers({ given, destination, kit, onState: settle, scope });

  const begin = (fill) => {
    schedule = createSchedule(speakers);
    fill(schedule);
    watch.reset();
    ticker.start();
    takeStage(player, scope);
    settle();
  };

  const halt = (how) => {
    if (!schedule) return;
    schedule[how]();
    schedule = walker = null;
    ticker.stop();
    leaveStage(player, scope);
    settle();
  };

  // Housekeeping only: what sounds next is on the audio clock already.
  const tick = () => {
    if (!schedule) return;
    if (!speakers.running) watch.reset();
    else if (watch.sees(speakers.context.currentTime)) return thaw();
    schedule.sweep();
    if (!walker) return;
    const walked = walker;
    if (walked.tell(schedule)) {
      halt("ringOut");
      walked.onEnd();
    } else walker?.plan(schedule); // whoever was told may have ended the walk
  };
  const ticker = makeTicker(tick, { milliseconds: TICK_MILLISECONDS, scope });

  // The audio clock stands still: go on with another context from the next step.
  const thaw = () => {
    const fresh = renewSharedContext(speakers.context, scope);
    watch.reset();
    if (!fresh) return; // not ours to replace
    const heard = schedule.frameHeard();
    const { loop, frame, voice, ...facts } = stretchAt(schedule.stretches, heard);
    speakers.replace(fresh);
    begin((fresher) => fresher.begin(loop, { ...facts, step: Math.ceil(stepOfFrame(facts.grid, heard)) }));
    walker?.plan(schedule);
  };

  const player = {
    get state() {
      return state;
    },
    get following() {
      return walker !== null;
    },
    // The audio context; null before the first click.
    get context() {
      return speakers.context;
    },

    // Lets the browser give sound, from inside a click or key handler. `play`, `follow` and `tap` do it themselves.
    resume: speakers.wake,

    // From the first step; while something plays, in its place at the next step.
    play(loop) {
      speakers.wake();
      if (schedule) player.change(loop);
      else begin((fresh) => fresh.begin(loop));
    },

    stop() {
      halt("stop");
    },

    // Another loop takes over, in phase, at the next "step", "beat", "bar" or "loop", instead of any that still waits.
    // On a walk the loops come from `loopOf`, which is asked anew; the one given here is not used.
    change(loop, quantise = "step") {
      if (!schedule) return;
      schedule.revise();
      const { last } = schedule;
      const quantum = quantumOf(quantise, last.grid.steps);
      if (walker) {
        walker.renew(schedule, quantum);
        walker.plan(schedule);
      } else if (sameLoop(last.loop, loop)) {
        last.loop = loop; // of the same sound, perhaps under another key
      } else schedule.append(loop, {}, (frame) => nextBoundary(last.grid, frame, quantum));
    },

    // Walks over `count` cells. `loopOf(i)` is asked for each a whole cell before it sounds, `onCell(i)` is told when it is
    // heard, `onEnd()` after the last if the mode is "once" ("loop" and "ping-pong" have none); the last hits ring out then.
    // While something plays the first cell takes over as a change would; see walkOrigin for when its bars begin to count.
    follow({ count, barsPerCell = 2, mode = "loop", quantise = "step", loopOf, onCell = () => {}, onEnd = () => {} }) {
      if (!(count > 0)) throw new RangeError("A path needs at least one cell. Draw one first.");
      speakers.wake();
      if (schedule?.untouched) {
        schedule.stop(); // nothing has been heard yet: no need to take over from it
        schedule = null;
      }
      walker = createWalker({ count, barsPerCell, mode, loopOf, onCell, onEnd });
      if (schedule) {
        schedule.revise();
        walker.enter(schedule, quantumOf(quantise, schedule.last.grid.steps));
      } else begin((fresh) => walker.begin(fresh));
      walker.plan(schedule);
    },

    // Asks for the loops of a walk anew: something else than the path has changed.
    refresh(quantise = "step") {
      if (walker) player.change(null, quantise);
    },

    // Other bars per cell, or another mode, from the cell that sounds on.
    steer(changes) {
      if (!walker?.differs(changes)) return;
      schedule.revise();
      walker.steer(schedule, changes);
      walker.plan(schedule);
    },

    // Ends the walk; the cell that sounds goes on.
    unfollow() {
      if (!walker) return;
      schedule.revise();
      walker.leave(schedule);
      walker = null;
    },

    // What is heard now, fractions of a step included: the step since the start, the place in the loop (`phase`), the key
    // of the loop; on a walk the step of the walk, the cell, and how much of it has passed (0 to 1).
    position() {
      const nowhere = { step: 0, phase: 0, key: null, walkStep: 0, cell: null, cellPhase: 0 };
      if (!schedule) return nowhere;
      const heard = schedule.frameHeard();
      const stretch = stretchAt(schedule.stretches, heard);
      const step = Math.max(stepOfFrame(stretch.grid, heard), schedule.stretches[0].step);
      const phase = step % stretch.grid.steps;
      return { ...nowhere, step, phase, key: stretch.loop.key ?? null, ...walker?.place(stretch, step) };
    },

    // The hits between two times on the context's clock [seconds], each with its time: what MIDI out sends.
    hitsBetween(from, to) {
      if (!schedule) return [];
      const hits = hitsBetween(schedule.stretches, Math.ceil(from * schedule.rate), Math.ceil(to * schedule.rate));
      return hits.map(({ frame, drum, velocity }) => ({ time: frame / schedule.rate, drum, velocity }));
    },

    // 0 to 1.
    setVolume: speakers.setVolume,

    // True while a MIDI instrument plays in our place; `tapThere(drum, velocity)` sends it a single hit.
    setSilent: (to, tapThere = null) => speakers.setSilent(to, tapThere),

    // One hit at once.
    tap: (drum, velocity = 100) => speakers.tap(drum, velocity),

    // Stops and lets go. The context stays open: others share it.
    dispose() {
      halt("stop");
      ticker.dispose();
      speakers.dispose();
    },
  };
  return player;
}
