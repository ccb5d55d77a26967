import assert from "node:assert/strict";
import test from "node:test";

import { mixSpan } from "../../latentpalette/widgets/static/audio/mixer.js";
import { createPlayer } from "../../latentpalette/widgets/static/audio/player.js";
import { PITCHES, RATE, bench, clicks, hit, loopOf, onsets, rendered } from "./helpers.mjs";

const STEP = 60 / 120 / 4;
const START = 0.05; // from the click to the first beat

function started(loop, options = {}) {
  const on = bench(options);
  const states = [];
  const kit = options.kit ?? clicks();
  const player = createPlayer({ ...on, kit, onChange: (state) => states.push(state) });
  player.play(loop);
  return { ...on, on, player, states, kit };
}

// The steps at which something sounds, at 120.
const steps = (context, seconds) => onsets(rendered(context, seconds)).map((frame) => (frame / RATE - START) / STEP);
const almost = (found, wanted) => {
  assert.equal(found.length, wanted.length, `${found} instead of ${wanted}`);
  found.forEach((step, at) => assert.ok(Math.abs(step - wanted[at]) < 0.001 / STEP, `${found} instead of ${wanted}`));
};

test("a loop goes round by itself: half a second after the click nothing is asked of the page", () => {
  const { context, runTo } = started(loopOf([0, 5, 31]));
  runTo(0.5);
  almost(steps(context, 10), [0, 5, 31, 32, 37, 63, 64, 69]);
});

test("a hundred loops at 173 stay with the loop's own clock to the frame", () => {
  const { context, player } = started(loopOf([0], { qpm: 173 }));
  const frames = Math.round((32 * 60 * RATE) / 173 / 4);
  onsets(rendered(context, 280)).forEach((frame, lap) => assert.equal(frame, 2205 + lap * frames));
  context.currentTime = (2205 + 99 * frames) / RATE;
  assert.ok(Math.abs(player.position().step - 99 * 32) < 1e-6);
});

test("a change takes over at the next step, in phase, and the old beat is gone there", () => {
  const { context, player, runTo } = started(loopOf([0, 8, 16, 24]));
  runTo(START + 7.3 * STEP); // in step 7
  player.change(loopOf([1, 8, 17, 25], { drum: 1 }));
  runTo(START + 12 * STEP);
  almost(steps(context, 4.2), [0, 8, 17, 25, 33]);
});

test("other sounds take over with the next change, though the notes are the same", () => {
  const { context, player, runTo } = started(loopOf([0, 8, 16, 24]));
  runTo(START + 5.3 * STEP);
  const before = context.sources.length;
  player.change(loopOf([0, 8, 16, 24])); // of the same sounds: nothing to take over
  assert.equal(context.sources.length, before);
  player.setKit(clicks({ pans: [1] })); // the kick at the right alone
  player.change(loopOf([0, 8, 16, 24]));
  runTo(START + 10 * STEP);
  const left = rendered(context, 4);
  const level = (step) => Math.abs(left[Math.round((START + step * STEP) * RATE) + 1]);
  assert.ok(level(0) > 0.1 && level(8) < 1e-6 && level(16) < 1e-6);
});

test("a change waits for the beat, the bar or the loop if it is quantized to them", () => {
  for (const [quantize, first] of [
    ["step", 6],
    ["beat", 8],
    ["bar", 16],
    ["loop", 32],
  ]) {
    const { context, player, runTo } = started(loopOf([0]));
    runTo(START + 5.2 * STEP);
    player.change(
      loopOf(
        Array.from({ length: 32 }, (_, step) => step),
        { drum: 1 },
      ),
      quantize,
    );
    const found = steps(context, START + 34 * STEP);
    almost([found[1]], [first]);
  }
});

test("while a change waits another takes its place, and the first never sounds", () => {
  const { context, player, runTo } = started(loopOf([0]));
  const all = Array.from({ length: 32 }, (_, step) => step);
  runTo(START + 1.2 * STEP);
  player.change(loopOf(all, { drum: 1 }), "beat");
  runTo(START + 2.2 * STEP);
  player.change(loopOf([8, 9], { drum: 2 }), "beat");
  runTo(START + 10 * STEP);
  almost(steps(context, START + 31 * STEP), [0, 8, 9]);
});

test("a change back to what plays leaves it as it is", () => {
  const { context, player, runTo } = started(loopOf([0, 4, 8, 12]));
  runTo(START + 1.2 * STEP);
  player.change(loopOf([1]), "bar");
  player.change(loopOf([0, 4, 8, 12]), "bar");
  almost(steps(context, START + 15 * STEP), [0, 4, 8, 12]);
  assert.equal(player.position().key, "0,4,8,12");
});

test("a drag over many cells leaves no gap, no click and nothing twice", () => {
  const kit = clicks({ length: 8000, ring: 60000 }); // everything rings into the next cell
  const { context, player, runTo } = started(loopOf([0, 4, 8, 12, 16, 20, 24, 28], { drum: 7 }), { kit });
  const sent = [];
  for (let at = 1; at < 200; at++) {
    runTo(START + at * 0.0317);
    sent.push(...player.notesBetween(START + (at - 1) * 0.0317, START + at * 0.0317));
    if (at % 3 === 0) continue; // the hand rests
    const places = Array.from({ length: 32 }, (_, step) => step).filter((step) => step % (at % 3) === 0);
    player.change(
      loopOf(places, { drum: at % 9, velocity: 30 + at / 2, qpm: 120 + (at % 5) }),
      at % 7 ? "step" : "beat",
    );
  }
  // What came out is what one gets by adding up the hits that were due, each with its whole tail.
  const end = START + 199 * 0.0317;
  const notes = sent.map(({ time, ...note }) => ({ ...note, frame: Math.round(time * RATE) }));
  const wanted = mixSpan({ notes, frames: Math.round(end * RATE), kit }).left;
  const output = rendered(context, end);
  const upTo = Math.round((START + 198 * 0.0317) * RATE);
  assert.ok(notes.length > 20, `${notes.length}`);
  for (let at = 0; at < upTo; at++)
    assert.ok(Math.abs(output[at] - wanted[at]) < 1e-5, `${at}: ${output[at]} is not ${wanted[at]}`);
});

test("a new tempo goes on from the step that is reached", () => {
  const { context, player, runTo } = started(loopOf([0, 4, 8, 12], { length: 16 }));
  runTo(START + 5.2 * STEP);
  player.change(loopOf([0, 4, 8, 12], { length: 16, qpm: 60 }));
  runTo(START + 12 * STEP);
  almost(steps(context, START + 26 * STEP), [0, 4, 10, 18]); // from step 6 on, steps last twice as long
  runTo(START + 8 * STEP);
  assert.ok(Math.abs(player.position().phase - 7) < 0.01);
});

test("mixing that takes too long moves the change to a later step instead of a late one", () => {
  const { context, player, runTo } = started(loopOf([0]));
  runTo(START + 5.5 * STEP);
  let slow = 3;
  const late = new Proxy(
    [hit(6, 1), hit(9, 1)],
    {
      get(notes, name) {
        if (name === "length") if (slow-- > 0) context.currentTime += 0.03; // the clock goes on meanwhile
        return Reflect.get(notes, name);
      },
    },
  );
  player.change({ notes: late, steps: 32, qpm: 120 });
  for (const source of context.sources) assert.ok(source.started >= 0 && source.started >= START - 0.011);
  assert.ok(context.sources.at(-1).started > context.currentTime);
  almost(steps(context, START + 10 * STEP).slice(-1), [9]);
});

test("the audible position lags by the output latency and never lies before the beginning", () => {
  const { player, runTo } = started(loopOf([0]), { outputLatency: 0.2 });
  assert.equal(player.position().step, 0);
  runTo(START + 0.2 + 40.5 * STEP);
  const { step, phase } = player.position();
  assert.ok(Math.abs(step - 40.5) < 0.01 && Math.abs(phase - 8.5) < 0.01);
});

test("stopped, the position is the beginning, and a change has nothing to change", () => {
  const { player, runTo, context } = started(loopOf([0]));
  runTo(1);
  player.stop();
  player.change(loopOf([1]));
  assert.equal(player.position().step, 0);
  assert.deepEqual(player.notesBetween(0, 9), []);
  almost(steps(context, 9), [0]);
});

test("the state shows whether sound is allowed", () => {
  const { context, player, states } = started(loopOf([0]), { state: "suspended" });
  assert.deepEqual(states, ["waiting"]);
  assert.equal(context.resumed, 1);
  context.turn("running");
  context.turn("interrupted"); // a phone call
  player.resume();
  context.turn("running");
  player.stop();
  assert.deepEqual(states, ["waiting", "playing", "waiting", "playing", "stopped"]);
  assert.equal(context.resumed, 2);
});

test("a context that is given as a function is made at the first click and not before", () => {
  const on = bench();
  let made = 0;
  const player = createPlayer({ ...on, kit: clicks(), context: () => (made++, on.context) });
  player.setVolume(0.5);
  player.setSilent(false);
  assert.equal(made, 0);
  player.tap({ stream: 0, pitch: 36, velocity: 100 });
  player.play(loopOf([0]));
  assert.equal(made, 1);
});

test("a tap sounds at once, whether something plays or not", () => {
  const on = bench();
  const player = createPlayer({ ...on, kit: clicks() });
  on.runTo(1);
  player.tap({ stream: 0, pitch: PITCHES[3], velocity: 90 });
  assert.deepEqual(
    on.context.sources.map(({ started: at }) => at),
    [1],
  );
  assert.equal(player.state, "stopped");
});

test("one palette that starts stops the other", () => {
  const on = bench();
  const states = [];
  const [one, other] = ["one", "other"].map((name) =>
    createPlayer({ ...on, kit: clicks(), onChange: (state) => states.push(`${name} ${state}`) }),
  );
  one.play(loopOf([0]));
  other.play(loopOf([1]));
  other.stop();
  one.play(loopOf([0]));
  assert.deepEqual(states, ["one playing", "one stopped", "other playing", "other stopped", "one playing"]);
});

test("when the view closes its sound stops, its timer ends and the shared context stays open", () => {
  const { context, player, on } = started(loopOf([0]));
  player.dispose();
  assert.equal(on.ticking, false);
  assert.equal(context.closed, false);
  assert.ok(context.sources.filter(({ buffer }) => buffer).every(({ stopped }) => stopped !== null));
});

test("a frozen clock is replaced with a fresh context, from the next step on", () => {
  const on = bench();
  const fresh = bench().context;
  on.scope[Symbol.for("latentpalette.audio")] = on.context;
  on.scope.AudioContext = function AudioContext() {
    return fresh;
  };
  const player = createPlayer({ ...on, context: () => on.context, kit: clicks() });
  player.play(loopOf([0, 16]));
  on.runTo(START + 10.5 * STEP);
  for (let look = 0; look < 30; look++) {
    on.scope.performance.time += 25;
    on.tick();
  }
  assert.equal(on.context.closed, true);
  assert.equal(player.context, fresh);
  for (let look = 0; look < 30; look++) {
    fresh.currentTime += 0.025;
    on.scope.performance.time += 25;
    on.tick();
  }
  almost(steps(fresh, 3), [5, 21]); // it goes on with step 11
});

test("a page that was busy for seconds is not a frozen clock", () => {
  const on = bench();
  on.scope[Symbol.for("latentpalette.audio")] = on.context;
  const player = createPlayer({ ...on, kit: clicks() });
  player.play(loopOf([0]));
  on.tick();
  on.scope.performance.time += 5000;
  on.tick();
  assert.equal(on.context.closed, false);
  assert.equal(player.context, on.context);
});
