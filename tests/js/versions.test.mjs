// The history of an instrument: its last states, those with a star for good, within bounds.

import assert from "node:assert/strict";
import test from "node:test";

import { MAX_STARS, MAX_VERSIONS, createVersions } from "../../latentpalette/widgets/static/state/versions.js";
import { fromText, toText } from "../../latentpalette/widgets/static/state/bytes.js";
import { createState } from "../../latentpalette/widgets/static/state/state.js";
import { FakeModel } from "./fakemodel.mjs";
import { KICK_JSON, manualTimers, settled } from "./opensession.mjs";
import { clipJson } from "./helpers.mjs";

const NAMES = ["corner_clips", "labels", "qpm", "mutes"];

// What a browser keeps, as text.
function fakeStorage(text = "null") {
  return {
    text,
    get() {
      return fromText(this.text);
    },
    set(value) {
      this.text = toText(value);
    },
  };
}

function open({ storage, isMoving, changes } = {}) {
  const state = createState(new FakeModel(changes));
  const timers = manualTimers();
  let time = 0;
  const clip = () => state.cornerClip(0);
  const versions = createVersions({
    state,
    names: NAMES,
    places: ["puck"],
    picture: () => ({ clip: clip(), weights: [1, 0, 0, 0] }),
    isMoving,
    storage,
    onChange() {},
    timers,
    now: () => ++time,
  });
  // The hand rests after a change.
  const rest = () => timers.delays.forEach((delay) => timers.fire(delay));
  const edit = (values) => (state.set(values), rest());
  const tempos = () => versions.list.map((version) => versions.valuesOf(version).qpm);
  return { state, versions, timers, rest, edit, tempos };
}

test("an instrument begins with the state it came with, and has another one whenever the hand has rested", async () => {
  const { versions, edit, tempos } = open();
  await settled();
  assert.deepEqual(versions.clipOf(versions.list[0]).steps, 32);
  edit({ qpm: 90 });
  edit({ qpm: 100 });
  assert.deepEqual(tempos(), [120, 90, 100]);
  assert.equal(versions.current, versions.list[2]);
});

test("a drag is one state", () => {
  const { state, rest, tempos } = open();
  for (let qpm = 90; qpm < 110; qpm++) state.set({ qpm });
  rest();
  assert.deepEqual(tempos(), [120, 109]);
});

test("a state that comes again is the one that was there", () => {
  const { versions, edit, tempos } = open();
  edit({ qpm: 90 });
  edit({ qpm: 120 });
  assert.deepEqual(tempos(), [120, 90]);
  assert.equal(versions.current, versions.list[0]);
});

test("another place is a state after a stay, but not on a path, where it moves by itself", () => {
  let moving = false;
  const { state, timers, versions } = open({ isMoving: () => moving });
  state.set({ puck: [0.5, 0.5] });
  assert.deepEqual(timers.delays, [2000]);
  state.set({ qpm: 90 });
  assert.deepEqual(timers.delays, [700]);
  timers.fire(700);
  assert.deepEqual(versions.valuesOf(versions.current).puck, [0.5, 0.5]);
  moving = true;
  state.set({ puck: [1, 1] });
  assert.deepEqual(timers.delays, []);
});

test("the last hundred are there, and those with a star beside them", () => {
  const { versions, edit, tempos } = open();
  edit({ qpm: 21 });
  versions.toggleStar(versions.current);
  for (let qpm = 200; qpm < 200 + MAX_VERSIONS + 5; qpm++) edit({ qpm });
  assert.equal(versions.list.length, MAX_VERSIONS + 1);
  assert.equal(tempos()[0], 21);
  assert.equal(tempos()[1], 205);
});

test("so many stars and no more", () => {
  const { versions, edit } = open();
  for (let qpm = 100; qpm < 100 + MAX_STARS; qpm++) {
    edit({ qpm });
    versions.toggleStar(versions.current);
  }
  const [first] = versions.list.filter(({ isStarred }) => !isStarred);
  if (first) assert.ok(!versions.toggleStar(first));
  const starred = versions.list.filter(({ isStarred }) => isStarred);
  assert.equal(starred.length, MAX_STARS);
  assert.ok(versions.toggleStar(starred[0]));
});

test("the page that is opened again has the history of the last visit, with its stars", () => {
  const storage = fakeStorage();
  const first = open({ storage });
  first.edit({ corner_clips: Array(4).fill(KICK_JSON) });
  first.versions.toggleStar(first.versions.current);
  first.edit({ qpm: 90 });
  const { versions, tempos } = open({ storage });
  assert.deepEqual(tempos(), [120, 120, 90]);
  assert.deepEqual(versions.list.map(({ isStarred }) => isStarred), [false, true, false]);
  assert.deepEqual(versions.valuesOf(versions.list[1]).corner_clips[0], KICK_JSON);
  assert.deepEqual(versions.clipOf(versions.list[1]).notes.length, KICK_JSON.notes.length);
  assert.equal(versions.current, versions.list[0], "and stands at the state that the page came with");
});

test("what a browser keeps is bounded: long music has fewer states there, and stars come first", () => {
  const storage = fakeStorage();
  const { state, versions, edit } = open({ storage });
  const long = (seed) => clipJson(Array.from({ length: 32 }, (_, step) => (step * 7 + seed) % 512));
  for (let seed = 1; seed <= 60; seed++) {
    edit({ corner_clips: [0, 1, 2, 3].map((corner) => long(100 * seed + corner)), labels: Array(4).fill("x".repeat(250) + seed) });
    if (seed === 2) versions.toggleStar(versions.current);
  }
  assert.ok(storage.text.length <= 400_000, String(storage.text.length));
  const again = open({ storage });
  assert.ok(again.versions.list.some(({ isStarred }) => isStarred));
  assert.ok(again.versions.list.length < versions.list.length);
  assert.ok(versions.isWhole);
  assert.equal(state.get("qpm"), 120);
});

for (const text of ["[]", "{}", '{"names":3}', '{"names":["qpm"],"parts":[1],"entries":[{"values":[9]}]}', '{"names":[],"parts":[],"entries":[{"values":[],"picture":0}]}', '"x"']) {
  test(`a history that is damaged is left alone: ${text}`, () => {
    const { versions, edit } = open({ storage: fakeStorage(text) });
    assert.equal(versions.list.length, 1);
    edit({ qpm: 90 });
    assert.equal(versions.list.length, 2);
  });
}

test("a state of another model is not taken in", () => {
  const storage = fakeStorage();
  open({ storage }).edit({ qpm: 90 });
  const { versions } = open({ storage, changes: { mutes: [false], lanes: [{ name: "melody", stream: 0, pitches: null }] } });
  assert.equal(versions.list.length, 1);
});

test("the stars of a file join those that are there", () => {
  const one = open();
  one.edit({ qpm: 90 });
  assert.equal(one.versions.starred(), null);
  one.versions.toggleStar(one.versions.current);
  const other = open();
  other.versions.add(fromText(toText(one.versions.starred())));
  assert.deepEqual(other.tempos(), [120, 90]);
  other.versions.add({ entries: 3 });
  assert.deepEqual(other.tempos(), [120, 90]);
});

test("minutes of fast edits leave as much as a hundred states have", () => {
  const { versions, edit, state } = open({ storage: fakeStorage() });
  for (let turn = 0; turn < 3000; turn++) {
    const clip = clipJson(Array.from({ length: 32 }, (_, step) => (step * turn) % 512));
    edit({ corner_clips: [clip, ...state.get("corner_clips").slice(1)] });
  }
  assert.equal(versions.list.length, MAX_VERSIONS);
});
