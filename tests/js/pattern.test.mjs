import assert from "node:assert/strict";
import test from "node:test";

import { applyLocks, laneCounts } from "../../latentpalette/widgets/static/state/pattern.js";

const pattern = (lanes) =>
  Array.from({ length: 32 }, (_, step) =>
    lanes.reduce((token, [drum, steps]) => token | (steps.includes(step) ? 1 << drum : 0), 0),
  );

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
