// The session of a group of instruments: one undo, one history and one state for all of them.

import assert from "node:assert/strict";
import test from "node:test";

import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { createEmitter } from "../../latentpalette/widgets/static/state/emitter.js";
import { joinPage, offerSlot } from "../../latentpalette/widgets/static/state/ensemble.js";
import { openGroup } from "../../latentpalette/widgets/static/state/group.js";
import { KERNEL_LOST, KERNEL_LOST_PAGE_DECODES } from "../../latentpalette/widgets/static/state/kernellink.js";
import { createInstrumentSession } from "../../latentpalette/widgets/static/state/instrumentsession.js";
import { readStateFile, stateFile } from "../../latentpalette/widgets/static/state/statefile.js";
import { clipFromJson } from "../../latentpalette/widgets/static/state/clip.js";
import { InstrumentModel } from "./fakemodel.mjs";
import { KICK_JSON, settled } from "./opensession.mjs";

let count = 0;
const MUTED = [true, ...Array(8).fill(false)];

// A session of instruments with tiles; `close` takes them off the page again.
function openBand(names = ["one", "other"], traits = {}, manager = undefined) {
  const ids = names.map((name) => `${name} ${++count}`);
  const opened = ids.map((id) => {
    const model = new InstrumentModel({
      widget_id: id,
      session_id: `session ${count}`,
      model_name: "drums",
      tiles: 1,
      stars: 1,
      t: 0,
      volumes: [1],
      sounds: ["Kit"],
      kit: new DataView(new ArrayBuffer(0)),
      kit_index: [],
      kit_rate: 44100,
    });
    model.widget_manager = manager;
    return createInstrumentSession(model, {
      traits: ["tiles", "stars", "t"],
      edited: ["tiles", "stars"],
      audible: ["tiles"],
      places: ["t"],
      chosen: () => ({ clip: clipFromJson(KICK_JSON), key: "kick" }),
      weights: ({ get }) => [1 - get("t"), get("t"), 0, 0],
    });
  });
  const members = ids.map((id, index) => ({ id, name: names[index] }));
  const model = new MemoryModel({ widget_id: `session ${count}`, members, qpm: 120, volume: 1, playing: false, has_kernel: false, ...traits });
  model.widget_manager = manager;
  const { session, close } = openGroup(model);
  return {
    group: session,
    members: opened,
    model,
    close() {
      close();
      opened.forEach((member) => member.dispose());
    },
  };
}

test("a kernel that is lost is said once: by the session, not by the instruments that stand in it", () => {
  const handlers = [];
  const manager = { kernel: { statusChanged: { connect: (handler) => handlers.push(handler), disconnect() {} } } };
  const { group, members, close } = openBand(["one", "other"], { has_kernel: true }, manager);
  const leave = members.map((member) => offerSlot(member.model.get("widget_id"), {}));
  handlers.forEach((handler) => handler(null, "restarting"));
  assert.match(group.error, /run the cell again/);
  assert.deepEqual(members.map(({ error }) => error), ["", ""]);
  leave.forEach((off) => off());
  close();
});

test("where the page decodes for all instruments the session says what each alone would", () => {
  const problemWith = (requests) => {
    const handlers = [];
    const manager = { kernel: { statusChanged: { connect: (handler) => handlers.push(handler), disconnect() {} } } };
    const { group, members, close } = openBand(["one", "other"], { has_kernel: true }, manager);
    members.forEach((member, at) => member.model.set("page_requests", requests[at]));
    handlers.forEach((handler) => handler(null, "restarting"));
    const { error } = group;
    close();
    return error;
  };
  assert.equal(problemWith([["sample"], ["sample"]]), KERNEL_LOST_PAGE_DECODES);
  assert.equal(problemWith([["sample"], []]), KERNEL_LOST);
});

test("undo takes back the newest change of any instrument, one by one, and redo brings them back in order", () => {
  const { group, members: [one, other], close } = openBand();
  one.commands.change({ tiles: 2 });
  other.commands.change({ mutes: MUTED });
  group.commands.change({ qpm: 97 });
  one.commands.change({ tiles: 3 });
  const seen = () => [one.state.get("tiles"), other.state.get("mutes")[0], group.state.get("qpm"), other.state.get("qpm")];
  const all = [];
  for (; group.history.canUndo; group.commands.undo()) all.push(seen());
  assert.deepEqual(all, [[3, true, 97, 97], [2, true, 97, 97], [2, true, 120, 120], [2, false, 120, 120]]);
  assert.deepEqual(seen(), [1, false, 120, 120]);
  const back = [];
  for (; group.history.canRedo; back.push(seen())) group.commands.redo();
  assert.deepEqual(back, [...all].reverse());
  close();
});

test("an instrument's own undo takes back its own newest change, and the session's goes on with the others", () => {
  const { group, members: [one, other], close } = openBand();
  one.commands.change({ tiles: 2 });
  other.commands.change({ tiles: 5 });
  one.commands.undo();
  assert.deepEqual([one.state.get("tiles"), other.state.get("tiles")], [1, 5]);
  assert.ok(!group.history.canRedo, "something was changed since");
  assert.ok(one.history.canRedo);
  group.commands.undo();
  assert.deepEqual([one.state.get("tiles"), other.state.get("tiles"), group.history.canUndo], [1, 1, false]);
  group.commands.redo();
  group.commands.redo();
  assert.deepEqual([one.state.get("tiles"), other.state.get("tiles"), group.history.canRedo], [2, 5, false]);
  close();
});

test("what was undone is gone for the session's redo once something is changed", () => {
  const { group, members: [one, other], close } = openBand();
  one.commands.change({ tiles: 2 });
  group.commands.undo();
  other.commands.change({ tiles: 3 });
  assert.ok(!group.history.canRedo);
  group.commands.redo();
  assert.equal(one.state.get("tiles"), 1);
  close();
});

test("solo is one change of several instruments; a drag of a volume is one, too", () => {
  const { group, members, close } = openBand(["one", "two", "three"]);
  const audible = () => members.map(({ state }) => !state.get("silenced"));
  group.commands.toggleSolo(1);
  assert.deepEqual([audible(), group.commands.isSolo(1)], [[false, true, false], true]);
  group.commands.toggleSolo(2);
  assert.deepEqual(audible(), [false, false, true]);
  group.commands.setVolume(0, 0.8, 1000);
  group.commands.setVolume(0, 0.5, 1100);
  group.commands.undo();
  assert.deepEqual([members[0].state.get("volume"), audible()], [1, [false, false, true]]);
  group.commands.undo();
  assert.deepEqual(audible(), [false, true, false]);
  group.commands.undo();
  assert.deepEqual([audible(), group.history.canUndo], [[true, true, true], false]);
  group.commands.toggleMute(0);
  members[0].commands.undo();
  assert.deepEqual(audible(), [true, true, true]);
  close();
});

test("a state of the history restores all instruments, and that is one change", async () => {
  const { group, members: [one, other], close } = openBand();
  await settled();
  const { versions } = group;
  assert.equal(versions.list.length, 1);
  one.commands.change({ tiles: 2 });
  other.state.set({ t: 1 });
  versions.take();
  other.commands.change({ mutes: MUTED });
  group.commands.change({ qpm: 90 });
  versions.take();
  assert.equal(versions.list.length, 3);
  assert.deepEqual(versions.clipOf(versions.current).notes.map(({ stream }) => stream), Array(8).fill(0), "the muted kick is not in it");
  const [first, , last] = versions.list;
  group.commands.restoreEdits(versions.valuesOf(first));
  const seen = () => [one.state.get("tiles"), other.state.get("t"), other.state.get("mutes")[0], one.state.get("qpm")];
  assert.deepEqual(seen(), [1, 0, false, 120]);
  group.commands.undo();
  assert.deepEqual(seen(), [2, 1, true, 90]);
  assert.equal(group.state.describe(versions.valuesOf(first), versions.valuesOf(last)), "90 qpm; one: tiles; other: kick muted");
  assert.deepEqual(last.weights, [0, 1, 0, 0], "the color of the place that was changed last");
  close();
});

test("there is no history before all instruments are shown", async () => {
  const { group, close } = openBand(["one", "other"], { members: [{ id: "not shown", name: "gone" }] });
  await settled();
  assert.deepEqual([group.versions.list, group.versions.current], [[], null]);
  assert.throws(() => group.edits.present(), /Not all instruments/);
  close();
});

test("one file has the state of all instruments, and opens in a session of the same models only", async () => {
  const { group, members: [one, other], close } = openBand();
  one.commands.change({ tiles: 2 });
  other.commands.change({ silenced: true, mutes: MUTED });
  group.commands.change({ qpm: 88 });
  const model = group.state.get("model_name");
  assert.equal(model, "drums + drums");
  const { bytes, name } = stateFile({ instrument: "Session", model, traits: group.edits.present() });
  const file = { name, size: bytes.length, text: async () => new TextDecoder().decode(bytes) };
  close();
  const again = openBand();
  const options = { instrument: "Session", names: Object.keys(again.group.edits.initial), state: again.group.state };
  const { traits } = await readStateFile(file, options);
  assert.ok(!("0.sounds" in traits), "a page without Python has the sounds that it came with");
  again.group.commands.restoreEdits(traits);
  const [first, second] = again.members.map(({ state }) => state);
  assert.deepEqual([first.get("tiles"), second.get("silenced"), second.get("mutes")[0], first.get("qpm")], [2, true, true, 88]);
  again.group.commands.undo();
  assert.deepEqual([first.get("tiles"), second.get("silenced"), first.get("qpm")], [1, false, 120]);
  again.close();
  const three = openBand(["one", "two", "three"]);
  await assert.rejects(readStateFile(file, { ...options, state: three.group.state }), /a state of the model drums \+ drums; this one is drums \+ drums \+ drums/);
  three.close();
});

test("who joins those that play with others takes over their tempo, best that of one that sounds", () => {
  const scope = {};
  const join = (id, traits, sounding = false) => {
    const emitter = createEmitter();
    const values = { session_id: "", qpm: 120, ...traits };
    const state = {
      get: (name) => values[name],
      set(changes) {
        Object.assign(values, changes);
        Object.keys(changes).forEach((name) => emitter.emit(name));
      },
      on: emitter.on,
    };
    joinPage({ id, state, transport: { sounding } }, scope);
    return state;
  };
  const silent = join("silent", { session_id: "page", qpm: 90 });
  const alone = join("alone", { qpm: 150 });
  assert.deepEqual([silent.get("qpm"), alone.get("qpm")], [90, 150]);
  alone.set({ session_id: "page" });
  assert.deepEqual([silent.get("qpm"), alone.get("qpm")], [90, 90]);
  silent.set({ session_id: "" });
  silent.set({ qpm: 70 });
  const sounding = join("sounding", { session_id: "page" }, true);
  sounding.set({ qpm: 100 });
  silent.set({ session_id: "page" });
  assert.deepEqual([silent, alone, sounding].map((state) => state.get("qpm")), [100, 100, 100]);
});
