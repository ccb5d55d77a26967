// A groove panel without a view: the feel, taps, and what is asked of Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { clipFromJson } from "../../latentpalette/widgets/static/state/clip.js";
import { fits } from "../../latentpalette/widgets/static/state/checkvalues.js";
import { applyFeel, feltHits, swungPlace } from "../../latentpalette/widgets/static/state/feel.js";
import { openGroove } from "../../latentpalette/widgets/static/state/groovesession.js";
import { quantizeTaps, tapPosition } from "../../latentpalette/widgets/static/state/taps.js";
import { formatFeel } from "../../latentpalette/widgets/static/view/groove/groovestatus.js";
import { InstrumentModel } from "./fakemodel.mjs";
import { clipJson } from "./helpers.mjs";
import { settled } from "./opensession.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/feel.json", import.meta.url), "utf8"));
const [written, played] = [vectors.written, vectors.played].map(clipFromJson);
const near = (one, other) => Math.abs(one - other) < 6e-5;

for (const { hits, ...feel } of vectors.cases) {
  test(`hits are placed as Python places them: ${JSON.stringify(feel)}`, () => {
    feltHits(written, played, feel).forEach(({ step, offset, velocity }, index) => {
      assert.deepEqual([step, velocity], [hits[index][0], hits[index][2]]);
      assert.ok(near(offset, hits[index][1]), `${offset} is not ${hits[index][1]}`);
    });
  });
}

test("nothing of the drummer is the loop as written, all of it is as played", () => {
  const none = applyFeel(written, played, { timing: 0, velocity: 0, swing: 0, swing_of: "sixteenths" });
  none.notes.forEach((note, index) => {
    const own = written.notes[index];
    assert.deepEqual([note.step, note.pitch, note.velocity], [own.step, own.pitch, own.velocity]);
    assert.ok(near(note.offset, own.offset));
  });
  const all = applyFeel(written, played, { timing: 1, velocity: 1, swing: 0, swing_of: "sixteenths" });
  for (const hit of played.notes) assert.ok(all.notes.some((note) => note.step === hit.step && note.velocity === hit.velocity));
});

test("a triplet swing moves the second eighth to two thirds of the beat", () => {
  const { step, offset } = swungPlace({ step: 2, offset: 0 }, 32, { swing: 2 / 3, swing_of: "eighths" });
  assert.equal(step, 3);
  assert.ok(near(step + offset, 8 / 3));
});

test("a tap lies where it was, less what it is late by", () => {
  assert.equal(tapPosition(10, { age: 0, latency: 0, stepSeconds: 0.125 }), 10);
  assert.equal(tapPosition(10, { age: 25, latency: 100, stepSeconds: 0.125 }), 9);
});

test("taps become steps and offsets of the loop; of two in a step the nearer counts", () => {
  assert.deepEqual(quantizeTaps([0.1, 4.2, 3.9, 31.8, 36.05], 32), [[0, 0.1], [4, 0.05]]);
  assert.deepEqual(quantizeTaps([], 32), []);
  assert.deepEqual(quantizeTaps([-0.25], 16), [[0, -0.25]]);
});

test("the feel is said in milliseconds and velocities", () => {
  assert.equal(formatFeel({ notes: [] }, { notes: [] }, 120), "silence");
  const note = (offset, velocity) => ({ step: 0, offset, velocity });
  assert.equal(formatFeel({ notes: [note(0, 80)] }, { notes: [note(0, 80)] }, 120), "1 hit · on the grid · velocity 80");
  assert.equal(
    formatFeel({ notes: [note(0, 80), note(0, 80)] }, { notes: [note(-0.08, 20), note(-0.16, 110)] }, 120),
    "2 hits · 15 ms early on average, up to 20 · velocity 20 to 110",
  );
});

const LOOP = clipJson(Array.from({ length: 32 }, (_, step) => (step % 8 ? 0 : 1)));

class PanelModel extends InstrumentModel {
  constructor(changes = {}) {
    super({
      widget_id: String(Math.random()),
      written_clip: LOOP,
      played_clip: LOOP,
      label: "Loop",
      left_out: [],
      source_id: "",
      taps: [],
      timing: 1,
      velocity: 1,
      swing: 0,
      swing_of: "sixteenths",
      plays: "played",
      spread: 0,
      seed: 1,
      tap_latency: 0,
      tap_bars: 2,
      ...changes,
    });
  }
  answer(message, content) {
    this.emit("msg:custom", { type: "response", id: message.id, ...content }, []);
  }
}

test("another drummer is asked for with the loop, and undone as one", async () => {
  const model = new PanelModel();
  const { session, close } = openGroove(model);
  const asked = session.actions.humanize(1.5, 7);
  assert.equal(session.asking(), "another drummer");
  assert.deepEqual(model.sent.map(({ name, body }) => [name, body.spread, body.seed]), [["humanize", 1.5, 7]]);
  const other = clipJson(Array(32).fill(2));
  model.answer(model.sent[0], { ok: true, body: { played_clip: other } });
  await asked;
  assert.deepEqual([model.get("played_clip"), model.get("spread"), model.get("seed")], [other, 1.5, 7]);
  session.commands.undo();
  assert.deepEqual([model.get("played_clip"), model.get("seed")], [LOOP, 1]);
  close();
});

test("an answer that fails is shown, and the loop stays", async () => {
  const model = new PanelModel();
  const { session, close } = openGroove(model);
  const asked = session.actions.addHats(0.8, 1);
  model.answer(model.sent[0], { ok: false, error: "no hats today" });
  await asked;
  assert.equal(session.error, "no hats today");
  assert.equal(model.get("label"), "Loop");
  assert.equal(session.asking(), "");
  close();
});

test("while one thing is asked for nothing else is", () => {
  const model = new PanelModel();
  const { session, close } = openGroove(model);
  void session.actions.addHats(0.8, 1);
  void session.actions.humanize(1, 2);
  assert.deepEqual(model.sent.map(({ name }) => name), ["hats"]);
  close();
});

test("the feel changes at once, and a slider's way is undone as one", () => {
  const model = new PanelModel();
  const { session, close } = openGroove(model);
  session.actions.setFeel({ swing: 0.5 });
  session.actions.setFeel({ swing: 1 }, true);
  assert.deepEqual(model.sent, []);
  assert.equal(session.feel().swing, 1);
  session.commands.undo();
  assert.equal(session.feel().swing, 0);
  close();
});

test("A is the loop as written, B as played", () => {
  const model = new PanelModel({ played_clip: { steps: 32, notes: LOOP.notes.map(([step, pitch, length]) => [step, pitch, length, 33, 0.2, 0]) } });
  const { session, close } = openGroove(model);
  assert.equal(session.clip().notes[0].velocity, 33);
  model.set("plays", "written");
  assert.equal(session.clip().notes[0].velocity, 100);
  close();
});

test("taps count while the click plays, and stop with it", async () => {
  const model = new PanelModel();
  const { session, close } = openGroove(model);
  session.actions.toggleTapping();
  assert.ok(session.isTapping() && model.get("playing"));
  model.set("playing", false);
  await settled();
  assert.ok(!session.isTapping());
  close();
});

test("of a file or an earlier visit only what a panel can have is taken", () => {
  const model = new PanelModel();
  const { session, close } = openGroove(model);
  const fitting = {
    written_clip: clipJson(Array(48).fill(1)),
    left_out: ["3 notes of other instruments: kept as written in what you save"],
    source_id: "0f",
    timing: 2,
    swing_of: "eighths",
    taps: [[4, -0.2]],
  };
  for (const [name, value] of Object.entries(fitting)) assert.ok(fits(name, value, session.state), name);
  const wrong = {
    written_clip: clipJson(Array(40).fill(1)), // two bars and a half
    left_out: [["of a corner"]],
    source_id: 0,
    timing: 3,
    swing_of: "quarters",
    taps: [4],
  };
  for (const [name, value] of Object.entries(wrong)) assert.ok(!fits(name, value, session.state), name);
  close();
});
