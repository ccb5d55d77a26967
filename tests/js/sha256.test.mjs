// The hash that names the files of songs is the one that Python computes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { nameOfSong } from "../../latentpalette/widgets/static/files/drumsong.js";
import { sha256 } from "../../latentpalette/widgets/static/files/sha256.js";

for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70000]) {
  test(`of ${length} bytes`, () => {
    const bytes = Uint8Array.from({ length }, (_, k) => (k * k * 31 + 7 * k + length) & 255);
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"));
  });
}

test("a song has the name of its content", () => {
  assert.equal(nameOfSong(new TextEncoder().encode("MThd"), null), createHash("sha256").update("MThd").digest("hex").slice(0, 16));
});
