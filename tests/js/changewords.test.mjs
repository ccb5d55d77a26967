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

test("an age is in the words that people use", () => {
  assert.deepEqual([0, 3, 130, 1500, 6000].map((minutes) => formatAge(minutes * 60_000)), ["just now", "3 min ago", "2 h ago", "yesterday", "4 days ago"]);
});
