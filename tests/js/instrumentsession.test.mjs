// The session of an instrument: what undo brings back.

import assert from "node:assert/strict";
import test from "node:test";

import { createInstrumentSession } from "../../latentpalette/widgets/static/state/instrumentsession.js";
import { readStateFile, stateFile } from "../../latentpalette/widgets/static/state/statefile.js";
import { FakeModel } from "./fakemodel.mjs";

function openInstrument() {
  const model = new FakeModel({ widget_id: "one", tiles: 1, stars: 1, kit: new DataView(new ArrayBuffer(0)), kit_index: [], kit_rate: 44100 });
  return createInstrumentSession(model, { traits: ["tiles", "stars"], edited: ["tiles", "stars"], audible: ["tiles"], chosen: () => null });
}
const MUTED = [true, ...Array(8).fill(false)];

test("a mute is a step of its own, and leaves what is edited as it is", () => {
  const { state, commands, history } = openInstrument();
  commands.change({ mutes: MUTED });
  commands.change({ tiles: 2 });
  commands.undo();
  assert.deepEqual([state.get("tiles"), state.get("mutes")[0]], [1, true]);
  commands.redo();
  assert.equal(state.get("tiles"), 2);
  commands.undo();
  commands.undo();
  assert.equal(state.get("mutes")[0], false);
  assert.ok(!history.canUndo);
});

test("a change that goes on is undone with its beginning, whatever it is about", () => {
  const { state, commands } = openInstrument();
  commands.change({ tiles: 2 });
  commands.change({ stars: 3 }, true);
  commands.undo();
  assert.deepEqual([state.get("tiles"), state.get("stars")], [1, 1]);
});

test("the tempo is among what is kept of every instrument", () => {
  const { state, edits } = openInstrument();
  state.set({ qpm: 97 });
  assert.deepEqual(edits.present(), { tiles: 1, stars: 1, qpm: 97 });
});

test("bytes that were edited are in the state, and come back from its file", async () => {
  const bytes = (...values) => new DataView(Uint8Array.from(values).buffer);
  const { state, edits } = openInstrument();
  state.set({ tiles: bytes(1, 2, 250) });
  const { name, bytes: text } = stateFile({ instrument: "Sampler", model: "m", traits: edits.present() });
  const other = openInstrument();
  other.state.set({ tiles: bytes() });
  const file = { name, size: text.length, text: async () => new TextDecoder().decode(text) };
  const names = ["tiles", "stars", "qpm"];
  const { traits } = await readStateFile(file, { instrument: "Sampler", names, state: { ...other.state, get: (trait) => (trait === "model_name" ? "m" : other.state.get(trait)) } });
  assert.deepEqual([...new Uint8Array(traits.tiles.buffer)], [1, 2, 250]);
  other.state.set({ tiles: 3 });
  await assert.rejects(readStateFile(file, { instrument: "Sampler", names, state: { ...other.state, get: (trait) => (trait === "model_name" ? "m" : 3) } }), /its tiles is wrong/);
});
