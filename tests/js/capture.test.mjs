// Capture: what was played last, with every move, in whole bars.

import assert from "node:assert/strict";
import test from "node:test";

import { createPlayer } from "../../latentpalette/widgets/static/audio/player.js";
import { createCapture } from "../../latentpalette/widgets/static/state/capture.js";
import { bandKit, bench, clicks, loopOf, note } from "./helpers.mjs";

const STEP = 60 / 120 / 4;
const START = 0.05; // from the click to the first beat

function recorded(options = {}) {
  const on = bench();
  const capture = createCapture(options);
  const onChange = (state) => state === "stopped" && capture.pause();
  const player = createPlayer({ ...on, kit: options.kit ?? clicks(), onChange, onHeard: capture.hear });
  let begun = 0; // when the take began [seconds]
  return {
    capture,
    player,
    play(loop) {
      begun = on.context.currentTime;
      player.play(loop);
    },
    // Lets the take go on to one of its steps.
    runTo: (step, options) => on.runTo(begun + START + step * STEP, options),
  };
}
const stepsOf = ({ notes }) => notes.map(({ step }) => step);

test("nothing was played before it was played", () => {
  const { capture } = recorded();
  assert.equal(capture.bars, 0);
  assert.equal(capture.music(), null);
});

test("a loop that changes is kept as it sounded: each from its step on, in whole bars", () => {
  const { capture, player, play, runTo } = recorded();
  play(loopOf([0, 8, 16, 24]));
  runTo(5.3);
  player.change(loopOf([2, 10, 18, 26], { drum: 1 }), "bar");
  runTo(40.5);
  assert.equal(capture.bars, 3);
  const music = capture.music();
  assert.deepEqual(stepsOf(music), [0, 8, 18, 26, 34]);
  assert.deepEqual([music.steps, music.qpm], [48, 120]);
});

test("a change that was cancelled before it sounded is not in it", () => {
  const { capture, player, play, runTo } = recorded();
  play(loopOf([0, 8, 16, 24]));
  runTo(5.3);
  player.change(loopOf([18], { drum: 1 }), "bar");
  runTo(9.3);
  player.change(loopOf([20], { drum: 2 }), "bar");
  runTo(31.5);
  player.stop();
  assert.deepEqual(stepsOf(capture.music()), [0, 8, 20]);
});

test("a path is kept cell by cell", () => {
  const { capture, player, runTo } = recorded();
  player.followPath({ count: 2, barsPerCell: 1, loopOf: (cell) => loopOf([cell ? 20 : 4], { key: cell }) });
  runTo(47.5);
  assert.deepEqual(stepsOf(capture.music()), [4, 20, 36]);
});

test("what sounded while the page was busy is in it", () => {
  const { capture, player, play, runTo } = recorded();
  play(loopOf([0, 8, 16, 24]));
  runTo(5.3);
  player.change(loopOf([1, 9, 14, 17, 25], { drum: 1 }), "bar");
  runTo(13.2);
  runTo(21.3, { asleep: true });
  runTo(30.5);
  player.stop();
  assert.deepEqual(stepsOf(capture.music()), [0, 8, 17, 25]);
});

test("the cells of a path that came and went while the page was busy are in it", () => {
  const { capture, player, runTo } = recorded();
  player.followPath({ count: 4, barsPerCell: 1, loopOf: (cell) => loopOf([4, 20], { drum: cell, key: cell }) });
  runTo(17.2);
  runTo(44.5, { asleep: true });
  runTo(60.5);
  assert.deepEqual(stepsOf(capture.music()), [4, 20, 36, 52]);
});

test("a change of tempo is kept with the step from which on it was heard, and a loop with its loudness", () => {
  const { capture, player, play, runTo } = recorded();
  play({ ...loopOf([0, 8, 16, 24]), gain: 0.5 });
  runTo(5.3);
  player.change({ ...loopOf([0, 8, 16, 24]), qpm: 240, gain: 0.25 }, "step");
  runTo(7.3);
  player.stop();
  const music = capture.music();
  assert.deepEqual(music.tempos, [{ step: 0, qpm: 120 }, { step: 6, qpm: 240 }]);
  assert.deepEqual([music.qpm, music.notes[0].gain], [240, 0.5]);
});

test("another take begins on the next bar line, in the phase of its own loop", () => {
  const { capture, player, play, runTo } = recorded();
  play(loopOf([0, 8]));
  runTo(9.5);
  player.stop();
  play(loopOf([0, 17]));
  runTo(20.5);
  assert.equal(capture.bars, 3);
  assert.deepEqual(stepsOf(capture.music()), [0, 8, 16, 33]);
});

test("the last bars are kept, those before are forgotten", () => {
  const { capture, player, play, runTo } = recorded({ maxBars: 2 });
  play(loopOf([0, 8, 16, 24]));
  runTo(66);
  player.change(loopOf([3, 19], { drum: 1 }), "step");
  runTo(79.5);
  assert.equal(capture.bars, 2);
  assert.deepEqual(stepsOf(capture.music()), [0, 8, 16, 19]);
});

test("a held note ends where the music stopped, and goes on where the next loop has it too", () => {
  const { capture, player, play, runTo } = recorded({ kit: bandKit() });
  const loop = (key, length) => ({ notes: [note(0, 60, length, { stream: 1 })], steps: 16, qpm: 120, key });
  play(loop("a", 12));
  runTo(5.3);
  player.change(loop("b", 8), "step");
  runTo(9.5);
  player.stop();
  assert.deepEqual(capture.music().notes.map(({ step, length }) => [step, length]), [[0, 8]]);
});
