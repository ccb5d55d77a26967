// The row of a slow model: what is heard first is there first, and the rest is asked for part by part.

import assert from "node:assert/strict";
import { test } from "node:test";

import { openMixer } from "../../latentpalette/widgets/static/state/mixersession.js";
import { openSlider } from "../../latentpalette/widgets/static/state/slidersession.js";
import { InstrumentModel } from "./fakemodel.mjs";
import { clipBytes, clipJson, tokensOf } from "./helpers.mjs";
import { settled } from "./opensession.mjs";

const loop = (token) => (token ? clipJson(Array.from({ length: 32 }, (_, step) => (step % 8 ? 0 : token))) : { steps: 0, notes: [] });
const row = (...tokens) => clipBytes(tokens.map(loop)); // 0: not decoded yet
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const ENDS = { end_clips: [loop(1), loop(8)], labels: ["one", "other"], left_out: [[], []], interpolation: "slerp", use_original_ends: true };

function openRow(traits) {
  const own = { n: 5, even_steps: false, tile: 0, plays: "tile", row_mode: "loop", tiles: row(1, 0, 4, 0, 8), progress: [3, 5] };
  const model = new InstrumentModel({ widget_id: String(Math.random()), ...ENDS, ...own, ...traits });
  const { session, close } = openMixer(model);
  const last = () => model.sent[model.sent.length - 1];
  return {
    model,
    session,
    close,
    kicks: () => session.clips().map((clip) => clip && tokensOf(clip)[0]),
    asked: () => last().body.indices,
    async respond(indices, tokens, progress) {
      model.respond(last(), { indices, progress }, [view(row(...tokens))]);
      await settled();
    },
  };
}

test("steps that are missing are asked for until all are there, those near the chosen one first", async () => {
  const { model, session, kicks, asked, respond, close } = openRow({ tile: 4 });
  await settled();
  assert.deepEqual([kicks(), session.rows.progress], [[1, null, 4, null, 8], [3, 5]]);
  assert.deepEqual(asked(), [3, 1]);
  await respond([3], [6], [4, 5]);
  assert.deepEqual([kicks(), asked()], [[1, null, 4, 6, 8], [1]]);
  await respond([1], [2], [5, 5]);
  assert.deepEqual([kicks(), session.rows.progress], [[1, 2, 4, 6, 8], null]);
  assert.equal(model.sent.length, 2);
  close();
});

test("while a row is filled in it goes on as one, and the nearest step plays for one that is missing", async () => {
  const { model, session, respond, close } = openRow({ plays: "row" });
  await settled();
  const { shown } = session.rows;
  assert.deepEqual(tokensOf(session.rows.nearest(3))[0], 4);
  await respond([1, 3], [2, 6], [5, 5]);
  assert.equal(session.rows.shown, shown);
  assert.deepEqual(tokensOf(session.rows.nearest(3))[0], 6);
  assert.equal(model.sent.length, 1);
  close();
});

test("even steps take their places when all are decoded that they are chosen among", async () => {
  const { session, kicks, asked, respond, close } = openRow({ even_steps: true, tiles: row(1, 3, 4, 5, 8), progress: [5, 17] });
  await settled();
  assert.deepEqual([asked(), session.rows.progress], [[], [5, 17]]);
  await respond([], [], [12, 17]);
  assert.deepEqual([kicks(), session.rows.progress], [[1, 3, 4, 5, 8], [12, 17]]);
  await respond([0, 1, 2, 3, 4], [1, 2, 4, 6, 8], [17, 17]);
  assert.deepEqual([kicks(), session.rows.progress], [[1, 2, 4, 6, 8], null]);
  close();
});

test("a newer row drops the parts of the older one that are on their way", async () => {
  const { model, session, kicks, close } = openRow();
  await settled();
  const [older] = model.sent;
  session.actions.setN(3);
  await settled();
  model.respond(model.sent[1], { progress: [2, 3] }, [view(row(1, 0, 8))]);
  await settled();
  model.respond(older, { indices: [1, 3], progress: [5, 5] }, [view(row(2, 6))]);
  await settled();
  assert.deepEqual(kicks(), [1, null, 8]);
  assert.deepEqual(model.sent[2].body.indices, [1]);
  close();
});

test("a response without anything new is the last one", async () => {
  const { model, respond, close } = openRow();
  await settled();
  await respond([], [], [3, 5]);
  assert.equal(model.sent.length, 1);
  close();
});

test("a slider plays the nearest place that is there, and steps evenly once all are", async () => {
  const tokens = Array.from({ length: 33 }, (_, place) => (place % 8 ? 0 : 1 + place / 8));
  const own = { t: 0.5, n: 5, snap: false, even_steps: true, plays: "model", autoplay: false, autoplay_bars: 8, tiles: row(...tokens), progress: [5, 33] };
  const model = new InstrumentModel({ widget_id: String(Math.random()), ...ENDS, ...own, volumes: [1], sounds: [""] });
  const { session, close } = openSlider(model);
  await settled();
  assert.deepEqual(model.sent[0].body.indices.slice(0, 2).sort(), [15, 17]);
  assert.equal(tokensOf(session.clipAt(9 / 32))[0], 2);
  assert.ok(session.isExact(0.5) && !session.isExact(9 / 32));
  assert.deepEqual(session.steps(), [0, 0.25, 0.5, 0.75, 1]);
  assert.ok(session.changes().includes(null));
  const { indices } = model.sent[0].body;
  model.respond(model.sent[0], { indices, progress: [33, 33] }, [view(row(...indices.map((place) => (place < 24 ? 1 : 4))))]);
  await settled();
  assert.ok(!session.changes().includes(null));
  assert.equal(session.rows.progress, null);
  assert.ok(session.isExact(9 / 32));
  close();
});
