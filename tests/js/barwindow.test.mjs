// The bars of long music that are shown at once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatPage, pageAt, zoomsOf } from "../../latentpalette/widgets/static/state/barwindow.js";

test("two bars are shown whole; longer music in parts, or whole as well", () => {
  assert.deepEqual([1, 2, 4, 16].map(zoomsOf), [[1], [2], [2, 4], [2, 4, 16]]);
});

test("the page that a step lies on begins at a multiple of its length", () => {
  const music = { steps: 256, zoom: 4 };
  assert.deepEqual(pageAt(0, music), { from: 0, steps: 64 });
  assert.deepEqual(pageAt(63, music), { from: 0, steps: 64 });
  assert.deepEqual(pageAt(64, music), { from: 64, steps: 64 });
  assert.deepEqual(pageAt(999, music), { from: 192, steps: 64 });
  assert.deepEqual(pageAt(-1, music), { from: 0, steps: 64 });
});

test("all is one page where the music is no longer than it", () => {
  assert.deepEqual(pageAt(40, { steps: 64, zoom: 16 }), { from: 0, steps: 64 });
});

test("a page is named by its bars, counted from one", () => {
  assert.equal(formatPage({ from: 64, steps: 64 }), "bars 5 to 8");
  assert.equal(formatPage({ from: 16, steps: 16 }), "bar 2");
});
