import assert from "node:assert/strict";
import test from "node:test";

import {
  applyLocks,
  hitsOf,
  laneCounts,
  tokensOfCell,
  pathHits,
} from "../../latentpalette/widgets/static/state/pattern.js";

const accents = Array.from({ length: 9 }, (_, drum) => Array.from({ length: 16 }, (_, step) => 10 * drum + step + 1));
const pattern = (lanes) =>
  Array.from({ length: 32 }, (_, step) =>
    lanes.reduce((token, [drum, steps]) => token | (steps.includes(step) ? 1 << drum : 0), 0),
  );

test("hits come in the order of steps, then drums, with the accent of their place in the bar", () => {
  const hits = hitsOf(
    pattern([
      [8, [0]],
      [0, [0, 16, 31]],
    ]),
    { accents },
  );
  assert.deepEqual(hits, [
    { step: 0, drum: 0, velocity: 1 },
    { step: 0, drum: 8, velocity: 81 },
    { step: 16, drum: 0, velocity: 1 },
    { step: 31, drum: 0, velocity: 16 },
  ]);
});

test("a muted drum is silent and the others are not", () => {
  const mutes = [true, ...Array(8).fill(false)];
  assert.deepEqual(
    hitsOf(
      pattern([
        [0, [0, 4]],
        [1, [4]],
      ]),
      { mutes, accents },
    ).map(({ drum }) => drum),
    [1],
  );
});

test("a locked lane replaces the pattern's own and leaves the other lanes and the pattern alone", () => {
  const tokens = pattern([
    [2, [0, 1, 2]],
    [1, [8]],
  ]);
  const before = [...tokens];
  const lane = Array(32).fill(0);
  lane[5] = 1;
  const locks = Array(9).fill(null);
  locks[2] = lane;
  assert.deepEqual(
    [...applyLocks(tokens, locks)],
    pattern([
      [2, [5]],
      [1, [8]],
    ]),
  );
  assert.deepEqual(tokens, before);
  assert.deepEqual(
    hitsOf(tokens, { locks, accents }).map(({ step, drum }) => [step, drum]),
    [
      [5, 2],
      [8, 1],
    ],
  );
});

test("a muted lock stays silent", () => {
  const locks = Array(9).fill(null);
  locks[0] = Array(32).fill(1);
  assert.deepEqual(hitsOf(pattern([]), { locks, mutes: [true], accents }), []);
});

test("an empty pattern has no hits, and a path over it keeps its length", () => {
  assert.deepEqual(hitsOf(pattern([])), []);
  assert.deepEqual(pathHits([pattern([]), pattern([])], { barsPerCell: 4 }), { hits: [], steps: 128 });
});

test("a path plays column s mod 32 at its step s, however long a cell lasts", () => {
  const cells = [pattern([[0, [0, 16]]]), pattern([[1, [0, 16]]]), pattern([[2, [0, 17]]])];
  const places = (barsPerCell) => pathHits(cells, { barsPerCell, accents }).hits.map(({ step, drum }) => [step, drum]);
  assert.deepEqual(places(1), [
    [0, 0],
    [16, 1],
    [32, 2],
  ]);
  assert.deepEqual(places(2), [
    [0, 0],
    [16, 0],
    [32, 1],
    [48, 1],
    [64, 2],
    [81, 2],
  ]);
  assert.deepEqual(places(4).slice(0, 5), [
    [0, 0],
    [16, 0],
    [32, 0],
    [48, 0],
    [64, 1],
  ]);
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
