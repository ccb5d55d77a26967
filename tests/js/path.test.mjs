import assert from "node:assert/strict";
import test from "node:test";

import { createPlayer } from "../../latentpalette/widgets/static/audio/player.js";
import { cellOfTurn, playbackOrder, turnEnd, pathOrigin } from "../../latentpalette/widgets/static/audio/pathorder.js";
import { RATE, bench, clicks, loopOf, onsets, rendered } from "./helpers.mjs";

const STEP = 60 / 120 / 4;
const BAR = 16 * STEP;
const START = 0.05;

// Cell i hits once a bar, on step i: the onset identifies the cell.
function startPath({ count = 4, barsPerCell = 2, mode = "loop", outputLatency = 0, before = null, quantize } = {}) {
  const on = bench({ outputLatency });
  const notified = [];
  const player = createPlayer({ ...on, kit: clicks() });
  const cell = (index) => loopOf([index, 16 + index], { key: index });
  const path = {
    count,
    barsPerCell,
    mode,
    quantize,
    loopOf: cell,
    onCell: (index) => notified.push(index),
    onEnd: () => notified.push("end"),
  };
  const follow = () => player.followPath(path);
  if (before) player.play(before);
  else follow();
  return { ...on, on, player, notified, path, follow };
}

const audibleCells = (context, seconds) =>
  onsets(rendered(context, seconds)).map((frame) => Math.round((frame / RATE - START) / STEP) % 16);

test("a path plays once, round and round, or there and back again", () => {
  const turns = (count, mode) => Array.from({ length: 8 }, (_, turn) => cellOfTurn(turn, count, mode));
  assert.deepEqual(turns(3, "once"), [0, 1, 2, null, null, null, null, null]);
  assert.deepEqual(turns(3, "loop"), [0, 1, 2, 0, 1, 2, 0, 1]);
  assert.deepEqual(turns(4, "ping-pong"), [0, 1, 2, 3, 2, 1, 0, 1]);
  assert.deepEqual(turns(1, "ping-pong"), Array(8).fill(0));
  assert.deepEqual(playbackOrder(4, "ping-pong"), [0, 1, 2, 3, 2, 1]);
});

test("a path that begins in the middle of a loop counts from the nearest beginning of one", () => {
  assert.equal(pathOrigin(64, 32, 2), 64);
  assert.equal(pathOrigin(70, 32, 2), 64);
  assert.equal(pathOrigin(80, 32, 2), 96);
  assert.equal(pathOrigin(70, 32, 1), 64);
  assert.equal(pathOrigin(73, 32, 1), 96); // more than half of its only bar would be lost
});

test("a turn ends after its bars, or at the next bar line if those are over", () => {
  assert.equal(turnEnd(32, 2, 40), 64);
  assert.equal(turnEnd(32, 1, 50.2), 64);
  assert.equal(turnEnd(32, 2, 64), 64);
  assert.equal(turnEnd(32, 2, 64.1), 80);
});

test("each cell sounds for its bars, and the next begins on the bar line", () => {
  for (const barsPerCell of [1, 2, 4, 8]) {
    const { context, runTo, notified } = startPath({ barsPerCell });
    runTo(START + 5.5 * barsPerCell * BAR);
    const cells = audibleCells(context, START + 5 * barsPerCell * BAR);
    assert.deepEqual(
      cells,
      [0, 1, 2, 3, 0].flatMap((cell) => Array(barsPerCell).fill(cell)),
    );
    assert.deepEqual(notified, [0, 1, 2, 3, 0, 1]);
  }
});

test("the next cell is on the audio clock a whole cell before it sounds", () => {
  const { context, runTo } = startPath({ barsPerCell: 8 });
  const cellsAt = (bars) => audibleCells(context, START + bars * BAR);
  const wanted = (bars) => Array.from({ length: bars }, (_, bar) => Math.floor(bar / 8));
  runTo(START + 0.5);
  assert.deepEqual(cellsAt(16), wanted(16));
  runTo(START + 8 * BAR + 0.5);
  assert.deepEqual(cellsAt(24), wanted(24));
});

test("a page that is busy for two seconds and more misses no change of cell", () => {
  const { context, runTo, notified } = startPath({ barsPerCell: 2 });
  for (let cell = 0; cell < 5; cell++)
    (runTo(START + 2 * cell * BAR + 0.3), runTo(START + 2 * cell * BAR + 3.8, { asleep: true }));
  assert.deepEqual(audibleCells(context, START + 10 * BAR), [0, 0, 1, 1, 2, 2, 3, 3, 0, 0]);
  assert.deepEqual(notified, [0, 1, 2, 3, 0]);
});

test("a page that is busy for longer than that plays on, and goes on to the next cell on a bar line", () => {
  const { context, runTo, notified } = startPath({ barsPerCell: 1, count: 8 });
  runTo(START + 0.5);
  runTo(START + 6.3 * BAR, { asleep: true });
  runTo(START + 9.5 * BAR);
  const cells = audibleCells(context, START + 9 * BAR);
  assert.equal(cells.length, 9);
  assert.deepEqual(cells.slice(0, 3), [0, 1, 2]);
  assert.deepEqual(cells.slice(7), [cells[6] + 1, cells[6] + 2]);
  assert.deepEqual(notified, [...new Set(notified)].sort());
});

test("a cell is notified when it becomes audible, not when it is scheduled", () => {
  const { runTo, notified } = startPath({ barsPerCell: 1, outputLatency: 0.3 });
  runTo(START + BAR + 0.25);
  assert.deepEqual(notified, [0]);
  runTo(START + BAR + 0.35);
  assert.deepEqual(notified, [0, 1]);
});

test("played once, the path ends on its last bar line, and what rings may ring out", () => {
  const on = bench();
  const notified = [];
  const player = createPlayer({ ...on, kit: clicks({ ring: RATE }), onChange: (state) => notified.push(state) });
  const loop = { ...loopOf([0, 15, 16, 31], { drum: 7 }) };
  player.followPath({
    count: 2,
    barsPerCell: 1,
    mode: "once",
    loopOf: () => loop,
    onCell: (cell) => notified.push(cell),
    onEnd: () => notified.push("end"),
  });
  on.runTo(START + 2 * BAR + 0.1);
  assert.deepEqual(notified, ["playing", 0, 1, "stopped", "end"]);
  assert.equal(on.ticking, false);
  const output = rendered(on.context, START + 2 * BAR + 2);
  assert.equal(onsets(output, 0.3).length, 4);
  const end = Math.round((START + 2 * BAR) * RATE);
  assert.ok(output[end + 10000] > 0.1);
  assert.equal(
    output.subarray(end + RATE).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
    0,
  );
});

test("a path that begins while something plays takes over in phase and changes cells on bar lines", () => {
  const { context, runTo, follow, notified } = startPath({ before: loopOf([5, 21]), barsPerCell: 2 });
  runTo(START + 7.2 * STEP);
  follow();
  runTo(START + 4.5 * BAR);
  assert.deepEqual(audibleCells(context, START + 4 * BAR), [5, 0, 1, 1]);
  assert.deepEqual(notified, [0, 1, 2]);
});

test("a path that begins before the first sound begins with its own first cell", () => {
  const { context, follow, runTo } = startPath({ before: loopOf([5]), barsPerCell: 1 });
  follow();
  runTo(START + 1.5 * BAR);
  assert.deepEqual(audibleCells(context, START + 2 * BAR), [0, 1]);
});

test("bars per cell change under way, from the cell that sounds on", () => {
  const { context, player, runTo } = startPath({ barsPerCell: 8 });
  runTo(START + 0.5 * BAR);
  player.updatePath({ barsPerCell: 1 });
  runTo(START + 3.5 * BAR);
  player.updatePath({ barsPerCell: 2 });
  runTo(START + 7.5 * BAR);
  assert.deepEqual(audibleCells(context, START + 7 * BAR), [0, 1, 2, 3, 3, 0, 0]);
});

test("bars per cell that are over already end at the next bar line", () => {
  const { context, player, runTo } = startPath({ barsPerCell: 8 });
  runTo(START + 4.5 * BAR);
  player.updatePath({ barsPerCell: 2 });
  runTo(START + 7.5 * BAR);
  assert.deepEqual(audibleCells(context, START + 7 * BAR), [0, 0, 0, 0, 0, 1, 1]);
});

test("the mode changes under way", () => {
  const { context, player, runTo, notified } = startPath({ barsPerCell: 1, count: 3, mode: "ping-pong" });
  runTo(START + 3.5 * BAR); // 0 1 2 1: on the way back
  player.updatePath({ mode: "once" });
  runTo(START + 6.5 * BAR);
  assert.deepEqual(audibleCells(context, START + 8 * BAR), [0, 1, 2, 1, 2]);
  assert.deepEqual(notified, [0, 1, 2, 1, 2, "end"]);
});

test("moving the puck ends the path without a gap", () => {
  const { context, player, runTo, notified } = startPath({ barsPerCell: 1 });
  runTo(START + 1.5 * BAR);
  player.leavePath();
  runTo(START + 5 * BAR);
  assert.deepEqual(audibleCells(context, START + 5 * BAR), [0, 1, 1, 1, 1]);
  assert.deepEqual(notified, [0, 1]);
  assert.equal(player.state, "playing");
});

test("moving the puck at the very end of the path lets the last cell go on", () => {
  const { context, player, runTo, notified } = startPath({ barsPerCell: 1, count: 2, mode: "once" });
  runTo(START + 2 * BAR - 0.02);
  player.leavePath();
  runTo(START + 5 * BAR);
  assert.deepEqual(audibleCells(context, START + 5 * BAR).slice(1), [1, 1, 1, 1]);
  assert.deepEqual(notified, [0, 1]);
});

test("a mute on a path takes effect at the next step, in the cells to come as well", () => {
  const on = bench();
  const player = createPlayer({ ...on, kit: clicks() });
  let muted = false;
  const cell = () => ({ ...loopOf([0, 8, 16, 24]), ...(muted ? loopOf([8, 24]) : {}) });
  player.followPath({ count: 3, barsPerCell: 1, loopOf: cell });
  on.runTo(START + 10.3 * STEP);
  muted = true;
  player.change(null);
  on.runTo(START + 50 * STEP);
  const steps = onsets(rendered(on.context, START + 46 * STEP)).map((frame) =>
    Math.round((frame / RATE - START) / STEP),
  );
  assert.deepEqual(steps, [0, 8, 24, 40]);
});

test("a new tempo on a path keeps the place and moves the cells to come", () => {
  const on = bench();
  const player = createPlayer({ ...on, kit: clicks() });
  let qpm = 120;
  player.followPath({ count: 3, barsPerCell: 1, loopOf: (cell) => loopOf([cell, 16 + cell], { qpm }) });
  on.runTo(START + 7.5 * STEP);
  qpm = 60;
  player.change(null);
  on.runTo(START + 40 * STEP);
  // From step 8 on steps last twice as long: bar two begins at 8 + 2 * 8, its cell hits one step later.
  const steps = onsets(rendered(on.context, START + 40 * STEP)).map((frame) =>
    Math.round((frame / RATE - START) / STEP),
  );
  assert.deepEqual(steps, [0, 26]);
});

test("the place on the path is its step, the cell, and how much of it has passed", () => {
  const { player, runTo } = startPath({ barsPerCell: 2, mode: "ping-pong", count: 3 });
  runTo(START + 7 * BAR);
  const { pathStep, cell, cellPhase, phase } = player.position();
  assert.ok(
    Math.abs(pathStep - 112) < 0.01 && cell === 1 && Math.abs(cellPhase - 0.5) < 0.01 && Math.abs(phase - 16) < 0.01,
  );
});

test("a path without cells is refused, and the way out named", () => {
  const player = createPlayer({ ...bench(), kit: clicks() });
  assert.throws(() => player.followPath({ count: 0, loopOf: () => null }), /Draw one first/);
  assert.equal(player.state, "stopped");
});
