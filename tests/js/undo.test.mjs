// Undo: what of several changes is one step.

import assert from "node:assert/strict";
import test from "node:test";

import { createHistory } from "../../latentpalette/widgets/static/state/history.js";
import { tapTempo, tempoSetter } from "../../latentpalette/widgets/static/view/tempo.js";

// A tempo that is set at times of the test's choosing.
function bench() {
  const history = createHistory();
  let present = { qpm: 120 };
  const change = (values, isFurther = false) => {
    if (!isFurther) history.push(present);
    present = { ...present, ...values };
  };
  const move = (step) => {
    present = step(() => present) ?? present;
  };
  return {
    history,
    change,
    set: (qpm, time) => change({ qpm }, history.continues("tempo", time)),
    undo: () => move(history.undo),
    redo: () => move(history.redo),
    get qpm() {
      return present.qpm;
    },
  };
}

test("a drag is one step, and one after a pause is another", () => {
  const on = bench();
  for (const [qpm, time] of [[121, 0], [124, 300], [130, 900], [90, 2000], [91, 2100]]) on.set(qpm, time);
  on.undo();
  assert.equal(on.qpm, 130);
  on.undo();
  assert.equal(on.qpm, 120);
  assert.ok(!on.history.canUndo);
  on.redo();
  assert.equal(on.qpm, 130);
});

test("another step between two moves, or an undo, ends the drag", () => {
  const on = bench();
  on.set(130, 0);
  on.change({ mutes: [true] });
  on.set(140, 100);
  on.undo();
  assert.equal(on.qpm, 130);
  on.set(150, 200);
  on.undo();
  assert.equal(on.qpm, 130);
});

test("a tempo that is typed is one step of an instrument; the same tempo is none", () => {
  const on = bench();
  const state = { get: () => on.qpm };
  const setTempo = tempoSetter({ state, history: on.history, commands: { change: on.change } });
  setTempo(120);
  assert.ok(!on.history.canUndo);
  for (const qpm of [21, 128, 128]) setTempo(qpm);
  on.undo();
  assert.deepEqual([on.qpm, on.history.canUndo], [120, false]);
  assert.equal(tapTempo([0, 500]), 120);
});
