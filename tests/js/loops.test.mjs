// Latent Loops: scales, sketches and songs as Python has them, and the session: what is heard, kept, moved, undone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { clipFromJson, clipToJson } from "../../latentpalette/widgets/static/state/clip.js";
import { fits } from "../../latentpalette/widgets/static/state/checkvalues.js";
import { openLoops } from "../../latentpalette/widgets/static/state/loopssession.js";
import { SCALES } from "../../latentpalette/widgets/static/state/pitch.js";
import { movePitch, snapPitch } from "../../latentpalette/widgets/static/state/scales.js";
import { redraw, sketchNotes, stroked } from "../../latentpalette/widgets/static/state/sketch.js";
import { moveItem, turnsOf } from "../../latentpalette/widgets/static/state/song.js";
import { InstrumentModel } from "./fakemodel.mjs";
import { clipBytes } from "./helpers.mjs";
import { settled } from "./opensession.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/loops.json", import.meta.url), "utf8"));
const keyOf = ([tonic, scale]) => ({ tonic, scale });
const RANGE = { low: 21, high: 108 };
const brief = (notes) => notes.map(({ step, pitch, length }) => [step, pitch, length]);

test("a pitch is snapped to the nearest of the scale", () => {
  for (const { key, pitches, snapped } of vectors.snapped) {
    assert.deepEqual(pitches.map((pitch) => snapPitch(pitch, keyOf(key))), snapped);
  }
});

test("a pitch is moved by degree", () => {
  for (const { from, to, pitches, moved } of vectors.moved) {
    assert.deepEqual(pitches.map((pitch) => movePitch(pitch, keyOf(from), keyOf(to))), moved);
  }
});

test("a curve snaps to the scale and to steps", () => {
  for (const { key, grid, curve, notes } of vectors.sketches) assert.deepEqual(brief(sketchNotes(curve, keyOf(key), grid)), notes);
});

test("the turns of a place of the song", () => {
  for (const { place, turns } of vectors.turns) {
    assert.deepEqual(turnsOf(place, RANGE).map((clip) => clipToJson(clip).notes), turns);
  }
});

test("the scales are those of Python", () => {
  const python = readFileSync(new URL("../../latentpalette/music/scales.py", import.meta.url), "utf8");
  const names = [...python.matchAll(/^ {4}"([a-z ]+)": \(/gm)].map(([, name]) => name);
  assert.deepEqual(names, Object.keys(SCALES));
});

test("a stroke over part of a melody leaves the rest, and cuts what it meets", () => {
  const clip = clipFromJson({ steps: 8, notes: [[0, 60, 8, 80, 0, 0]] });
  const { curve, from, to } = stroked(Array(8).fill(null), { at: 2.5, height: 67 }, { at: 3.5, height: 67 });
  assert.deepEqual([from, to], [2, 4]);
  assert.deepEqual(brief(redraw(clip, curve, { from, to }, keyOf([0, "major"]), 2).notes), [[0, 60, 2], [2, 67, 2], [4, 60, 4]]);
});

test("a stroke that is level with its neighbors holds them on", () => {
  const clip = clipFromJson({ steps: 8, notes: [[0, 60, 2, 80, 0, 0], [4, 60, 4, 80, 0, 0]] });
  const { curve, from, to } = stroked(Array(8).fill(null), { at: 2, height: 60 }, { at: 3.5, height: 60 });
  assert.deepEqual(brief(redraw(clip, curve, { from, to }, keyOf([0, "major"]), 2).notes), [[0, 60, 8]]);
});

test("a fast stroke leaves no gap", () => {
  const { curve } = stroked(Array(8).fill(null), { at: 7.5, height: 60 }, { at: 0.5, height: 67 });
  assert.ok(curve.every((height) => height !== null));
  assert.ok(curve[0] > curve[7]);
});

test("an item is moved before another", () => {
  assert.deepEqual(moveItem(["a", "b", "c"], 0, 2), ["b", "a", "c"]);
  assert.deepEqual(moveItem(["a", "b", "c"], 2, 0), ["c", "a", "b"]);
});

// --- the session ----------------------------------------------------------------------------------------------------

const loop = (...pitches) => ({ steps: 32, notes: pitches.map((pitch, at) => [4 * at, pitch, 4, 80, 0, 0]) });
const CORNERS = [loop(60, 64), loop(62, 67), loop(69), loop(72)];
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

class LoopsModel extends InstrumentModel {
  constructor(changes = {}) {
    super({
      widget_id: String(Math.random()),
      corner_clips: CORNERS,
      labels: ["A", "B", "C", "D"],
      left_out: [[], [], [], []],
      curves: [[], [], [], []],
      size: 4,
      interpolation: "lerp",
      cell: [0, 0],
      refined: [],
      clips: Array(8).fill(null),
      places: [],
      place: 0,
      tonic: 0,
      scale: "major pentatonic",
      snap_to_scale: true,
      sketch_grid: 2,
      plays: "loop",
      song_mode: "once",
      cells: clipBytes(Array(16).fill(loop(61))),
      lanes: [{ name: "melody", stream: 0, pitches: null }, { name: "drums", stream: 1, pitches: null }],
      streams: [
        { name: "melody", is_drum: false, program: 0, instrument: "Piano", low: 21, high: 108 },
        { name: "drums", is_drum: true, program: 0, instrument: "Standard Kit", low: 36, high: 51 },
      ],
      mutes: [false, false],
      locks: [null, null],
      volumes: [1, 1],
      sounds: ["Piano", "Standard Kit"],
      ...changes,
    });
  }
}

function open(changes) {
  const model = new LoopsModel(changes);
  const { session, close } = openLoops(model);
  return { model, session, close, actions: session.actions, get: (name) => model.get(name) };
}
const pitchesOf = (clip) => clip.notes.map((note) => note.pitch ?? note[1]);
const cell = (row, col) => ({ kind: "cell", row, col });

test("blends are moved into the scale, and corners stay as they are", () => {
  const { session, model, close } = open();
  assert.deepEqual(pitchesOf(session.cellClip(1, 1)), [60]);
  assert.deepEqual(pitchesOf(session.cellClip(0, 3)), [62, 67]);
  model.set("snap_to_scale", false);
  assert.deepEqual(pitchesOf(session.cellClip(1, 1)), [61]);
  close();
});

test("cells that are not decoded yet are asked for, those near the chosen one first, and are heard when they are there", async () => {
  const cells = clipBytes(Array.from({ length: 16 }, (_, index) => ([5, 10].includes(index) ? null : loop(61))));
  const { session, model, close } = open({ cells, cell: [2, 3] });
  await settled();
  assert.deepEqual(model.sent.map(({ name, body }) => [name, body]), [["cells", { indices: [10, 5] }]]);
  assert.equal(session.cellClip(2, 2), null);
  const answer = (index) => {
    const bytes = clipBytes([loop(64)]);
    model.respond(model.sent.at(-1), { indices: [index] }, [new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)]);
    return settled();
  };
  await answer(10);
  assert.deepEqual(pitchesOf(session.cellClip(2, 2)), [64]);
  assert.deepEqual(model.sent.map(({ body }) => body.indices), [[10, 5], [5]]);
  await answer(5);
  assert.equal(model.sent.length, 2);
  close();
});

test("cells of a grid that is no longer shown are dropped, and a new one is filled in", async () => {
  const cells = clipBytes(Array.from({ length: 16 }, (_, index) => (index === 5 ? null : loop(61))));
  const view = (clips) => {
    const bytes = clipBytes(clips);
    return [new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)];
  };
  const { session, model, close } = open({ cells });
  await settled();
  session.commands.change({ size: 5 });
  await settled();
  const [old, decode] = model.sent;
  assert.equal(decode.name, "decode");
  model.respond(decode, {}, view(Array.from({ length: 25 }, (_, index) => (index === 7 ? null : loop(61)))));
  await settled();
  model.respond(old, { indices: [5] }, view([loop(64)]));
  await settled();
  assert.deepEqual(pitchesOf(session.cellClip(1, 0)), [60]);
  assert.deepEqual(model.sent.slice(2).map(({ name, body }) => [name, body]), [["cells", { indices: [7] }]]);
  close();
});

test("what the pointer is over is heard, and then again what is chosen", () => {
  const { session, close } = open();
  session.choose(cell(2, 1));
  session.hover(cell(3, 3));
  assert.deepEqual(session.audible(), cell(3, 3));
  assert.deepEqual(session.focused(), cell(2, 1));
  session.hover(null);
  assert.deepEqual(session.audible(), cell(2, 1));
  close();
});

test("a key moves corners, clipboard and song in one step, which undo takes back", async () => {
  const { session, actions, model, get, close } = open();
  actions.keep(cell(0, 0));
  actions.insert(cell(0, 1 + 2));
  actions.setKey({ tonic: 2, scale: "minor pentatonic" });
  assert.deepEqual(pitchesOf(get("corner_clips")[0]), [62, 65]);
  assert.deepEqual(pitchesOf(get("clips")[0].clip), [62, 65]);
  assert.deepEqual(pitchesOf(get("places")[0].clip), [65, 69]);
  await settled();
  assert.deepEqual(model.sent.map(({ name }) => name), ["decode"]);
  session.commands.undo();
  assert.deepEqual([get("tonic"), get("scale"), get("corner_clips")], [0, "major pentatonic", CORNERS]);
  close();
});

test("to try scales loses nothing", () => {
  const { actions, get, close } = open();
  for (const scale of ["minor pentatonic", "blues", "chromatic", "major pentatonic"]) actions.setKey({ scale });
  assert.deepEqual(get("corner_clips"), CORNERS);
  close();
});

test("music that is put in a corner is moved into the scale with a note of it", () => {
  const { actions, get, close } = open();
  actions.setCorner(1, loop(60, 61, 66), "song.mid");
  assert.deepEqual(pitchesOf(get("corner_clips")[1]), [60, 60, 67]);
  assert.deepEqual(get("left_out")[1], ["2 notes moved into C major pentatonic"]);
  close();
});

test("loops on the clipboard change places, and a full one says so", () => {
  const { session, actions, get, close } = open();
  for (let col = 0; col < 4; col++) actions.keep(cell(0, col));
  actions.keep({ kind: "clip", index: 0 }, 3);
  assert.equal(get("clips")[3].label, "A");
  assert.equal(get("clips")[0].label, "B");
  for (let col = 0; col < 4; col++) actions.keep(cell(1, col));
  actions.keep(cell(2, 2));
  assert.match(session.error, /The clipboard is full/);
  close();
});

test("places of the song are moved with their repeats, and a new one goes on with the beat", () => {
  const { actions, get, close } = open();
  const drums = { clip: { steps: 32, notes: [[0, 36, 1, 90, 0, 1]] }, label: "beat" };
  actions.insert(cell(0, 0));
  actions.changePlace(0, { repeats: 3, drums });
  actions.insert(cell(0, 3));
  assert.equal(get("places")[1].drums.label, "beat");
  actions.insert({ kind: "place", index: 0 }, 2);
  assert.deepEqual(get("places").map(({ label, repeats }) => [label, repeats]), [["B", 1], ["A", 3]]);
  assert.equal(get("place"), 1);
  actions.replace(cell(3, 3), 1);
  assert.deepEqual(get("places").map(({ label, repeats }) => [label, repeats]), [["B", 1], ["D", 3]]);
  actions.changePlace(1, { repeats: 99, transpose: -99 });
  assert.deepEqual([get("places")[1].repeats, get("places")[1].transpose], [16, -24]);
  close();
});

test("a cell that was edited plays as it is until it is taken back or the grid has another size", () => {
  const { session, actions, get, close } = open();
  actions.edit(cell(1, 2), clipFromJson(loop(72, 74)).notes, false);
  assert.deepEqual(pitchesOf(session.cellClip(1, 2)), [72, 74]);
  actions.unrefine(1, 2);
  assert.deepEqual(pitchesOf(session.cellClip(1, 2)), [60]);
  session.commands.undo();
  actions.setSize(6);
  assert.deepEqual(get("refined"), []);
  close();
});

test("another grid is requested, and the last one stays until it comes", async () => {
  const { session, actions, model, close } = open();
  actions.setSize(5);
  await settled();
  assert.equal(session.side(), 4);
  assert.ok(session.rows.isStale);
  model.respond(model.sent[0], {}, [view(clipBytes(Array(25).fill(loop(64))))]);
  await settled();
  assert.equal(session.side(), 5);
  assert.deepEqual(pitchesOf(session.cellClip(2, 2)), [64]);
  close();
});

test("values of an earlier visit are checked", () => {
  const { session, actions, get, close } = open();
  actions.insert(cell(0, 0));
  const [place] = get("places");
  const ok = (name, value) => fits(name, value, session.state);
  assert.ok(ok("places", [place]));
  assert.ok(ok("clips", Array(8).fill(null)));
  for (const change of [{ repeats: 0 }, { transpose: 25 }, { clip: { steps: 16, notes: [] } }, { at: [2, 0] }, { drums: {} }]) {
    assert.ok(!ok("places", [{ ...place, ...change }]), JSON.stringify(change));
  }
  for (const [name, value] of [["scale", "mayor"], ["tonic", 12], ["clips", [null]], ["curves", [[]]], ["refined", [{ row: 12 }]]]) {
    assert.ok(!ok(name, value), name);
  }
  close();
});
