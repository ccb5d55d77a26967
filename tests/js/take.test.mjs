// The take of a session: what its instruments have played, lane by lane, and the bars of it that are kept.

import assert from "node:assert/strict";
import test from "node:test";

import { createPlayer } from "../../latentpalette/widgets/static/audio/player.js";
import { takeMidi, takeWav } from "../../latentpalette/widgets/static/files/mix.js";
import { createEmitter } from "../../latentpalette/widgets/static/state/emitter.js";
import { createTake } from "../../latentpalette/widgets/static/state/take.js";
import { boxesOf, letterOf } from "../../latentpalette/widgets/static/view/draw/lane.js";
import { STREAMS, bench, clicks, loopOf } from "./helpers.mjs";

const STEP = 60 / 120 / 4;
const START = 0.05; // from the click to the first beat
const BAR = 16;

// Instruments of one group, recorded in a lane each.
function band(count, options = {}) {
  const on = bench();
  let changes = 0;
  const take = createTake({ lanes: count, onChange: () => changes++, ...options });
  const members = Array.from({ length: count }, (_, lane) => {
    const values = { silenced: false, volume: 1 };
    const emitter = createEmitter();
    const player = createPlayer({
      ...on,
      kit: clicks(),
      group: () => "band",
      onChange: (state) => state === "stopped" && emitter.emit("rest"),
      onHeard: (begun, step) => emitter.emit("heard", begun, step),
    });
    const leave = take.record(lane, { state: { get: (name) => values[name] }, on: emitter.on });
    return { player, values, leave };
  });
  let begun = 0;
  return {
    take,
    members,
    get changes() {
      return changes;
    },
    play(...loops) {
      begun = on.context.currentTime;
      loops.forEach((loop, lane) => loop && members[lane].player.play(loop));
    },
    runTo: (step) => on.runTo(begun + START + step * STEP),
    stop: () => members.forEach(({ player }) => player.stop()),
  };
}
const stepsOf = ({ notes }) => notes.map(({ step }) => step);
const lanesOf = (take) => take.music().lanes.map(stepsOf);

test("before anything was played there is nothing to keep", () => {
  const { take } = band(2);
  assert.deepEqual([take.bars, take.music()], [0, null]);
});

test("lanes are in phase: one that joins later is where it was heard", () => {
  const { take, members, play, runTo } = band(2);
  play(loopOf([0, 8, 16, 24]));
  runTo(5.3);
  members[1].player.play(loopOf([6, 20], { drum: 1 }));
  runTo(31.5);
  assert.deepEqual(lanesOf(take), [[0, 8, 16, 24], [6, 20]]);
  assert.deepEqual([take.bars, take.tempos()], [2, [{ step: 0, qpm: 120 }]]);
});

test("while one rests the others go on in the same take; when all rest, the next take begins with a bar", () => {
  const { take, members, play, runTo, stop } = band(2);
  play(loopOf([0, 16]), loopOf([4, 20]));
  runTo(9.3);
  members[0].player.stop();
  runTo(17.5);
  members[0].player.play(loopOf([0, 16, 24]));
  runTo(25.3);
  stop();
  assert.deepEqual(lanesOf(take), [[0, 24], [4, 20]]);
  play(loopOf([2]), null);
  runTo(3.3);
  assert.deepEqual(lanesOf(take), [[0, 24, 34], [4, 20]]);
  assert.equal(take.bars, 3);
});

test("a mute and a volume are in it, from the step on at which they were set", () => {
  const { take, members, play, runTo } = band(1);
  play(loopOf([0, 4, 8, 12], { velocity: 100 }));
  runTo(3.3);
  members[0].values.volume = 0.5;
  runTo(7.3);
  members[0].values.silenced = true;
  runTo(11.3);
  members[0].values.silenced = false;
  runTo(15.5);
  assert.deepEqual(take.music().lanes[0].notes.map(({ step, velocity }) => [step, velocity]), [[0, 100], [4, 50], [12, 50]]);
  assert.deepEqual(boxesOf(take.spans(0)).map(({ from, to }) => [Math.round(from), Math.round(to)]), [[0, 8], [8, 12], [12, 16]]);
});

test("the last bars are there, no more", () => {
  const { take, play, runTo } = band(1, { maxBars: 2 });
  play(loopOf([0]));
  runTo(100.5);
  assert.deepEqual(take.reach, { from: 5 * BAR, to: 7 * BAR });
  assert.deepEqual(lanesOf(take), [[BAR]]);
});

test("bars up to the last one follow it; others stay where they are until they are forgotten", () => {
  const { take, play, runTo } = band(1, { maxBars: 4 });
  play(loopOf([0]));
  runTo(3 * BAR + 2.5);
  take.choose({ from: 2 * BAR, to: 4 * BAR });
  runTo(5 * BAR + 2.5);
  assert.deepEqual(take.frame, { from: 4 * BAR, to: 6 * BAR });
  take.choose({ from: 3 * BAR, to: 5 * BAR });
  runTo(7 * BAR + 2.5);
  assert.deepEqual(take.frame, { from: 4 * BAR, to: 5 * BAR });
  runTo(20 * BAR + 2.5);
  assert.deepEqual([take.frame.from, take.bars], [take.reach.from, 1]);
  take.choose(null);
  assert.equal(take.bars, 4);
});

test("an instrument that leaves the page ends its part of the take", () => {
  const { take, members, play, runTo } = band(2);
  play(loopOf([0, 16]), null);
  runTo(3.3);
  members[0].leave();
  members[0].player.stop();
  play(null, loopOf([5]));
  runTo(6.3);
  assert.deepEqual(lanesOf(take), [[0], [BAR + 5]]);
});

test("a take becomes one file: each instrument's streams, at the tempos, as long as its bars", () => {
  const { take, play, runTo } = band(2);
  play(loopOf([0, 8]), loopOf([4], { drum: 1 }));
  runTo(30.5);
  const music = take.music();
  const parts = music.lanes.map((clip) => ({ clip, streams: STREAMS, kit: clicks() }));
  const midi = takeMidi(parts, music);
  assert.equal(midi.name, "played-together.mid");
  assert.equal(new DataView(midi.bytes.buffer).getUint16(10), 3, "one track for the tempos, one for each instrument");
  const wav = takeWav(parts, music);
  assert.equal(new DataView(wav.bytes.buffer).getUint32(40, true) / 4, Math.round(32 * STEP * 44100));
});

test("a box has the letter of the nearest corner, or the name of what has none", () => {
  assert.equal(letterOf({ weights: [0.1, 0.2, 0.6, 0.1] }), "C");
  assert.equal(letterOf({ name: "7" }), "7");
  assert.equal(letterOf({}), "");
});
