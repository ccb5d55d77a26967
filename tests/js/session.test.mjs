// The state behind the picture: decoding, undo, commands, and what is played.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createState } from "../../latentpalette/widgets/static/state/state.js";
import { createPlayback } from "../../latentpalette/widgets/static/state/playback.js";
import { FakeModel, z } from "./fakemodel.mjs";
import { clipBytes, clipJson, tokensOf } from "./helpers.mjs";
import { EMPTY, KICK, KICK_JSON, bytes, openSession, settled } from "./opensession.mjs";

// --- decoding --------------------------------------------------------------------------------------------------------

test("a grid that was asked for before an undo does not replace the one that is restored", async () => {
  const { model, state, commands, timers } = openSession({ has_kernel: true });
  commands.setCorner(0, KICK, "One");
  timers.fire(150);
  commands.undo();
  model.respond(model.sent[0], { norm_percentiles: Array(9).fill(7), decode_ms: 5 }, [bytes(3, 5), z(2)]);
  await settled();
  assert.ok(!state.isStale);
  assert.notDeepEqual(state.norms, Array(9).fill(7));
});

test("edits that follow closely are decoded together, and the grid that comes back is shown", async () => {
  const { model, state, commands, timers } = openSession();
  commands.setCorner(0, KICK, "One");
  commands.setCorner(1, KICK, "Two");
  assert.equal(model.sent.length, 0);
  timers.fire(150);
  assert.equal(model.sent.length, 1);
  assert.deepEqual(model.sent[0].body.labels, ["One", "Two", "C", "D"]);
  assert.ok(state.isStale);
  model.respond(model.sent[0], { norm_percentiles: Array(9).fill(7), decode_ms: 5 }, [bytes(3, 5), z(2)]);
  await settled();
  assert.ok(!state.isStale);
  assert.equal(tokensOf(state.clipAt(1, 1))[0], 5);
  assert.equal(state.norms[0], 7);
});

test("bytes that begin at an odd offset are read all the same", async () => {
  const { model, state, commands, timers } = openSession();
  commands.setCorner(0, KICK, "One");
  timers.fire(150);
  const even = new Uint8Array(bytes(3, 258).buffer);
  const odd = new Uint8Array(1 + even.length);
  odd.set(even, 1);
  model.respond(model.sent[0], { norm_percentiles: [], decode_ms: 5 }, [new DataView(odd.buffer, 1)]);
  await settled();
  assert.equal(tokensOf(state.clipAt(1, 1))[31], 258);
});

test("while another size is decoded the old grid is shown whole", () => {
  const { state, commands } = openSession();
  commands.setSize(7);
  assert.equal(state.get("size"), 7);
  assert.equal(state.size, 3);
});

test("what Python could not decode is reported", async () => {
  const { model, commands, timers, errors } = openSession();
  commands.setCorner(0, KICK, "One");
  timers.fire(150);
  model.refuse(model.sent[0], "no");
  await settled();
  assert.deepEqual(errors, ["no"]);
});

test("without Python nothing is requested, and the corner plays as edited", () => {
  const { model, state, commands, timers } = openSession({ has_kernel: false });
  commands.setCorner(0, KICK, "One");
  assert.deepEqual(timers.delays, []);
  assert.deepEqual(model.sent, []);
  assert.deepEqual(state.clipAt(0, 0), KICK);
});

test("cells that are missing are requested, those near the puck first, and none of a grid that is gone", async () => {
  const { model, state, commands, timers } = openSession({ puck: [1, 1] });
  const clip = clipJson(Array(32).fill(5));
  commands.setCorner(0, KICK, "One");
  timers.fire(150);
  const cells = clipBytes([clip, null, clip, null, null, null, clip, null, clip]);
  model.respond(model.sent[0], { norm_percentiles: [], decode_ms: 5, grid_id: 8 }, [cells, z(2)]);
  await settled();
  assert.equal(state.clipAt(1, 1), null);
  const { inputs } = state;
  assert.deepEqual(model.sent[1].body, { grid_id: 8, ...inputs, indices: [5, 7, 4, 1, 3] });
  model.respond(model.sent[1], { indices: [5, 7] }, [clipBytes([clip, clip])]);
  await settled();
  assert.equal(state.clipAt(1, 2).notes.length, 64);
  assert.deepEqual(model.sent[2].body, { grid_id: 8, ...inputs, indices: [4, 1, 3] });
  model.fromPython({ corner_clips: Array(4).fill(KICK_JSON), cells: bytes(3, 9), corner_z: z(2), norm_percentiles: [], grid_id: 9 });
  model.respond(model.sent[2], { indices: [] }, [clipBytes([])]);
  await settled();
  assert.equal(model.sent.length, 3);
  assert.equal(tokensOf(state.clipAt(1, 1))[0], 9);
});

test("while a path plays its missing cells are requested before others, in the order of playing", async () => {
  const { model, commands, timers } = openSession({ puck: [1, 1], tool: "draw", points: [[0, 1], [0, 0], [0.5, 0]] });
  const clip = clipJson(Array(32).fill(5));
  commands.setCorner(0, KICK, "One");
  timers.fire(150);
  const cells = clipBytes([clip, null, clip, null, null, null, clip, null, clip]);
  model.respond(model.sent[0], { norm_percentiles: [], decode_ms: 5, grid_id: 8 }, [cells, z(2)]);
  await settled();
  assert.deepEqual(model.sent[1].body.indices, [3, 1, 5, 7, 4]);
});

const KICK_STEPS = Array.from({ length: 32 }, (_, step) => (step % 4 ? 0 : 1));

// --- undo ------------------------------------------------------------------------------------------------------------

test("undo brings back a preset, a clear, a sample, a path and a size, one by one, and redo goes forward again", async () => {
  const { model, state, commands, history } = openSession();
  const sampled = (async () => {
    const done = commands.sample(3, 0.8, 7);
    model.respond(model.sent[0], { clip: KICK_JSON, label: "Sampled #7" });
    await done;
  })();
  await sampled;
  commands.setCorner(0, KICK, "One");
  commands.setCorner(1, EMPTY, "Empty");
  commands.setPath([[0, 0], [1, 1]]);
  commands.setSize(7);
  const seen = () => [state.get("labels").join(), state.get("points").length, state.get("size")];
  const all = [];
  for (let step = 0; step < 5; step++) {
    all.push(seen());
    commands.undo();
  }
  assert.deepEqual(all, [
    ["One,Empty,C,Sampled #7", 2, 7],
    ["One,Empty,C,Sampled #7", 2, 3],
    ["One,Empty,C,Sampled #7", 3, 3],
    ["One,B,C,Sampled #7", 3, 3],
    ["A,B,C,Sampled #7", 3, 3],
  ]);
  assert.deepEqual(seen(), ["A,B,C,D", 3, 3]);
  assert.ok(!history.canUndo);
  commands.redo();
  commands.redo();
  assert.deepEqual(seen(), ["One,B,C,Sampled #7", 3, 3]);
  commands.setCorner(2, EMPTY, "Empty");
  assert.ok(!history.canRedo);
});

test("a mute and a lock are each undone by themselves, and leave the corners as they are", () => {
  const { state, commands, history } = openSession();
  const [none, snare] = [Array(9).fill(false), [false, true, ...Array(7).fill(false)]];
  commands.change({ mutes: snare });
  commands.setCorner(0, KICK, "One");
  commands.change({ locks: [KICK_STEPS, ...Array(8).fill(null)] });
  const seen = () => [state.get("labels")[0], state.get("mutes")[1], state.get("locks")[0] !== null];
  assert.deepEqual(seen(), ["One", true, true]);
  commands.undo();
  assert.deepEqual(seen(), ["One", true, false]);
  commands.undo();
  assert.deepEqual(seen(), ["A", true, false]);
  commands.undo();
  assert.deepEqual(state.get("mutes"), none);
  assert.ok(!history.canUndo);
  for (let step = 0; step < 3; step++) commands.redo();
  assert.deepEqual(seen(), ["One", true, true]);
});

test("what Python has muted since stays muted when a corner is undone", () => {
  const { model, state, commands } = openSession();
  commands.setCorner(0, KICK, "One");
  model.fromPython({ mutes: Array(9).fill(true) });
  commands.undo();
  assert.deepEqual([state.get("labels")[0], state.get("mutes")[0]], ["A", true]);
});

test("edits that are restored are undone with their mutes and their tempo", () => {
  const { state, commands } = openSession();
  const mutes = state.get("mutes");
  commands.restoreEdits({ labels: ["One", "B", "C", "D"], mutes: Array(9).fill(true), qpm: 97 });
  assert.deepEqual([state.get("labels")[0], state.get("qpm")], ["One", 97]);
  commands.undo();
  assert.deepEqual([state.get("labels")[0], state.get("mutes"), state.get("qpm")], ["A", mutes, 120]);
});

test("a stroke of the brush is undone as one", () => {
  const { state, commands } = openSession();
  const before = state.get("corner_clips");
  commands.beginEdit(0);
  for (let count = 1; count < 5; count++) commands.editNotes(0, KICK.notes.slice(0, count));
  assert.equal(state.get("labels")[0], "A, edited");
  commands.undo();
  assert.deepEqual(state.get("corner_clips"), before);
  assert.equal(state.get("labels")[0], "A");
});

test("undo needs no decoding: the grid was kept, and Python gets it", async () => {
  const { model, state, commands, timers } = openSession();
  const before = tokensOf(state.clipAt(1, 1))[0];
  commands.setCorner(0, KICK, "One");
  timers.fire(150);
  model.respond(model.sent[0], { norm_percentiles: [], decode_ms: 5 }, [bytes(3, 5), z(2)]);
  await settled();
  commands.undo();
  assert.equal(tokensOf(state.clipAt(1, 1))[0], before);
  assert.deepEqual(model.sent.map(({ name }) => name), ["decode", "restore"]);
  assert.equal(model.sent[1].buffers[0].byteLength, model.get("cells").byteLength);
});

test("the z of the corners goes with their grid, there and back", async () => {
  const { model, state, commands, timers } = openSession();
  const restored = (message) => [...new Float32Array(message.buffers[1])];
  model.fromPython({ corner_clips: Array(4).fill(KICK_JSON), cells: bytes(3, 9), corner_z: z(2), norm_percentiles: [] });
  commands.setCorner(0, { ...KICK, notes: KICK.notes.slice(1) }, "One");
  timers.fire(150);
  model.respond(model.sent[0], { norm_percentiles: [], decode_ms: 5 }, [bytes(3, 5), z(3)]);
  await settled();
  commands.undo();
  commands.undo();
  commands.redo();
  commands.redo();
  assert.deepEqual(model.sent.map(({ name }) => name), ["decode", ...Array(4).fill("restore")]);
  assert.deepEqual(model.sent.slice(1).map((message) => restored(message)[0]), [2, 1, 2, 3]);
  assert.deepEqual(restored(model.sent[4]), [3, 3, 3, 3]);
  assert.equal(state.snapshot().cornerZ.length, 16);
});

test("undo to a state whose grid never came requests it", () => {
  const { model, commands, timers } = openSession();
  commands.setCorner(0, KICK, "One");
  commands.setCorner(0, EMPTY, "Two");
  commands.undo();
  timers.fire(150);
  assert.deepEqual(model.sent.map(({ name }) => name), ["decode"]);
});

test("corners set from Python can be undone", () => {
  const { model, state, history, commands } = openSession();
  const before = state.get("corner_clips");
  model.fromPython({ corner_clips: Array(4).fill(KICK_JSON), labels: ["a", "b", "c", "d"], cells: bytes(3, 9), norm_percentiles: [] });
  assert.equal(tokensOf(state.clipAt(1, 1))[0], 9);
  assert.ok(history.canUndo);
  commands.undo();
  assert.deepEqual(state.get("corner_clips"), before);
  assert.equal(state.get("labels")[0], "A");
});

// --- playing -----------------------------------------------------------------------------------------------------------

function playbackWithFakePlayer(changes) {
  const model = new FakeModel(changes);
  const state = createState(model);
  const calls = [];
  const player = { state: "stopped", path: null };
  for (const name of ["change", "updatePath", "leavePath", "setVolume", "tap", "dispose"]) player[name] = (...details) => calls.push([name, ...details]);
  player.play = (loop) => (calls.push(["play", loop]), (player.state = "playing"));
  player.stop = () => (calls.push(["stop"]), (player.state = "stopped"));
  player.followPath = (path) => (calls.push(["followPath", path]), (player.path = path), (player.state = "playing"));
  player.position = () => ({ step: 37.5, phase: 5.5, cell: 1, cellPhase: 0.5 });
  let onState;
  const playback = createPlayback({
    state,
    makePlayer: (listener) => ((onState = listener), player),
    onChange: () => {},
    onError: assert.fail,
  });
  const names = () => calls.map(([name]) => name).filter((name) => name !== "setVolume");
  return { model, state, calls, player, playback, names, setPlayerState: (now) => ((player.state = now), onState(now)) };
}

test("play plays the cell under the puck, and a move of the puck changes it as the quantization says", () => {
  const { state, calls, playback, names } = playbackWithFakePlayer({ launch_quantization: "bar" });
  playback.start();
  state.set({ puck: [1, 0.5] });
  playback.stop();
  assert.deepEqual(names(), ["play", "change", "stop"]);
  assert.deepEqual(calls.find(([name]) => name === "play")[1].notes.map(({ step }) => step), [1, 9, 17, 25]);
  const [, loop, quantize] = calls.find(([name]) => name === "change");
  assert.deepEqual([loop.notes[0].step, quantize], [2, "bar"]);
});

test("while a corner is edited it is what plays", () => {
  const { state, calls, playback } = playbackWithFakePlayer();
  playback.start();
  playback.playCorner(1);
  state.set({ corner_clips: Array(4).fill(KICK_JSON) });
  const last = calls.filter(([name]) => name === "change").at(-1);
  assert.equal(last[1].notes.length, 8);
  assert.equal(last[2], "step");
});

test("with the draw tool the path plays itself and takes the puck along", () => {
  const { state, player, playback, names } = playbackWithFakePlayer({ tool: "draw", path_mode: "ping-pong", bars_per_cell: 4 });
  playback.start();
  assert.deepEqual(names(), ["followPath"]);
  const { count, barsPerCell, mode, onCell } = player.path;
  assert.deepEqual([count, barsPerCell, mode], [5, 4, "ping-pong"]);
  onCell(2);
  assert.deepEqual(state.get("puck"), [1, 0]);
  assert.deepEqual(names(), ["followPath"]); // the puck that the path moves does not change what plays
});

test("on the way the puck glides along the stroke, and back again", () => {
  const { player, playback } = playbackWithFakePlayer({ tool: "draw", points: [[0, 0], [1, 0]] });
  playback.start();
  player.path.onCell(1);
  assert.deepEqual(playback.position().puck, [0.5, 0]);
  assert.equal(playback.position().step, 5);
});

test("bars, mode and locks change a path without restarting it; a new stroke restarts it", () => {
  const { state, playback, names } = playbackWithFakePlayer({ tool: "draw" });
  playback.start();
  state.set({ bars_per_cell: 1 });
  assert.deepEqual(names(), ["followPath", "updatePath", "change"]);
  state.set({ points: [[0, 0], [0, 1]] });
  assert.equal(names().at(-1), "followPath");
});

test("another palette that claims playback leaves this one stopped", () => {
  const { state, playback, setPlayerState } = playbackWithFakePlayer();
  playback.start();
  setPlayerState("stopped");
  assert.equal(state.get("playing"), false);
  assert.equal(playback.sounding, false);
});

test("nothing sounds before the browser allows it, and then what should", () => {
  const model = new FakeModel({ playing: true });
  const state = createState(model);
  let player = null;
  const playback = createPlayback({ state, makePlayer: () => player, onChange: () => {}, onError: assert.fail });
  playback.refresh();
  assert.equal(playback.sounding, false);
  const played = [];
  player = { state: "stopped", setVolume() {}, play: (loop) => (played.push(loop), (player.state = "playing")) };
  playback.refresh();
  assert.equal(played.length, 1);
});

test("an editor at rest plays a note, one that plays does not add to it", () => {
  const { calls, playback, names } = playbackWithFakePlayer();
  playback.audition({ stream: 0, pitch: 46, step: 4 });
  playback.start();
  playback.audition({ stream: 0, pitch: 46, step: 4 });
  assert.deepEqual(names(), ["tap", "play"]);
  assert.deepEqual(calls.find(([name]) => name === "tap"), ["tap", { stream: 0, pitch: 46, velocity: 110, gain: 1 }]);
});
