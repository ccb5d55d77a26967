// Players of one group play together, in phase; all others stop one another.

import assert from "node:assert/strict";
import test from "node:test";

import { startTogether } from "../../latentpalette/widgets/static/audio/audiocontext.js";
import { frameOfStep } from "../../latentpalette/widgets/static/audio/clock.js";
import { createPlayer } from "../../latentpalette/widgets/static/audio/player.js";
import { RATE, bench, clicks, loopOf, onsets, rendered } from "./helpers.mjs";

const STEP = 60 / 120 / 4;
const START = 0.05; // from the click to the first beat

function players(...groups) {
  const on = bench();
  const kit = clicks();
  const made = groups.map((group) => createPlayer({ ...on, kit, group: () => group }));
  return { ...on, players: made };
}

// The steps at which something sounds, to a hundredth.
const steps = (context, seconds) =>
  onsets(rendered(context, seconds), 0.02).map((frame) => Math.round(((frame / RATE - START) / STEP) * 100) / 100);

test("a second player of the group begins with the next step, in phase, and the first goes on", () => {
  const { context, runTo, players: [one, other] } = players("a", "a");
  one.play(loopOf([0, 8, 16, 24]));
  runTo(START + 5.3 * STEP);
  other.play(loopOf([6, 12], { drum: 1, length: 16 }));
  assert.deepEqual([one.state, other.state], ["playing", "playing"]);
  runTo(START + 10 * STEP);
  assert.deepEqual(steps(context, START + 33 * STEP), [0, 6, 8, 12, 16, 22, 24, 28, 32]);
});

test("players that are started together begin with the same step, though mixing takes a while", () => {
  const { context, scope, players: [one, other, third] } = players("a", "a", "a");
  const slow = (loop) => ({
    ...loop,
    get notes() {
      context.currentTime += 0.004; // the clock goes on meanwhile
      return loop.notes;
    },
  });
  startTogether(3, () => {
    one.play(slow(loopOf([0])));
    other.play(slow(loopOf([0, 8], { length: 16 })));
    third.followPath({ count: 1, barsPerCell: 8, loopOf: () => slow(loopOf([0])) });
  }, scope);
  const begun = [one, other, third].map((player) => frameOfStep(player.phase().grid, 0));
  assert.equal(new Set(begun).size, 1, `${begun}`);
  assert.deepEqual([one, other].map((player) => player.phase().frame), begun.slice(0, 2));
  assert.equal(third.position().step, 0);
  assert.ok(begun[0] / RATE > context.currentTime, "before anything has sounded");
});

test("a player that is started alone begins at once after one that was started with others", () => {
  const { scope, players: [one] } = players("a");
  startTogether(3, () => {}, scope);
  one.play(loopOf([0]));
  assert.ok(Math.abs(one.phase().frame / RATE - START) < 0.001);
});

test("a player of another group, or of none, stops the others", () => {
  for (const groups of [["a", "b"], ["a", ""], ["", ""]]) {
    const { players: [one, other] } = players(...groups);
    one.play(loopOf([0]));
    other.play(loopOf([0]));
    assert.deepEqual([one.state, other.state], ["stopped", "playing"], groups.join());
  }
});

test("a path begins on the next bar line of what plays", () => {
  const { context, runTo, players: [one, other] } = players("a", "a");
  one.play(loopOf([]));
  runTo(START + 5.3 * STEP);
  other.followPath({ count: 2, barsPerCell: 1, loopOf: (cell) => loopOf([cell ? 4 : 16], { key: cell }) });
  assert.deepEqual(steps(context, START + 40 * STEP), [16, 36]);
});

// Where both players have the same step, as frames apart.
const apart = (one, other, step) => {
  const [own, others] = [one, other].map((player) => frameOfStep(player.phase().grid, step));
  return own - others;
};

test("a change of tempo leaves loops of different lengths in phase, to the frame, though one hears of it later", () => {
  const { runTo, players: [one, other] } = players("a", "a");
  const loops = (qpm) => [loopOf([0, 8], { qpm }), loopOf([4], { qpm, length: 20, drum: 1 })];
  const [long, short] = loops(120);
  one.play(long);
  runTo(START + 3.4 * STEP);
  other.play(short);
  let now = START + 9.7 * STEP;
  for (const qpm of [97.3, 133.1, 60, 181]) {
    runTo(now);
    const [longer, shorter] = loops(qpm);
    one.change(longer, "loop"); // does not wait: the tempo is that of both
    runTo(now + 1.3 * STEP);
    other.change(shorter, "bar");
    now += 1.7;
    for (const step of [0, 41, 99_999]) assert.equal(apart(one, other, step), 0, `${qpm}, step ${step}`);
  }
});

test("a path goes on in phase, too, when the tempo changes", () => {
  const { runTo, players: [one, other] } = players("a", "a");
  let qpm = 120;
  one.play(loopOf([0], { qpm }));
  other.followPath({ count: 3, barsPerCell: 1, loopOf: (cell) => loopOf([cell], { qpm, key: cell }) });
  runTo(4);
  qpm = 90.7;
  other.change(null, "bar");
  runTo(4.2);
  one.change(loopOf([0], { qpm }));
  assert.equal(apart(one, other, 5000), 0);
});

test("several together are as loud as one", () => {
  const on = bench();
  const shares = [];
  const [one, other] = [0, 1].map(() => createPlayer({ ...on, kit: clicks(), group: () => "a" }));
  for (const player of [one, other]) {
    const { setShare } = player;
    player.setShare = (share) => (shares.push(Math.round(share * 100)), setShare(share));
  }
  one.play(loopOf([0]));
  other.play(loopOf([0]));
  assert.deepEqual(shares, [100, 71, 71]);
  other.stop();
  assert.deepEqual(shares.slice(3), [100, 100]);
});
