// The session of piano rolls: players that all views share, and a kernel that is lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { provideJoinedPlayer } from "../../latentpalette/widgets/static/state/joinedplayer.js";
import { RATE, bench } from "./helpers.mjs";
import { openRolls } from "../../latentpalette/widgets/static/state/rollsession.js";

globalThis.document = new EventTarget();
const clocks = bench();
globalThis.AudioContext = function () {
  return Object.assign(clocks.context, {
    decodeAudioData: async ({ byteLength }) => ({ length: byteLength, duration: byteLength / RATE }),
  });
};

class RollsModel extends MemoryModel {
  sent = [];
  constructor(changes = {}) {
    const music = { steps: 16, step_seconds: 0.125, sound_error: "", frames: 3, lead: 0 };
    const items = [{ ...music, start: 0, length: 3 }, { ...music, start: 3, length: 0 }];
    const sounds = new DataView(new ArrayBuffer(3));
    super({ items, sounds, mime_type: "audio/mpeg", repeat: true, has_kernel: true, ...changes });
  }
  send(message) {
    this.sent.push(message);
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("views of rolls have the same player, which stops with the last view", async () => {
  const model = new RollsModel();
  const [one, other] = [openRolls(model), openRolls(model)];
  assert.equal(one.session, other.session);
  const { player } = one.session;
  assert.equal(player.repeat, true, "as Python says");
  player.toggle(0);
  await settled();
  one.close();
  assert.equal(player.playing, true);
  other.close();
  assert.equal(player.playing, false);
});

test("one player of a page plays", async () => {
  const [one, other] = [openRolls(new RollsModel()), openRolls(new RollsModel())];
  const players = [one, other].map(({ session }) => session.player);
  players[0].toggle(0);
  players[1].playFrom(0, 1.5);
  assert.deepEqual(players.map(({ playing }) => playing), [false, true]);
  one.close();
  other.close();
});

test("a sound that was not sent is asked for; one that comes after the last view has closed is not played", async () => {
  const model = new RollsModel();
  const { session, close } = openRolls(model);
  session.player.toggle(1);
  await settled();
  assert.deepEqual(model.sent.map(({ name, body }) => [name, body]), [["sound", { index: 1 }]]);
  const [{ id }] = model.sent;
  const body = { frames: 3, lead: 0 };
  model.emit("msg:custom", { type: "response", id, ok: true, body }, [new DataView(new ArrayBuffer(3))]);
  close();
  const { length } = clocks.context.sources;
  await settled();
  assert.equal(session.player.playing, false);
  assert.equal(clocks.context.sources.length, length);
});

test("without a kernel, or when it is lost, requests fail with what to do, and what was sent plays", async () => {
  const lostLater = new RollsModel();
  const open = openRolls(lostLater);
  const waiting = open.session.fetchBytes("bokehjs", {});
  assert.equal(open.session.alone, false);
  lostLater.send = () => {
    throw new Error("Cannot send");
  };
  await assert.rejects(open.session.fetchBytes("bokehjs", {}), /run the cell again/);
  await assert.rejects(waiting, /run the cell again/);
  assert.equal(open.session.alone, true);
  const problems = [];
  open.session.on("problem", ({ message }) => problems.push(message));
  open.session.player.toggle(1);
  await settled();
  assert.match(problems[0], /run the cell again/);
  open.session.player.toggle(0);
  await settled();
  assert.equal(open.session.player.playing, true);
  assert.equal(clocks.context.sources.at(-1).buffer.length, 3);
  open.close();

  const saved = openRolls(new RollsModel({ has_kernel: false }));
  assert.equal(saved.session.alone, true);
  await assert.rejects(saved.session.fetchBytes("bokehjs", {}), /run the cell again/);
  saved.close();
});

test("where Python is silent, a sentence says so until it answers", async ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const model = new RollsModel();
  const { session, close } = openRolls(model);
  const problems = [];
  session.on("problem", (problem) => problems.push(problem?.message ?? null));
  session.player.toggle(1);
  mock.timers.tick(14_000);
  assert.deepEqual(problems, []);
  mock.timers.tick(2_000);
  assert.match(problems[0], /No answer from Python yet.*reload the page/);
  assert.equal(session.player.waiting, true, "it may still come");
  const body = { frames: 3, lead: 0 };
  model.emit("msg:custom", { type: "response", id: model.sent[0].id, ok: true, body }, [new DataView(new ArrayBuffer(3))]);
  await settled();
  assert.deepEqual(problems.slice(1), [null]);
  assert.equal(session.player.playing, true);
  close();
});

const CLIPS = [{ steps: 16, notes: [] }, { steps: 16, notes: [] }];

test("rolls of a session have a player of their own until the script of an instrument brings another", () => {
  const model = new RollsModel({ session_id: "together", clips: CLIPS });
  const { session, close } = openRolls(model);
  const disposed = [];
  assert.equal(session.player.inOrder, false);
  provideJoinedPlayer((own) => ({ inOrder: own === model, dispose: () => disposed.push(own) }));
  assert.equal(session.player.inOrder, true);
  model.set("session_id", "");
  assert.equal(session.player.inOrder, false);
  close();
  assert.deepEqual(disposed, [model]);
});

test("rolls play with others of the page when asked: Python sends their notes first", async () => {
  const model = new RollsModel({ session_id: "", clips: [] });
  const { session, close } = openRolls(model);
  const { together } = session;
  assert.deepEqual([together.isOffered, together.isOn], [true, false]);
  const asked = together.toggle();
  assert.deepEqual(model.sent.map(({ name }) => name), ["join"]);
  model.set("clips", CLIPS);
  model.set("session_id", "page");
  model.emit("msg:custom", { type: "response", id: model.sent[0].id, ok: true, body: {} }, []);
  await asked;
  assert.ok(together.isOn);
  await together.toggle();
  await together.toggle();
  assert.deepEqual([together.isOn, model.sent.length], [true, 1], "the notes are there by now");
  close();
});

test("playing with others is not offered in a session, nor where nobody has the notes", () => {
  const offered = (changes) => {
    const { session, close } = openRolls(new RollsModel(changes));
    close();
    return session.together.isOffered;
  };
  assert.ok(!offered({ session_id: "a session", clips: CLIPS }));
  assert.ok(!offered({ session_id: "", clips: [], has_kernel: false }));
  assert.ok(offered({ session_id: "", clips: CLIPS, has_kernel: false }));
});

test("why rolls cannot play with others is shown", async () => {
  const model = new RollsModel({ session_id: "", clips: [] });
  const { session, close } = openRolls(model);
  const problems = [];
  session.on("problem", (problem) => problems.push(problem?.message ?? null));
  const asked = session.together.toggle();
  model.emit("msg:custom", { type: "response", id: model.sent[0].id, ok: false, error: "There is no note in these piano rolls" }, []);
  await asked;
  assert.deepEqual(problems, [null, "There is no note in these piano rolls"]);
  close();
});
