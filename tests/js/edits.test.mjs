// What was edited on a page of its own, and is there again when the page is opened again.

import assert from "node:assert/strict";
import test from "node:test";

import { createEdits } from "../../latentpalette/widgets/static/state/edits.js";
import { createPageStore } from "../../latentpalette/widgets/static/state/pagestore.js";
import { createState } from "../../latentpalette/widgets/static/state/state.js";
import { FakeModel } from "./fakemodel.mjs";
import { KICK_JSON, settled } from "./opensession.mjs";

const NAMES = ["corner_clips", "labels", "size", "qpm", "mutes", "locks", "points"];
const MUTED = Array(9).fill(true);

// Storage of a browser, with room for so many characters.
function fakeStorage(room = Infinity) {
  const items = new Map();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => void items.delete(key),
    setItem(key, text) {
      const others = [...items].reduce((sum, [other, kept]) => sum + (other === key ? 0 : kept.length), 0);
      if (others + text.length > room) throw new Error("full");
      items.set(key, text);
    },
  };
}

function openPage(localStorage, changes = {}) {
  const model = new FakeModel({ widget_id: "one", has_kernel: false, ...changes });
  const state = createState(model);
  const edits = createEdits({ state, model, names: NAMES, onChange() {}, pages: createPageStore({ localStorage }) });
  return { state, edits };
}

test("a page that is opened again has what was changed, and says so", async () => {
  const storage = fakeStorage();
  const first = openPage(storage);
  assert.ok(!first.edits.restored);
  first.state.set({ mutes: MUTED, qpm: 97, corner_clips: Array(4).fill(KICK_JSON) });
  await settled();
  const { state, edits } = openPage(storage);
  assert.ok(edits.restored);
  assert.deepEqual([state.get("mutes"), state.get("qpm"), state.get("corner_clips")[0]], [MUTED, 97, KICK_JSON]);
  assert.equal(edits.initial.qpm, 120);
  edits.dismiss();
  assert.ok(!edits.restored);
});

test("what the page came with is kept nowhere", async () => {
  const storage = fakeStorage();
  const { state, edits } = openPage(storage);
  state.set({ qpm: 97 });
  await settled();
  assert.equal(storage.length, 1);
  state.set(edits.initial);
  await settled();
  assert.equal(storage.length, 0);
  assert.ok(!openPage(storage).edits.restored);
});

test("a page that was written anew begins as it came", async () => {
  const storage = fakeStorage();
  openPage(storage).state.set({ qpm: 97 });
  await settled();
  assert.equal(openPage(storage, { qpm: 100 }).state.get("qpm"), 100);
  assert.equal(openPage(storage, { widget_id: "two" }).state.get("qpm"), 120);
});

test("the pages of longest ago make room, of a browser that is full and of more than twenty", async () => {
  const storage = fakeStorage();
  for (let page = 0; page < 25; page++) {
    openPage(storage, { widget_id: `page ${page}` }).state.set({ qpm: 97 });
    await settled();
  }
  assert.equal(storage.length, 20);
  assert.equal(openPage(storage, { widget_id: "page 24" }).state.get("qpm"), 97);
  const length = storage.getItem(storage.key(0)).length;
  const small = fakeStorage(2.5 * length);
  for (let page = 0; page < 4; page++) {
    openPage(small, { widget_id: `page ${page}` }).state.set({ qpm: 97 });
    await settled();
  }
  assert.equal(small.length, 2);
  assert.equal(openPage(small, { widget_id: "page 3" }).state.get("qpm"), 97);
});

test("a browser that refuses storage has a page that works", async () => {
  const scope = {
    get localStorage() {
      throw new Error("not allowed");
    },
  };
  const pages = createPageStore(scope);
  pages.set("a", {});
  pages.remove("a");
  assert.equal(pages.get("a"), null);
});

test("what was damaged in the browser is left out", async () => {
  const damages = [
    { qpm: "fast" }, { qpm: 9000 }, { mutes: [true] }, { size: 2.5 }, { points: [[0, 7]] }, { labels: [1, 2, 3, 4] }, { corner_clips: [] },
    { corner_clips: Array(4).fill({ steps: 32, notes: [[40, 36, 1, 100, 0, 0]] }) }, { locks: Array(9).fill([7]) },
  ];
  for (const damage of damages) {
    const storage = fakeStorage();
    openPage(storage).state.set({ volume: 1, qpm: 97 });
    await settled();
    const key = storage.key(0);
    const entry = JSON.parse(storage.getItem(key));
    storage.setItem(key, JSON.stringify({ ...entry, traits: { ...entry.traits, ...damage } }));
    assert.ok(!openPage(storage).edits.restored, JSON.stringify(damage));
    storage.setItem(key, "{");
    assert.ok(!openPage(storage).edits.restored);
  }
});
