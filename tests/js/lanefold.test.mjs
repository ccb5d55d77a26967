// Which of many drum lanes are shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createLaneFold } from "../../latentpalette/widgets/static/state/lanefold.js";

const lanesOf = (count) => Array.from({ length: count }, (_, index) => ({ name: `drum ${index}`, stream: 0, pitches: [30 + index] }));
const marks = (count, ...on) => Array.from({ length: count }, (_, lane) => on.includes(lane));
const lanesIn = (shown) => shown.flatMap((is, lane) => (is ? [lane] : []));

test("up to sixteen lanes are all shown", () => {
  const fold = createLaneFold(lanesOf(9));
  assert.equal(fold.isLong, false);
  assert.deepEqual(lanesIn(fold.shown(marks(9))), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test("of many lanes kick, snare and hat are shown, those with notes, and those that are muted", () => {
  const fold = createLaneFold(lanesOf(61));
  assert.equal(fold.isLong, true);
  assert.deepEqual(lanesIn(fold.shown(marks(61))), [6, 8, 12]);
  assert.deepEqual(lanesIn(fold.shown(marks(61, 20), marks(61, 40))), [6, 8, 12, 20, 40]);
});

test("a lane stays while others come, until there are too many", () => {
  const fold = createLaneFold(lanesOf(61));
  fold.shown(marks(61, 20));
  assert.deepEqual(lanesIn(fold.shown(marks(61, 21))), [6, 8, 12, 20, 21]);
  const many = Array.from({ length: 12 }, (_, index) => 30 + index);
  assert.deepEqual(lanesIn(fold.shown(marks(61, ...many))), [6, 8, 12, ...many]);
});
