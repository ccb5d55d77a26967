// The tiles of a sampler in the browser: what is asked of Python, and what undo brings back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatAttribute, formatRange } from "../../latentpalette/widgets/static/state/attributes.js";
import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { compareClips, countChanges } from "../../latentpalette/widgets/static/state/difference.js";
import { openSampler } from "../../latentpalette/widgets/static/state/samplersession.js";
import { tileColumns } from "../../latentpalette/widgets/static/view/tileboard.js";
import { NAMES, PITCHES, STREAMS, clipBytes, clipJson, kitBytes } from "./helpers.mjs";

const ATTRIBUTES = [{ name: "hits", kind: "count" }, { name: "syncopation", kind: "share" }];
const kicks = (count) => clipJson(Array.from({ length: 32 }, (_, step) => (step < count ? 1 : 0)));
const answer = (...counts) => clipBytes(counts.map((count) => (count === null ? null : kicks(count))));
const settled = () => new Promise((resolve) => setImmediate(resolve));

class SamplerModel extends MemoryModel {
  sent = [];
  send(message) {
    this.sent.push(message);
  }
  respond(body, ...clips) {
    this.emit("msg:custom", { type: "response", id: this.sent.at(-1).id, ok: true, body }, [answer(...clips)]);
    return settled();
  }
}

let ids = 0;
function open(changes = {}) {
  const model = new SamplerModel({
    widget_id: `sampler ${ids++}`,
    clips: answer(1, 2, 3),
    labels: ["seed 7, no. 1", "seed 7, no. 2", "seed 7, no. 3"],
    values: [[1, 0], [2, 0], [3, 0]],
    stars: [false, true, false],
    tile: 0,
    temperature: 0.8,
    seed: 7,
    best_of: 1,
    conditions: {},
    ranges: {},
    tried: 3,
    found: 3,
    last_seed: 7,
    attributes: ATTRIBUTES,
    qpm: 120,
    has_kernel: true,
    playing: false,
    streams: STREAMS,
    lanes: NAMES.map((name, drum) => ({ name, stream: 0, pitches: [PITCHES[drum]] })),
    mutes: Array(9).fill(false),
    locks: Array(9).fill(null),
    accents: [],
    kit: new DataView(kitBytes([[0]]).buffer),
    kit_index: [],
    kit_rate: 44100,
    ...changes,
  });
  const { session } = openSampler(model);
  const counts = () => Array.from({ length: session.tiles.count }, (_, index) => session.tiles.at(index).clip?.notes.length ?? null);
  return { ...session, model, session, counts };
}

test("a roll asks for as many samples as tiles have no star, and puts them there", async () => {
  const { model, tiles, counts } = open();
  tiles.rollFree();
  const { name, body } = model.sent[0];
  assert.equal(name, "draw");
  assert.deepEqual(body, { count: 2, start: 0, seed: 8, temperature: 0.8, best_of: 1, conditions: {}, chords: [], ranges: {} });
  assert.deepEqual([0, 1, 2].map((index) => tiles.at(index).isWaiting), [true, false, true]);
  await model.respond({ values: [[5, 0], [6, 0]], found: 2, tried: 2 }, 5, 6);
  assert.deepEqual(counts(), [5, 2, 6]);
  assert.deepEqual(model.get("labels"), ["seed 8, no. 1", "seed 7, no. 2", "seed 8, no. 2"]);
  assert.equal(model.get("seed"), 8);
});

test("more tiles are rolled, fewer lose the last ones, and undo brings back what there was", async () => {
  const { model, tiles, commands, counts } = open();
  tiles.setCount(5);
  assert.deepEqual(model.sent[0].body.count, 2);
  await model.respond({ values: [[5, 0], [6, 0]], found: 2, tried: 2 }, 5, 6);
  assert.deepEqual(counts(), [1, 2, 3, 5, 6]);
  assert.deepEqual(model.get("stars"), [false, true, false, false, false]);
  model.set("tile", 4);
  tiles.setCount(2);
  assert.deepEqual(counts(), [1, 2]);
  assert.deepEqual([model.get("labels").length, model.get("values").length, model.get("tile")], [2, 2, 1]);
  commands.undo();
  commands.undo();
  assert.deepEqual(counts(), [1, 2, 3]);
  assert.deepEqual(model.get("stars"), [false, true, false]);
});

test("without Python there can be fewer tiles, but not more", () => {
  const { session, tiles, counts } = open({ has_kernel: false });
  tiles.setCount(4);
  assert.match(session.error, /More tiles need Python/);
  tiles.setCount(1);
  assert.deepEqual(counts(), [1]);
});

test("a clip that is put into a tile is measured first", async () => {
  const { model, tiles, counts } = open();
  const done = tiles.take(1, { clip: { steps: 32, notes: [[0, 36, 1, 90, 0, 0]] }, label: "Mine" });
  assert.deepEqual([model.sent[0].name, model.sent[0].body.clip.notes.length], ["measure", 1]);
  await model.respond({ values: [1, 0.5] });
  await done;
  assert.deepEqual([counts(), model.get("labels")[1], model.get("values")[1]], [[1, 1, 3], "Mine", [1, 0.5]]);
});

test("undo brings the tiles back with their seed, and redo the roll", async () => {
  const { model, tiles, commands, counts } = open();
  tiles.rollFree();
  await model.respond({ values: [[5, 0], [6, 0]], found: 2, tried: 2 }, 5, 6);
  commands.undo();
  assert.deepEqual([counts(), model.get("seed"), model.get("labels")[0]], [[1, 2, 3], 7, "seed 7, no. 1"]);
  commands.redo();
  assert.deepEqual([counts(), model.get("seed")], [[5, 2, 6], 8]);
});

test("a star is undone as well", () => {
  const { tiles, commands } = open();
  tiles.toggleStar(0);
  assert.deepEqual(tiles.starred, [0, 1]);
  commands.undo();
  assert.deepEqual(tiles.starred, [1]);
});

test("one tile is rolled with the next seed, and that of the others stays", async () => {
  const { model, tiles, counts } = open();
  tiles.rollOne(1);
  assert.equal(model.sent[0].body.seed, 8);
  await model.respond({ values: [[9, 0]], found: 1, tried: 1 }, 9);
  assert.deepEqual([counts(), model.get("seed"), model.get("last_seed")], [[1, 9, 3], 7, 8]);
});

test("of rolls that follow closely the latest counts, for the tiles of all", async () => {
  const { model, tiles, counts } = open();
  tiles.rollOne(0);
  tiles.rollOne(2);
  assert.equal(model.sent.length, 1);
  await model.respond({ values: [[9, 0]], found: 1, tried: 1 }, 9);
  assert.deepEqual(counts(), [1, 2, 3]); // overtaken
  assert.equal(model.sent[1].body.count, 2);
  await model.respond({ values: [[4, 0], [5, 0]], found: 2, tried: 2 }, 4, 5);
  assert.deepEqual(counts(), [4, 2, 5]);
});

test("ranges leave the tiles that lie inside, and batches go on until all are found", async () => {
  const { model, tiles, counts, commands } = open();
  tiles.ask({ hits: [3, 9] });
  assert.deepEqual([model.sent[0].body.count, model.sent[0].body.ranges], [1, { hits: [3, 9] }]);
  await model.respond({ values: [], found: 0, tried: 64, more: true });
  assert.deepEqual(counts(), [1, 2, 3]); // a tile keeps what it has until another is found
  assert.equal(model.sent[1].body.start, 64);
  await model.respond({ values: [[4, 0]], found: 1, tried: 10, more: true }, 4);
  assert.deepEqual([counts(), model.get("tried"), model.sent.length], [[4, 2, 3], 74, 2]);
  commands.undo(); // all batches are one change
  assert.deepEqual([counts(), model.get("ranges")], [[1, 2, 3], {}]);
});

test("a tile is empty once all samples were tried and none was inside", async () => {
  const { model, tiles, counts } = open();
  tiles.ask({ hits: [3, 9] });
  await model.respond({ values: [], found: 0, tried: 64, more: true });
  await model.respond({ values: [], found: 0, tried: 64, more: false });
  assert.deepEqual([counts(), model.get("labels")[0], model.sent.length], [[null, 2, 3], "", 2]);
  assert.equal(tiles.at(0).isWaiting, false);
});

test("a roll within ranges that is undone goes no further", async () => {
  const { model, tiles, commands, counts } = open();
  tiles.ask({ hits: [3, 9] });
  await model.respond({ values: [], found: 0, tried: 64, more: true });
  commands.undo();
  await model.respond({ values: [[4, 0]], found: 1, tried: 10, more: true }, 4);
  assert.deepEqual([counts(), model.get("ranges"), model.sent.length], [[1, 2, 3], {}, 2]);
});

test("of a slow model what plays comes first, and the others follow", async () => {
  const { model, tiles, counts } = open({ tile: 2 });
  tiles.rollFree();
  assert.deepEqual([model.sent[0].body.start, model.sent[0].body.count], [1, 1]);
  await model.respond({ values: [[6, 0]], found: 1, tried: 1, more: false }, 6);
  assert.deepEqual(counts(), [null, 2, 6]);
  assert.deepEqual([0, 1, 2].map((index) => tiles.at(index).isWaiting), [true, false, false]);
  assert.deepEqual([tiles.numAwaited, tiles.isRolling, model.get("labels")[0]], [1, true, "seed 8, no. 1"]);
  assert.deepEqual([model.sent[1].body.start, model.sent[1].body.count, model.sent[1].body.seed], [0, 1, 8]);
  await model.respond({ values: [[5, 0]], found: 1, tried: 1, more: false }, 5);
  assert.deepEqual([counts(), model.get("values")[0], tiles.isRolling], [[5, 2, 6], [5, 0], false]);
});

test("tiles that are not there yet are asked for when the sampler is opened, the chosen one first", async () => {
  const labels = ["seed 7, no. 1", "seed 7, no. 2", "seed 7, no. 3"];
  const { model, counts } = open({ clips: answer(1, null, null), values: [[1, 0], [], []], labels, tile: 2 });
  assert.deepEqual([model.sent[0].body.start, model.sent[0].body.count], [2, 1]);
  await model.respond({ values: [[4, 0]], found: 1, tried: 1, more: false }, 4);
  assert.deepEqual([model.sent[1].body.start, model.sent[1].body.count], [1, 1]);
  await model.respond({ values: [[3, 0]], found: 1, tried: 1, more: false }, 3);
  assert.deepEqual([counts(), model.sent.length], [[1, 3, 4], 2]);
});

test("another roll drops what is on the way", async () => {
  const { model, tiles, counts } = open({ stars: [false, false, false] });
  tiles.rollFree();
  await model.respond({ values: [[5, 0]], found: 1, tried: 1, more: false }, 5);
  tiles.redraw({ temperature: 1.5 });
  const [, filling, rolling] = model.sent;
  assert.equal(rolling.body.temperature, 1.5);
  model.emit("msg:custom", { type: "response", id: rolling.id, ok: true, body: { values: [[9, 0]], found: 1 } }, [answer(9)]);
  await settled();
  model.emit("msg:custom", { type: "response", id: filling.id, ok: true, body: { values: [[6, 0], [7, 0]], found: 2 } }, [answer(6, 7)]);
  await settled();
  assert.deepEqual(counts(), [9, null, null]);
  assert.deepEqual([model.sent.at(-1).body.start, model.sent.at(-1).body.temperature], [1, 1.5]);
});

test("undo takes a roll back while its tiles come in, and redo goes on with it", async () => {
  const { model, tiles, commands, counts } = open();
  tiles.rollFree();
  await model.respond({ values: [[5, 0]], found: 1, tried: 1, more: false }, 5);
  commands.undo();
  await model.respond({ values: [[6, 0]], found: 1, tried: 1, more: false }, 6);
  assert.deepEqual([counts(), model.sent.length, tiles.numAwaited], [[1, 2, 3], 2, 0]);
  commands.redo();
  assert.deepEqual(counts(), [5, 2, null]);
  await settled();
  await model.respond({ values: [[6, 0]], found: 1, tried: 1, more: false }, 6);
  assert.deepEqual(counts(), [5, 2, 6]);
  commands.undo();
  assert.deepEqual(counts(), [1, 2, 3]);
});

test("a tile that is not there yet is rolled with the others, whether it has a star or not", async () => {
  const { model, tiles } = open();
  tiles.rollFree();
  await model.respond({ values: [[5, 0]], found: 1, tried: 1, more: false }, 5);
  tiles.toggleStar(2);
  tiles.rollFree();
  assert.equal(model.sent.at(-1).body.count, 2);
});

test("without Python tiles that are not there yet stay away, and say so", () => {
  const labels = ["seed 7, no. 1", "seed 7, no. 2", "seed 7, no. 3"];
  const { model, tiles } = open({ clips: answer(1, null, null), values: [[1, 0], [], []], labels, has_kernel: false });
  assert.deepEqual([model.sent.length, tiles.at(1).isWaiting, tiles.numAwaited], [0, false, 0]);
});

test("without Python a roll says what to do", () => {
  const { model, session, tiles } = open({ has_kernel: false, origin: "" });
  tiles.rollFree();
  assert.equal(session.error, "New tiles need Python: open the sampler in a notebook.");
  assert.equal(model.sent.length, 0);
});

test("where every tile has a star, a roll says so", () => {
  const { session, tiles } = open({ stars: [true, true, true] });
  tiles.rollFree();
  assert.match(session.error, /Every tile has a star/);
});

test("a variation plays instead of its tile, and can take its place", async () => {
  const { model, session, variations, counts } = open();
  void variations.ask(0);
  assert.deepEqual(model.sent[0].body, { tile: 0, count: 6, similarity: 0.85, seed: 0 });
  await model.respond({ values: [[2, 0], [3, 0]], found: 2, tried: 2 }, 2, 3);
  assert.equal(variations.changes, 1.5);
  variations.select(1);
  assert.equal(variations.playing, 1);
  variations.keep();
  assert.deepEqual([counts(), model.get("labels")[0]], [[3, 2, 3], "like tile 1"]);
  assert.equal(variations.playing, null);
  session.commands.undo();
  assert.deepEqual(counts(), [1, 2, 3]);
});

test("notes stay, come and go by step, stream and pitch", () => {
  const note = (step, pitch, velocity = 90) => ({ step, pitch, length: 1, velocity, offset: 0, stream: 0 });
  const clip = (...notes) => ({ steps: 16, notes });
  const { stay, come, gone } = compareClips(clip(note(0, 36), note(4, 38)), clip(note(0, 36, 50), note(4, 40)));
  assert.deepEqual([stay, come, gone], [[note(0, 36, 50)], [note(4, 40)], [note(4, 38)]]);
  assert.equal(countChanges(clip(note(0, 36)), clip()), 1);
});

test("attributes and their ranges are written as they are read", () => {
  const [hits, syncopation] = ATTRIBUTES;
  assert.equal(formatAttribute(hits, 33), "33 hits");
  assert.equal(formatAttribute(syncopation, 0.314), "syncopation .31");
  assert.equal(formatRange(hits, [4, 70], [28, 58]), "28 to 58");
  assert.equal(formatRange(syncopation, [0, 1], [0, 0.4]), "up to .40");
  assert.equal(formatRange(syncopation, [0, 1], undefined), "any");
});

test("tiles stand in a rectangle with few places left free", () => {
  assert.deepEqual([1, 4, 9, 10, 12, 20, 64].map(tileColumns), [2, 2, 3, 5, 4, 5, 8]);
});
