// Clips: JSON and back, locks, mutes, and clips one after the other.

import assert from "node:assert/strict";
import test from "node:test";

import {
  clipFromJson,
  clipToJson,
  joinClips,
  laneCounts,
  playedClip,
} from "../../latentpalette/widgets/static/state/clip.js";

const LANES = [
  { name: "kick", stream: 0, pitches: [36] },
  { name: "snare", stream: 0, pitches: [38] },
  { name: "melody", stream: 1, pitches: null },
];
const CLIP = clipFromJson({
  steps: 8,
  notes: [[0, 36, 1, 100, 0, 0], [0, 60, 4, 90, 0.25, 1], [4, 38, 1, 100, 0, 0], [4, 62, 4, 90, 0, 1]],
});

test("a clip survives JSON", () => {
  assert.deepEqual(clipFromJson(clipToJson(CLIP)), CLIP);
  assert.equal(CLIP.notes[1].offset, 0.25);
});

test("a muted lane is silent and the others stay", () => {
  const { notes } = playedClip(CLIP, { lanes: LANES, mutes: [true, false, false] });
  assert.deepEqual(notes, CLIP.notes.slice(1));
});

test("a locked drum lane repeats, with the accents of its bar", () => {
  const { notes } = playedClip(CLIP, { lanes: LANES, locks: [[0, 1], null, null], accents: [[1, 2, 3, 4, 5, 6, 7, 8]] });
  const kicks = notes.filter(({ pitch }) => pitch === 36);
  assert.deepEqual(kicks.map(({ step, velocity }) => [step, velocity]), [[1, 2], [3, 4], [5, 6], [7, 8]]);
});

test("a locked stream plays its notes as far as the clip goes", () => {
  const lock = [[2, 70, 3, 80, 0], [6, 71, 8, 80, 0], [9, 72, 1, 80, 0]];
  const { notes } = playedClip(CLIP, { lanes: LANES, locks: [null, null, lock] });
  assert.deepEqual(notes.filter(({ stream }) => stream === 1).map(({ step, length }) => [step, length]), [[2, 3], [6, 2]]);
});

test("a mute wins over a lock", () => {
  const { notes } = playedClip(CLIP, { lanes: LANES, mutes: [true, false, false], locks: [[1], null, null] });
  assert.deepEqual(notes, CLIP.notes.slice(1));
});

test("clips in turn stay in phase, and no note outlasts its turn", () => {
  const long = { steps: 32, notes: [{ step: 14, offset: 0, length: 8, pitch: 60, velocity: 90, stream: 1 }] };
  const other = { steps: 32, notes: [{ step: 20, offset: 0, length: 2, pitch: 62, velocity: 90, stream: 1 }] };
  const joined = joinClips([long, other, long], 1);
  assert.equal(joined.steps, 48);
  assert.deepEqual(joined.notes.map(({ step, length, pitch }) => [step, length, pitch]), [[14, 2, 60], [20, 2, 62], [46, 2, 60]]);
});

test("the notes of each lane are counted", () => {
  assert.deepEqual(laneCounts(CLIP, LANES), [1, 1, 2]);
});
