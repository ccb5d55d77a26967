// What differs between two states, in words.

import assert from "node:assert/strict";
import test from "node:test";

import { describeChange, formatAge } from "../../latentpalette/widgets/static/state/changewords.js";

const LANES = [{ name: "kick", stream: 0, pitches: [36] }, { name: "snare", stream: 0, pitches: [38] }];
const BEFORE = { corner_clips: [{ steps: 1 }, { steps: 2 }], labels: ["A", "B"], qpm: 120, mutes: [false, false], locks: [null, null], puck: [0, 0], points: [], swing: 0, spread_of: 1 };
const changed = (values) => describeChange(BEFORE, { ...BEFORE, ...values }, LANES);

test("a change is named by what it is about, with its new value", () => {
  assert.equal(describeChange(null, BEFORE, LANES), "as it came");
  assert.equal(changed({ corner_clips: [{ steps: 1 }, { steps: 3 }], labels: ["A", "Bossa"] }), "corner B: Bossa");
  assert.equal(changed({ corner_clips: [{ steps: 5 }, { steps: 3 }] }), "all corners");
  assert.equal(changed({ qpm: 97.04 }), "97 qpm");
  assert.equal(changed({ mutes: [false, true] }), "snare muted");
  assert.equal(changed({ mutes: [true, true] }), "2 lanes muted or unmuted");
  assert.equal(changed({ locks: [[1, 0], null] }), "kick locked");
  assert.equal(changed({ puck: [1, 1] }), "another place");
  assert.equal(changed({ spread_of: 2 }), "spread of");
});

test("of many changes three are named", () => {
  assert.equal(changed({ qpm: 90, mutes: [true, false], points: [[0, 0]], swing: 1 }), "90 qpm, kick muted, another path and more");
});

test("another key is named alone, without the music that moves with it", () => {
  const clip = (...pitches) => ({ steps: 32, notes: pitches.map((pitch, k) => [4 * k, pitch, 2, 90, 0, 0]) });
  const before = { tonic: 0, scale: "major", labels: ["Sketch", "B"], corner_clips: [clip(60, 64), clip(67)], clips: [{ label: "1", clip: clip(60) }, null], places: [] };
  const moved = { ...before, corner_clips: [clip(62, 66), clip(69)], clips: [{ label: "1", clip: clip(62) }, null] };
  assert.equal(describeChange(before, { ...moved, tonic: 2 }, []), "tonic D");
  assert.equal(describeChange(before, { ...moved, scale: "dorian" }, []), "scale dorian");
  const edited = { ...moved, tonic: 2, corner_clips: [clip(62, 66), clip(69, 71)] };
  assert.equal(describeChange(before, edited, []), "tonic D, all corners");
});

test("the clipboard, the song and the curve of a corner are called so", () => {
  const before = { clips: [null], places: [], curves: [[]], corner_clips: [{ steps: 32, notes: [] }, { steps: 1 }], labels: ["Sketch", "B"] };
  assert.equal(describeChange(before, { ...before, clips: [{ label: "1" }] }, []), "the clipboard");
  assert.equal(describeChange(before, { ...before, places: [{}] }, []), "the song");
  const sketched = { curves: [[60]], corner_clips: [{ steps: 32, notes: [[0, 60, 1, 90, 0, 0]] }, { steps: 1 }] };
  assert.equal(describeChange(before, { ...before, ...sketched }, []), "corner A: Sketch");
});

test("an age is in the words that people use", () => {
  assert.deepEqual([0, 3, 130, 1500, 6000].map((minutes) => formatAge(minutes * 60_000)), ["just now", "3 min ago", "2 h ago", "yesterday", "4 days ago"]);
});
