import assert from "node:assert/strict";
import test from "node:test";

import { applyLocks, clipOfPattern, laneCounts, tokensOfCell } from "../../latentpalette/widgets/static/state/pattern.js";
import { PITCHES } from "./helpers.mjs";

const accents = Array.from({ length: 9 }, (_, drum) => Array.from({ length: 16 }, (_, step) => 10 * drum + step + 1));
const pattern = (lanes) =>
  Array.from({ length: 32 }, (_, step) =>
    lanes.reduce((token, [drum, steps]) => token | (steps.includes(step) ? 1 << drum : 0), 0),
  );

test("the notes of a pattern come in order, with the accent of their place in the bar", () => {
  const { steps, notes } = clipOfPattern(pattern([[8, [0]], [0, [0, 16, 31]]]), { accents, pitches: PITCHES });
  assert.equal(steps, 32);
  assert.deepEqual(
    notes.map(({ step, pitch, velocity }) => [step, pitch, velocity]),
    [[0, 36, 1], [0, 51, 81], [16, 36, 1], [31, 36, 16]],
  );
});

test("a locked lane replaces the pattern's own and leaves the other lanes and the pattern alone", () => {
  const tokens = pattern([[2, [0, 1, 2]], [1, [8]]]);
  const before = [...tokens];
  const lane = Array(32).fill(0);
  lane[5] = 1;
  const locks = Array(9).fill(null);
  locks[2] = lane;
  assert.deepEqual([...applyLocks(tokens, locks)], pattern([[2, [5]], [1, [8]]]));
  assert.deepEqual(tokens, before);
});

test("lane counts are hits per drum", () => {
  assert.deepEqual(
    laneCounts(
      pattern([
        [0, [0, 8]],
        [8, [31]],
      ]),
    ),
    [2, 0, 0, 0, 0, 0, 0, 0, 1],
  );
});

test("a corner plays itself or what the model made of it, and other cells always the model's", () => {
  const size = 3;
  const cells = Uint16Array.from({ length: size * size * 32 }, (_, at) => Math.floor(at / 32));
  const patterns = [100, 101, 102, 103].map((token) => Array(32).fill(token));
  const first = (useOriginals, row, col) =>
    tokensOfCell({ cells, size, patterns, use_original_corners: useOriginals }, { row, col })[0];
  assert.deepEqual([first(true, 0, 0), first(true, 0, 2), first(true, 2, 0), first(true, 2, 2)], [100, 101, 102, 103]);
  assert.deepEqual([first(false, 0, 0), first(false, 0, 2), first(false, 2, 0), first(false, 2, 2)], [0, 2, 6, 8]);
  assert.equal(first(true, 1, 0), 3);
});
