// The player of a row of piano rolls: one or all in order, once or again and again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { claimPlayback } from "../../latentpalette/widgets/static/audio/audiocontext.js";
import { createRollPlayer } from "../../latentpalette/widgets/static/state/rollplayer.js";
import { RATE, bench } from "./helpers.mjs";

const settled = () => new Promise((resolve) => setImmediate(resolve));

// Rolls of so many steps, an eighth of a second each.
function rolls(steps, { repeat = false, errors = {}, fails = [] } = {}) {
  const clocks = bench();
  const { context, scope, makeTimer } = clocks;
  context.decodeAudioData = async ({ byteLength }) => ({ length: byteLength, duration: byteLength / RATE, sampleRate: RATE });
  const loaded = [];
  const problems = [];
  const player = createRollPlayer({
    items: steps.map((count, index) => ({ steps: count, step_seconds: 0.125, sound_error: errors[index] ?? "" })),
    repeat,
    makeTimer,
    scope,
    makeContext: () => context,
    onError: ({ message }) => problems.push(message),
    async loadFile(index) {
      loaded.push(index);
      if (fails.includes(index)) throw new Error(`no ${index}`);
      const frames = steps[index] * 0.125 * RATE + 100;
      return { bytes: new Uint8Array(frames), type: "audio/mpeg", frames, lead: 0 };
    },
  });
  const run = async (seconds) => {
    await settled();
    for (let time = context.currentTime; time < seconds; time += 0.25) {
      clocks.runTo(Math.min(seconds, time + 0.25));
      await settled();
    }
  };
  return { ...clocks, clocks, player, loaded, problems, run };
}

test("one is played, once, and stops by itself", async () => {
  const { player, run, loaded } = rolls([8, 8]);
  player.toggle(1);
  assert.equal(player.index, 1, "at once, before its sound is there");
  assert.equal(player.waiting, true);
  await run(0.5);
  assert.equal(player.waiting, false);
  assert.ok(Math.abs(player.seconds(1) - 0.47) < 0.01);
  assert.equal(player.seconds(0), 0);
  await run(1.2);
  assert.equal(player.playing, false);
  assert.equal(player.index, null);
  assert.deepEqual(loaded, [1]);
});

test("repeated, it goes on; its sound is loaded once", async () => {
  const { player, run, loaded } = rolls([8], { repeat: true });
  player.toggle(0);
  await run(10);
  assert.equal(player.index, 0);
  assert.ok(player.seconds(0) <= 1);
  assert.deepEqual(loaded, [0]);
  player.setRepeat(false);
  await run(11.5);
  assert.equal(player.playing, false);
});

test("all are played in order, each for its length, and again if they repeat", async () => {
  const { player, run } = rolls([8, 16, 8], { repeat: true });
  const log = [];
  player.on("change", () => player.index !== log.at(-1) && log.push(player.index));
  player.toggleAll();
  assert.equal(player.inOrder, true);
  await run(5);
  assert.deepEqual(log, [0, 1, 2, 0]);
  player.toggleAll();
  assert.equal(player.playing, false);
});

test("those that have no sound are left out of the order", async () => {
  const { player, run, problems } = rolls([8, 8, 8, 8], { errors: { 0: "none.sf2 cannot be read." }, fails: [2] });
  const log = [];
  player.on("change", () => player.index !== log.at(-1) && log.push(player.index));
  player.toggleAll();
  await run(3);
  assert.deepEqual(log, [1, 3, null]);
  assert.deepEqual(problems, ["no 2"]);
});

test("a roll that cannot be played stops, says why, and is tried again at the next click", async () => {
  const { player, run, loaded, problems } = rolls([8], { repeat: true, fails: [0] });
  player.toggle(0);
  await run(1);
  assert.equal(player.playing, false);
  player.toggle(0);
  await run(2);
  assert.deepEqual(loaded, [0, 0]);
  assert.deepEqual(problems, ["no 0", "no 0"]);
});

test("its own button stops the one that sounds, and another one's plays that instead", async () => {
  const { player, run } = rolls([8, 8], { repeat: true });
  player.toggleAll();
  await run(0.2);
  player.toggle(1);
  assert.deepEqual([player.index, player.inOrder], [1, false]);
  player.toggle(1);
  assert.equal(player.playing, false);
});

test("a click plays from there: in order, if all are played", async () => {
  const { player, run } = rolls([8, 8, 8]);
  player.playFrom(1, 0.5);
  await run(0.3);
  assert.equal(player.inOrder, false);
  assert.ok(Math.abs(player.seconds(1) - 0.77) < 0.01);
  player.toggleAll();
  player.playFrom(1, 0.5);
  await run(1.2);
  assert.deepEqual([player.inOrder, player.index], [true, 2]);
});

test("moved while nothing plays, it begins there; stopped, at the beginning again", async () => {
  const { player, run } = rolls([16]);
  player.seek(0, 1);
  assert.deepEqual([player.playing, player.seconds(0)], [false, 1]);
  player.seek(0, 99);
  assert.equal(player.seconds(0), 2, "no further than its end");
  player.seek(0, 1.5);
  player.toggle(0);
  await run(0.2);
  assert.ok(Math.abs(player.seconds(0) - 1.67) < 0.01);
  player.toggle(0);
  assert.equal(player.seconds(0), 0);
});

test("only one player of a page plays: it stops for another, and another for it", async () => {
  const { player, scope, run } = rolls([8], { repeat: true });
  let stops = 0;
  const palette = { stop: () => stops++ };
  claimPlayback(palette, scope);
  player.toggle(0);
  assert.equal(stops, 1);
  await run(0.2);
  claimPlayback(palette, scope);
  assert.equal(player.playing, false);
});

test("of many long sounds the latest are kept", async () => {
  const { player, run, loaded } = rolls([1200, 1200, 1200]); // 150 seconds each
  for (const index of [0, 1, 2, 1, 0]) {
    player.toggle(index);
    await settled();
  }
  assert.deepEqual(loaded, [0, 1, 2, 0]);
  await run(0.1);
});

test("a browser without Web Audio is named, and nothing plays", () => {
  const problems = [];
  const player = createRollPlayer({
    items: [{ steps: 8, step_seconds: 0.125, sound_error: "" }],
    repeat: true,
    loadFile: async () => assert.fail("not loaded"),
    onError: ({ message }) => problems.push(message),
    scope: {},
  });
  player.toggle(0);
  assert.equal(player.playing, false);
  assert.match(problems[0], /no Web Audio/);
});
