// Limits of what a hand can draw and a file can hold, and what a corner and Python say.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createCommands } from "../../latentpalette/widgets/static/state/commands.js";
import { MAX_PATH_POINTS, MAX_STROKE_POINTS, cellsAlong, crossings, simplify } from "../../latentpalette/widgets/static/state/geometry.js";
import { createHistory } from "../../latentpalette/widgets/static/state/history.js";
import { openSession } from "../../latentpalette/widgets/static/state/session.js";
import { createState } from "../../latentpalette/widgets/static/state/state.js";
import { pathMidi, pathWav } from "../../latentpalette/widgets/static/files/exports.js";
import { arrowsAlong } from "../../latentpalette/widgets/static/view/draw/path.js";
import { FakeModel } from "./fakemodel.mjs";
import { clicks } from "./helpers.mjs";
import { EMPTY, KICK } from "./opensession.mjs";
import { palette } from "./palette.mjs";

const scribble = (count) =>
  Array.from({ length: count }, (_, i) => [0.5 + 0.5 * Math.cos(i / 7), 0.5 + 0.5 * Math.sin(i / 11)]);

function commandsOf(changes) {
  const state = createState(new FakeModel(changes));
  const errors = [];
  const history = createHistory();
  const gridRequest = { send() {}, forget() {}, dispose() {} };
  const commands = createCommands({ state, history, gridRequest, request: async () => ({}), onError: (e) => errors.push(e) });
  return { state, commands, errors, history };
}

test("a long stroke is simplified to a bounded number of points, from its beginning to its end", () => {
  const stroke = scribble(20_000);
  const points = simplify(stroke, 0.01);
  assert.ok(points.length <= MAX_STROKE_POINTS && points.length > MAX_STROKE_POINTS / 4);
  assert.deepEqual([points[0], points.at(-1)], [stroke[0], stroke.at(-1)]);
});

test("a short stroke is left as it is", () => {
  assert.deepEqual(simplify([[0, 0], [0.5, 0.5], [1, 0]], 0.01), [[0, 0], [0.5, 0.5], [1, 0]]);
});

test("the cells of a stroke are found once for each size", () => {
  const stroke = scribble(4000);
  assert.equal(crossings(stroke, 21), crossings(stroke, 21));
  assert.deepEqual(crossings(stroke, 5).map(({ row, col }) => ({ row, col })), cellsAlong(stroke, 5));
});

test("a path has a limited number of points, and the one that is there stays", () => {
  const { state, commands, errors, history } = commandsOf();
  const before = state.get("points");
  commands.setPath(scribble(MAX_PATH_POINTS + 1));
  assert.match(errors[0].message, /up to 5000 points; this one has 5001/);
  assert.equal(state.get("points"), before);
  assert.equal(history.canUndo, false);
});

test("a long path has a limited number of arrows", () => {
  assert.ok(arrowsAlong(scribble(5000).map(([x, y]) => [460 * x, 460 * y]), 90).length <= 101);
});

test("a path that is too long for a file is refused in words", () => {
  const points = Array.from({ length: 2000 }, (_, i) => [i % 2, (i >> 1) % 2]);
  assert.throws(() => pathWav(palette({ points }), clicks()), /lasts \d+ minutes; a WAV file takes up to 30 minutes/);
  assert.throws(() => pathMidi(palette({ points, bars_per_cell: 8 })), /has \d+ bars; a file takes up to 20000/);
});

test("what a corner could not take goes with it, and comes back with it", () => {
  const { state, commands } = commandsOf();
  commands.setCorner(1, KICK, "song.mid bars 1 and 2", ["3 notes are not drums"]);
  assert.deepEqual(state.get("left_out"), [[], ["3 notes are not drums"], [], []]);
  commands.setCorner(1, EMPTY, "Empty");
  assert.deepEqual(state.get("left_out"), [[], [], [], []]);
  commands.undo();
  assert.deepEqual(state.get("left_out"), [[], ["3 notes are not drums"], [], []]);
});

test("a label is no longer than Python accepts", () => {
  const { state, commands } = commandsOf();
  commands.setCorner(0, KICK, "x".repeat(1000));
  commands.beginEdit(0);
  assert.equal(state.get("labels")[0].length, 300);
  assert.ok(state.get("labels")[0].endsWith(", edited"));
});

test("what Python refuses is shown, and what it begins to decode", () => {
  const model = new FakeModel();
  model.traits.kit_index = [];
  const { session, close } = openSession(model);
  model.emit("msg:custom", { type: "problem", error: "puck is two numbers" }, []);
  assert.equal(session.error, "puck is two numbers");
  model.emit("msg:custom", { type: "decoding", loops: 441 }, []);
  assert.equal(session.decodeState, "slow");
  model.fromPython({ cells: model.get("cells"), decode_ms: 812 });
  assert.deepEqual([session.decodeState, session.decodeMs], ["idle", 812]);
  model.emit("msg:custom", { type: "decoding", loops: 441 }, []);
  model.emit("msg:custom", { type: "decoding", loops: 0 }, []);
  assert.equal(session.decodeState, "idle");
  close();
});
