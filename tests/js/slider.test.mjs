// An interpolation slider without a view: its place, its steps, the cross-fade beside it, and what is asked of Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { pathOrigin, turnEnd } from "../../latentpalette/widgets/static/audio/pathorder.js";
import { clipFromJson, clipToJson } from "../../latentpalette/widgets/static/state/clip.js";
import { crossfadeClip, crossfadeParts } from "../../latentpalette/widgets/static/state/crossfade.js";
import { compareWithEnds } from "../../latentpalette/widgets/static/state/difference.js";
import { chooseEvenPlaces, noteChanges } from "../../latentpalette/widgets/static/state/evensteps.js";
import { createExactPlaces } from "../../latentpalette/widgets/static/state/exactplaces.js";
import { placeOfTurn, turnAt, turnSteps, turnsOneWay } from "../../latentpalette/widgets/static/state/ride.js";
import { openSlider } from "../../latentpalette/widgets/static/state/slidersession.js";
import { formatBetween, formatMix, formatPercent, formatPlace } from "../../latentpalette/widgets/static/view/slider/words.js";
import { InstrumentModel } from "./fakemodel.mjs";
import { clipBytes, clipJson, tokensOf } from "./helpers.mjs";
import { manualTimers, settled } from "./opensession.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
const kicks = (count) => clipJson(Array.from({ length: 32 }, (_, step) => (step < count ? 1 : 0)));
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
// At place k of 33 there are k kicks, none at A.
const WAY = clipBytes(Array.from({ length: 33 }, (_, place) => kicks(place)));

class SliderModel extends InstrumentModel {
  constructor(changes = {}) {
    super({
      widget_id: String(Math.random()),
      end_clips: [kicks(0), kicks(32)],
      labels: ["one", "other"],
      left_out: [[], []],
      interpolation: "slerp",
      use_original_ends: true,
      t: 0.5,
      n: 5,
      snap: false,
      even_steps: false,
      plays: "model",
      autoplay: false,
      autoplay_bars: 8,
      tiles: WAY,
      volumes: [1],
      sounds: [""],
      ...changes,
    });
  }
}

function open(changes) {
  const model = new SliderModel(changes);
  const { session, close } = openSlider(model);
  const count = (t) => session.clipAt(t).notes.length;
  return { model, session, close, count };
}

// --- music ----------------------------------------------------------------------------------------------------------

for (const { t, notes } of read("crossfade").cases) {
  test(`notes are mixed as Python mixes them: ${t}`, () => {
    const [a, b] = ["a", "b"].map((end) => clipFromJson(read("crossfade")[end]));
    const mixed = clipToJson(crossfadeClip(a, b, t)).notes;
    assert.deepEqual(mixed.map((note) => note.toSpliced(4, 1)), notes.map((note) => note.toSpliced(4, 1)));
    mixed.forEach((note, index) => assert.ok(Math.abs(note[4] - notes[index][4]) < 0.003));
  });
}

test("of a cross-fade the notes of both are apart from those of one", () => {
  const [a, b] = [[0, 4], [4, 8]].map((steps) => clipFromJson({ steps: 16, notes: steps.map((step) => [step, 36, 1, 100, 0, 0]) }));
  const parts = crossfadeParts(a, b, 0.25);
  const places = (notes) => notes.map(({ step, velocity }) => [step, velocity]);
  assert.deepEqual([places(parts.a), places(parts.both), places(parts.b)], [[[0, 75]], [[4, 100]], [[8, 25]]]);
});

test("even steps are chosen as Python chooses them", () => {
  for (const { changes, n, places } of read("even_steps")) assert.deepEqual(chooseEvenPlaces(changes, n), places);
});

test("changes count notes by step, pitch and kind", () => {
  const note = (step, stream) => [step, 40, 1, 100, 0, stream];
  const clips = [[note(0, 0)], [note(0, 1)], [note(4, 0)]].map((notes) => clipFromJson({ steps: 16, notes }));
  const streams = [{ is_drum: false }, { is_drum: false }];
  assert.deepEqual(noteChanges(clips, streams), [[0, 0, 2], [0, 0, 2], [2, 2, 0]]);
});

test("between two ends notes stay, come, are in neither, or have gone", () => {
  const [a, b, now] = [[0, 1, 2], [2, 3], [0, 2, 3, 5]].map((steps) => clipFromJson({ steps: 16, notes: steps.map((step) => [step, 36, 1, 90, 0, 0]) }));
  const steps = Object.fromEntries(Object.entries(compareWithEnds(a, b, now)).map(([kind, notes]) => [kind, notes.map(({ step }) => step)]));
  assert.deepEqual(steps, { stay: [0, 2], come: [3], own: [5], gone: [1] });
  assert.equal(formatBetween(compareWithEnds(a, b, now)), "2 notes of A stay, 1 of B has come, 1 is in neither, 1 of A has gone");
});

test("places are said in shares", () => {
  assert.equal(formatPlace(0.38), "A .62 · B .38");
  assert.equal(formatPercent(0.38), "A 62 % · B 38 %");
  assert.equal(formatMix({ a: [1], b: [], both: [1, 2] }), "1 note of A alone, 0 of B alone, 2 of both");
});

// --- the slider -----------------------------------------------------------------------------------------------------

test("between the places of the row the nearest plays, until the exact one has come", async () => {
  const timers = manualTimers();
  const asked = [];
  const arrived = [];
  const request = (t) => {
    asked.push(t);
    return Promise.resolve({ body: {}, buffers: [view(clipBytes([kicks(9)]))] });
  };
  const exact = createExactPlaces({ request, rowKey: () => "row", canAsk: () => true, isQuick: () => false, onPlace: (t) => arrived.push(t), onError: assert.fail, timers });
  for (const t of [0.1, 0.2, 0.3]) exact.want(t); // a drag
  timers.fire(90);
  await settled();
  assert.deepEqual([asked, arrived], [[0.3], [0.3]]);
  assert.equal(exact.get(0.3).notes.length, 9);
  exact.want(0.3);
  assert.deepEqual(timers.delays.filter((delay) => delay === 90), []);
  exact.dispose();
});

test("where the page decodes, each place is asked for at once", () => {
  const asked = [];
  const request = (t) => (asked.push(t), new Promise(() => {}));
  const always = () => true;
  const exact = createExactPlaces({ request, rowKey: () => "row", canAsk: always, isQuick: always, onPlace() {}, onError: assert.fail, timers: manualTimers() });
  for (const t of [0.1, 0.2, 0.3]) exact.want(t);
  assert.deepEqual(asked, [0.1, 0.2, 0.3]);
  exact.dispose();
});

test("a place that came for other ends is not shown", async () => {
  const timers = manualTimers();
  let key = "row";
  const request = async () => ({ body: {}, buffers: [view(clipBytes([kicks(9)]))] });
  const exact = createExactPlaces({ request, rowKey: () => key, canAsk: () => true, isQuick: () => false, onPlace: assert.fail, onError: assert.fail, timers });
  exact.want(0.3);
  timers.fire(90);
  key = "another row";
  await settled();
  assert.equal(exact.get(0.3), undefined);
  exact.dispose();
});

test("without Python the nearest place of the row plays", () => {
  const { session, count, close } = open({ has_kernel: false });
  assert.deepEqual([0, 0.02, 0.26, 0.5, 1].map(count), [0, 1, 8, 16, 32]);
  assert.deepEqual([session.isExact(0.25), session.isExact(0.26)], [true, false]);
  close();
});

test("the ends are as written, unless their reconstructions are asked for", () => {
  const { model, count, close } = open({ end_clips: [kicks(3), kicks(7)] });
  assert.deepEqual([count(0), count(1)], [3, 7]);
  model.set("use_original_ends", false);
  assert.deepEqual([count(0), count(1)], [0, 32]);
  close();
});

test("steps are even places, or places between which the music changes evenly", () => {
  const late = clipBytes(Array.from({ length: 33 }, (_, place) => kicks(Math.max(0, place - 16))));
  const { session, close } = open({ tiles: late });
  assert.deepEqual(session.steps(), [0, 0.25, 0.5, 0.75, 1]);
  session.commands.change({ even_steps: true });
  const changes = session.steps().map((t) => Math.round(32 * t));
  assert.deepEqual(changes.slice(1).map((place) => Math.max(0, place - 16)), [4, 8, 12, 16]);
  close();
});

test("keys move by steps, and a little", () => {
  const { model, session, close } = open({ t: 0.3 });
  session.actions.step(1);
  assert.equal(model.get("t"), 0.5);
  session.actions.step(-1);
  session.actions.nudge(-1);
  assert.equal(model.get("t"), 0.24);
  for (const _ of [1, 2, 3]) session.actions.step(-1);
  assert.equal(model.get("t"), 0);
  close();
});

test("a slider that snaps stands on steps, and with a fine move anywhere", () => {
  const { model, session, close } = open({ snap: true });
  session.actions.drag(0.6501, { isFurther: false, isFine: false });
  assert.equal(model.get("t"), 0.75);
  session.actions.drag(0.6501, { isFurther: false, isFine: true });
  assert.equal(model.get("t"), 0.65);
  session.actions.drag(NaN, { isFurther: false, isFine: true });
  session.actions.drag(7, { isFurther: false, isFine: true });
  assert.equal(model.get("t"), 1);
  close();
});

test("a drag is undone as one", () => {
  const { model, session, close } = open();
  for (const t of [0.6, 0.7, 0.8]) session.actions.drag(t, { isFurther: t > 0.6, isFine: false });
  session.commands.undo();
  assert.equal(model.get("t"), 0.5);
  assert.ok(!session.history.canUndo);
  close();
});

test("other ends are requested, and the last way stays until theirs comes", async () => {
  const { model, session, count, close } = open({ t: 0.25 });
  session.ends.put(1, kicks(5), "five");
  await settled();
  assert.deepEqual(model.sent.map(({ name }) => name), ["decode"]);
  assert.equal(count(0.25), 8);
  assert.ok(session.rows.isStale);
  const way = clipBytes(Array.from({ length: 33 }, () => kicks(5)));
  model.emit("msg:custom", { type: "response", id: model.sent[0].id, ok: true, body: {} }, [view(way)]);
  await settled();
  assert.equal(count(0.25), 5);
  close();
});

test("what sounds is swapped without a step of the history", () => {
  const { model, session, close } = open();
  session.actions.swap();
  assert.equal(model.get("plays"), "crossfade");
  assert.ok(!session.history.canUndo);
  assert.deepEqual(session.audible(), { plays: "crossfade", t: 0.5 });
  assert.equal(tokensOf(session.clipAt(0.5))[0], 1);
  close();
});

// --- to and fro -----------------------------------------------------------------------------------------------------

test("a ride goes to B and back in the bars that it has", () => {
  const turn = turnSteps("step", 32);
  const oneWay = turnsOneWay(2, turn);
  assert.deepEqual([turn, oneWay], [4, 8]);
  assert.deepEqual([0, 4, 8, 12, 15].map((index) => placeOfTurn(index, oneWay)), [0, 0.5, 1, 0.5, 0.125]);
  assert.equal(turnsOneWay(1, turnSteps("loop", 256)), 1);
});

test("a ride goes on from where the slider stands, the way that it went", () => {
  assert.deepEqual([turnAt(0.25, 8, false), turnAt(0.25, 8, true), turnAt(1, 8, true), turnAt(0, 8, true)], [2, 14, 8, 0]);
});

test("turns of a beat begin with a beat, not with the loop", () => {
  assert.deepEqual([pathOrigin(33, 256, 0.25), pathOrigin(35, 256, 0.25)], [32, 36]);
  assert.deepEqual([turnEnd(32, 0.25, 33), turnEnd(32, 0.25, 37)], [36, 40]);
});

test("a place where the slider only passes is no state of the history", async () => {
  const { model, session, close } = open();
  const before = session.versions.list.length;
  for (const t of [0.1, 0.2, 0.3]) model.set("t", t);
  await settled();
  assert.equal(session.versions.list.length, before);
  close();
});
