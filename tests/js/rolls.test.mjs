// Where piano rolls lie beside each other.

import assert from "node:assert/strict";
import { test } from "node:test";

import { columnCount } from "../../latentpalette/widgets/static/view/columns.js";

test("as many rolls stand side by side as have room, in lines of about the same length", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 64].map((count) => columnCount(count, 252, 820)), [1, 2, 3, 2, 3, 3]);
  assert.equal(columnCount(5, 252, 1180), 3);
  assert.equal(columnCount(4, 252, 1180), 4);
  assert.equal(columnCount(4, 252, 380), 1);
  assert.equal(columnCount(4, 252, 0), 1, "not laid out yet");
});
