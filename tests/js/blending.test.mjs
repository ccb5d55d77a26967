// How corners are blended: the slider, undo, and what an earlier palette had.

import assert from "node:assert/strict";
import { test } from "node:test";

import { describeBlend } from "../../latentpalette/widgets/static/view/menus/blendrow.js";
import { z } from "./fakemodel.mjs";
import { tokensOf } from "./helpers.mjs";
import { KICK_JSON, bytes, openSession, settled } from "./opensession.mjs";

test("a drag of the blend slider is one step of undo, and only its last position is decoded", async () => {
  const { model, state, commands, timers } = openSession({ has_prior: true, interpolation: 0.6 });
  const before = tokensOf(state.clipAt(1, 1))[0];
  commands.setInterpolation(0.5, false);
  commands.setInterpolation(0.4, true);
  commands.setInterpolation(0.3, true);
  assert.equal(tokensOf(state.clipAt(1, 1))[0], before); // the old grid plays on
  assert.equal(state.isStale, true);
  timers.fire(150);
  assert.deepEqual(model.sent.map(({ name, body }) => [name, body.interpolation]), [["decode", 0.3]]);
  model.respond(model.sent[0], { norm_percentiles: [], decode_ms: 5 }, [bytes(3, 5), z(2)]);
  await settled();
  assert.equal(state.isStale, false);
  commands.setInterpolation(1, false);
  commands.undo();
  commands.undo();
  assert.equal(state.get("interpolation"), 0.6);
  assert.equal(tokensOf(state.clipAt(1, 1))[0], before);
  assert.deepEqual(model.sent.slice(1).map(({ name, body }) => [name, body.interpolation]), [["restore", 0.3], ["restore", 0.6]]);
});

test("an interpolation set from Python can be undone", () => {
  const { model, state, history, commands } = openSession({ has_prior: true, interpolation: 0.6 });
  model.fromPython({ interpolation: 0.2 });
  model.fromPython({ cells: bytes(3, 9), corner_z: z(2), norm_percentiles: [] });
  assert.equal(tokensOf(state.clipAt(1, 1))[0], 9);
  assert.equal(history.canUndo, true);
  commands.undo();
  assert.equal(state.get("interpolation"), 0.6);
  assert.notEqual(tokensOf(state.clipAt(1, 1))[0], 9);
});

test("edits from a palette with a learned prior leave the blends of one without as they are", () => {
  const edits = { corner_clips: Array(4).fill(KICK_JSON), labels: ["A", "B", "C", "D"], interpolation: 0.2 };
  const [without, withPrior] = [false, true].map((has_prior) => openSession({ has_prior }));
  without.commands.restoreEdits(edits);
  withPrior.commands.restoreEdits(edits);
  assert.equal(without.state.get("interpolation"), "lerp");
  assert.equal(withPrior.state.get("interpolation"), 0.2);
});

test("a slider says in words where it stands", () => {
  assert.deepEqual([0, 0.4, 1].map(describeBlend), ["smooth", "40 % from smooth to musical", "musical"]);
});
