// The row of a mixer: which one is shown while others are decoded, what changes along it, and how it is pulled apart.

import assert from "node:assert/strict";
import { test } from "node:test";

import { changesAlong, compareClips, largestChange } from "../../latentpalette/widgets/static/state/difference.js";
import { moved, openMixer } from "../../latentpalette/widgets/static/state/mixersession.js";
import { stepsOfWidth, widthOfSteps } from "../../latentpalette/widgets/static/view/mixer/accordion.js";
import { formatDifference, formatShares } from "../../latentpalette/widgets/static/view/mixer/steps.js";
import { InstrumentModel } from "./fakemodel.mjs";
import { clipBytes, clipJson, tokensOf } from "./helpers.mjs";
import { settled } from "./opensession.mjs";

const loop = (token) => clipJson(Array.from({ length: 32 }, (_, step) => (step % 8 ? 0 : token)));
const row = (...tokens) => clipBytes(tokens.map(loop));
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

class MixerModel extends InstrumentModel {
  constructor(changes = {}) {
    super({
      widget_id: String(Math.random()),
      end_clips: [loop(1), loop(8)],
      labels: ["one", "other"],
      left_out: [[], []],
      n: 3,
      interpolation: "slerp",
      even_steps: false,
      use_original_ends: true,
      tile: 0,
      plays: "tile",
      row_mode: "loop",
      tiles: row(1, 2, 8),
      ...changes,
    });
  }
}

function open(changes) {
  const model = new MixerModel(changes);
  const { session, close } = openMixer(model);
  const kicks = () => session.clips().map((clip) => clip && tokensOf(clip)[0]);
  return { model, session, close, kicks };
}

test("another number of steps is requested once, and the last row stays until it comes", async () => {
  const { model, session, kicks, close } = open();
  session.actions.setN(4);
  session.actions.setN(5, true);
  await settled();
  assert.deepEqual(model.sent.map(({ name }) => name), ["decode"]);
  assert.deepEqual(kicks(), [1, 2, 8]);
  assert.ok(session.rows.isStale);
  model.respond(model.sent[0], {}, [view(row(1, 2, 3, 4, 8))]);
  await settled();
  assert.deepEqual(kicks(), [1, 2, 3, 4, 8]);
  assert.ok(!session.rows.isStale);
  close();
});

test("undo shows the row from before at once, and redo the one after it", async () => {
  const { model, session, kicks, close } = open();
  session.actions.setN(2);
  await settled();
  model.respond(model.sent[0], {}, [view(row(1, 8))]);
  await settled();
  session.commands.undo();
  await settled();
  assert.deepEqual([model.get("n"), kicks()], [3, [1, 2, 8]]);
  session.commands.redo();
  await settled();
  assert.deepEqual([model.get("n"), kicks()], [2, [1, 8]]);
  close();
});

test("a pull over many steps is undone as one", () => {
  const { model, session, close } = open();
  session.actions.setN(4);
  session.actions.setN(9, true);
  session.actions.setN(12, true);
  session.commands.undo();
  assert.equal(model.get("n"), 3);
  assert.ok(!session.history.canUndo);
  close();
});

test("without Python undo still brings the row back", async () => {
  const { model, session, kicks, close } = open();
  session.actions.setN(2);
  await settled();
  model.respond(model.sent[0], {}, [view(row(1, 8))]);
  await settled();
  model.set("has_kernel", false);
  session.commands.undo();
  await settled();
  assert.deepEqual(kicks(), [1, 2, 8]);
  assert.equal(model.sent.length, 1);
  close();
});

test("a row that Python sets is shown, and nothing is requested", async () => {
  const { model, kicks, close } = open();
  Object.assign(model.traits, { n: 4, tiles: row(1, 3, 5, 8) });
  for (const name of ["n", "tiles"]) model.emit(`change:${name}`);
  await settled();
  assert.deepEqual(kicks(), [1, 3, 5, 8]);
  assert.deepEqual(model.sent, []);
  close();
});

test("the first and the last step are the ends, unless their reconstructions are asked for", () => {
  const { model, kicks, close } = open({ tiles: row(3, 2, 6) });
  assert.deepEqual(kicks(), [1, 2, 8]);
  model.set("use_original_ends", false);
  assert.deepEqual(kicks(), [3, 2, 6]);
  close();
});

test("a sample takes the place of one end", async () => {
  const { model, session, close } = open();
  const sampled = session.ends.sample(1, 0.8, 7);
  model.respond(model.sent[0], { clip: loop(4), label: "Sampled #7" });
  await sampled;
  assert.deepEqual(model.get("labels"), ["one", "Sampled #7"]);
  assert.deepEqual(model.get("end_clips"), [loop(1), loop(4)]);
  session.commands.undo();
  assert.deepEqual(model.get("labels"), ["one", "other"]);
  close();
});

test("a row that the next view finds is the one that the last view left", async () => {
  const { model, session, close } = open();
  session.actions.setN(2);
  await settled();
  model.respond(model.sent[0], {}, [view(row(1, 8))]);
  await settled();
  close();
  const again = openMixer(model);
  assert.equal(again.session.rows.table.length, 2);
  again.close();
});

test("a place on the way from A to B stays where it is in another number of steps", () => {
  assert.deepEqual([moved(0, 9, 5), moved(4, 9, 5), moved(8, 9, 5)], [0, 2, 4]);
  assert.equal(moved(12, 9, 9), 8);
});

test("notes stay, come and go by place, pitch and stream", () => {
  const note = (step, pitch, stream = 0) => ({ step, pitch, stream, length: 1, velocity: 80, offset: 0 });
  const before = { steps: 32, notes: [note(0, 60), note(4, 62), note(4, 62, 1)] };
  const now = { steps: 32, notes: [note(0, 60), note(4, 64), note(4, 62, 1)] };
  const { stay, come, gone } = compareClips(before, now);
  assert.deepEqual([stay, come, gone].map((notes) => notes.length), [2, 1, 1]);
  assert.deepEqual(changesAlong([before, now, now, null]), [2, 0, null]);
  assert.equal(compareClips(null, now).stay.length, 3);
});

test("the largest change is a cliff where it is far larger than the others", () => {
  assert.deepEqual(largestChange([1, 2, 9, 1]), { index: 2, isCliff: true });
  assert.deepEqual(largestChange([4, 5, 4]), { index: 1, isCliff: false });
  assert.deepEqual(largestChange([0, 0]), { index: -1, isCliff: false });
});

test("every number of steps has a width of its own, and the width has that number", () => {
  for (const room of [330, 760]) {
    for (let n = 2; n <= 33; n++) assert.equal(stepsOfWidth(widthOfSteps(n, room), room), n);
    assert.equal(widthOfSteps(33, room), 1);
  }
  assert.deepEqual([stepsOfWidth(0, 760), stepsOfWidth(2, 760)], [2, 33]);
});

test("a step is said in words", () => {
  assert.equal(formatShares(3, 9), "A .63 · B .38");
  assert.equal(formatDifference({ stay: [1, 2], come: [1], gone: [] }), "2 notes stay, 1 has come, 0 have gone");
  assert.equal(formatDifference({ stay: [1], come: [], gone: [] }), "the same 1 note");
});
