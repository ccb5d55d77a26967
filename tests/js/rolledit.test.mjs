// Editing of a stream that plays one note at a time, and the rows and keys that an editor shows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SCALES, guessKey, isInScale, pitchName, rollRows, rowOf } from "../../latentpalette/widgets/static/state/pitch.js";
import { addNote, addNoteAfter, deleteNote, moveNote, pitchAbove, resizeNote } from "../../latentpalette/widgets/static/state/rolledit.js";
import { isSolo, toggleSolo } from "../../latentpalette/widgets/static/state/solo.js";

const BOUNDS = { steps: 32, low: 48, high: 84 };
const note = (step, pitch, length, velocity = 80) => ({ step, offset: 0, length, pitch, velocity, stream: 0 });
const spans = ({ notes }) => notes.map(({ step, pitch, length }) => [step, pitch, length]);
const scaleUp = [note(0, 60, 4), note(4, 62, 4), note(8, 64, 8)];

test("a note that is drawn into silence stands beside the others, as loud as the one before it", () => {
  const edit = addNote(scaleUp, { step: 20, pitch: 67, length: 2, stream: 0 }, BOUNDS);
  assert.deepEqual(spans(edit), [[0, 60, 4], [4, 62, 4], [8, 64, 8], [20, 67, 2]]);
  assert.equal(edit.at, 3);
  assert.equal(edit.notes[3].velocity, 80);
});

test("a note that is drawn over others cuts the one before, takes what lies within it, and shortens the one after", () => {
  assert.deepEqual(spans(addNote(scaleUp, { step: 2, pitch: 67, length: 8, stream: 0 }, BOUNDS)), [[0, 60, 2], [2, 67, 8], [10, 64, 6]]);
});

test("a note that is drawn inside a longer one ends it", () => {
  assert.deepEqual(spans(addNote([note(0, 60, 16)], { step: 4, pitch: 62, length: 2, stream: 0 }, BOUNDS)), [[0, 60, 4], [4, 62, 2]]);
});

test("no note leaves the clip or the range of its stream", () => {
  assert.deepEqual(spans(addNote([], { step: 30, pitch: 99, length: 9, stream: 0 }, BOUNDS)), [[30, 84, 2]]);
  assert.deepEqual(spans(moveNote([note(0, 60, 4)], 0, { step: 40, pitch: 2 }, BOUNDS)), [[28, 48, 4]]);
  assert.deepEqual(spans(resizeNote([note(28, 60, 2)], 0, 99, BOUNDS)), [[28, 60, 4]]);
  assert.deepEqual(spans(resizeNote([note(28, 60, 2)], 0, -3, BOUNDS)), [[28, 60, 1]]);
});

test("a note that is moved past another stays the one that is chosen", () => {
  const edit = moveNote(scaleUp, 0, { step: 6, pitch: 65 }, BOUNDS);
  assert.deepEqual(spans(edit), [[4, 62, 2], [6, 65, 4], [10, 64, 6]]);
  assert.equal(edit.at, 1);
});

test("a note that is lengthened cuts the next, and one that is deleted leaves its place free", () => {
  assert.deepEqual(spans(resizeNote(scaleUp, 0, 6, BOUNDS)), [[0, 60, 6], [6, 62, 2], [8, 64, 8]]);
  const edit = deleteNote(scaleUp, 2);
  assert.deepEqual(spans(edit), [[0, 60, 4], [4, 62, 4]]);
  assert.equal(edit.at, 1);
  assert.equal(deleteNote([note(0, 60, 1)], 0).at, -1);
});

test("a note is added after the chosen one, as long, where there is room", () => {
  const here = { pitch: 60, stream: 0 };
  assert.deepEqual(spans(addNoteAfter(scaleUp, 2, here, BOUNDS)).pop(), [16, 64, 8]);
  assert.deepEqual(spans(addNoteAfter([note(0, 60, 4), note(6, 62, 4)], 0, here, BOUNDS)), [[0, 60, 4], [4, 60, 2], [6, 62, 4]]);
  assert.equal(addNoteAfter(scaleUp, 0, here, BOUNDS), null);
  assert.deepEqual(spans(addNoteAfter([], -1, here, BOUNDS)), [[0, 60, 2]]);
});

test("edits leave the list that they are given as it was", () => {
  const before = structuredClone(scaleUp);
  addNote(scaleUp, { step: 2, pitch: 67, length: 8, stream: 0 }, BOUNDS);
  resizeNote(scaleUp, 0, 9, BOUNDS);
  assert.deepEqual(scaleUp, before);
});

test("rows are as many as the notes need, within the range of the stream, and at least an octave", () => {
  const range = { low: 48, high: 84 };
  assert.deepEqual([rollRows(scaleUp, range)[0], rollRows(scaleUp, range).at(-1)], [56, 68]);
  const wide = rollRows([note(0, 60, 1), note(1, 79, 1)], range);
  assert.deepEqual([wide[0], wide.at(-1)], [57, 82]);
  assert.deepEqual([rollRows([note(0, 48, 1)], range)[0], rollRows([note(0, 48, 1)], range).length], [48, 13]);
  assert.deepEqual(rollRows([note(0, 84, 1)], range).at(-1), 84);
  assert.ok(rollRows([], range).includes(60));
});

test("in a scale the other rows go, and a note that is not in it lies between two", () => {
  const rows = rollRows(scaleUp, { low: 48, high: 84, only: { tonic: 0, scale: "major" } });
  assert.ok(rows.every((pitch) => isInScale(pitch, { tonic: 0, scale: "major" })));
  assert.equal(rowOf(rows, 62) - rowOf(rows, 60), 1);
  assert.equal(rowOf(rows, 61), rowOf(rows, 60) + 0.5);
  assert.equal(pitchAbove(rows, 61, 1), 62);
  assert.equal(pitchAbove(rows, 61, -1), 60);
  assert.equal(pitchAbove(rows, rows.at(-1), 1), rows.at(-1));
});

test("the key of a scale is found, relative major and minor by what lasts", () => {
  const melody = (pitches, lengths = []) => pitches.map((pitch, i) => note(2 * i, pitch, lengths[i] ?? 2));
  assert.deepEqual(guessKey(melody([62, 64, 66, 67, 69, 71, 73, 74])), { tonic: 2, scale: "major" });
  assert.deepEqual(guessKey(melody([57, 59, 60, 62, 64, 65, 67, 69])), { tonic: 9, scale: "minor" });
  assert.deepEqual(guessKey([]), { tonic: 0, scale: "major" });
});

test("every scale begins on its tonic, and pitches are named as musicians name them", () => {
  for (const scale of Object.values(SCALES)) assert.equal(scale[0], 0);
  assert.deepEqual([60, 61, 21, 108].map(pitchName), ["C4", "C♯4", "A0", "C8"]);
});

test("solo mutes the other lanes, and a second press lets all play", () => {
  const solo = toggleSolo([false, true, false], 0);
  assert.deepEqual(solo, [false, true, true]);
  assert.ok(isSolo(solo, 0));
  assert.deepEqual(toggleSolo(solo, 2), [true, true, false]);
  assert.deepEqual(toggleSolo(solo, 0), [false, false, false]);
  assert.ok(!isSolo([false], 0));
});
