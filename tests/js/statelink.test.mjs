import assert from "node:assert/strict";
import test from "node:test";

import { fromLink, toLink } from "../../latentpalette/widgets/static/state/statelink.js";

const bytesOf = (text) => new TextEncoder().encode(text);

test("a link holds a state, and the address before it", async () => {
  const text = JSON.stringify({ labels: ["Bossa", "ünïcödé ♭"], notes: Array.from({ length: 500 }, (_, k) => [k % 32, 36, 1]) });
  const link = await toLink("https://example.org/palette.html?x=1#old", bytesOf(text));
  assert.match(link, /^https:\/\/example\.org\/palette\.html\?x=1#state=[\w-]+$/);
  assert.ok(link.length < 1500);
  assert.equal(await (await fromLink(link)).text(), text);
});

test("an address without a state is none", async () => {
  assert.equal(await fromLink("file:///palette.html#part-2"), null);
});

test("a damaged link, and one that would fill the memory, are refused in words", async () => {
  const bomb = await toLink("file:///p.html", new Uint8Array(20 << 20));
  assert.ok(bomb.length < 50_000);
  for (const link of ["file:///p.html#state=%%%", "file:///p.html#state=AAAA", bomb]) {
    await assert.rejects(fromLink(link), /The link is damaged/);
  }
});

test("what is too long for a link is a file", async () => {
  const noise = new Uint8Array(1 << 20).map((_, k) => (k * 2654435761) >>> (k % 24));
  await assert.rejects(toLink("file:///p.html", noise), /Save the state as a file/);
});
