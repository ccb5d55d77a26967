// The session of piano rolls: players that all views share, and a kernel that is lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { openRolls } from "../../latentpalette/widgets/static/state/rollsession.js";

class FakeAudio extends EventTarget {
  paused = true;
  currentTime = 0;
  src = "";
  async play() {
    this.paused = false;
    this.dispatchEvent(new Event("play"));
  }
  pause() {
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
  }
  removeAttribute() {
    this.src = "";
  }
}
globalThis.Audio = FakeAudio;
globalThis.document = new EventTarget();

class RollsModel extends MemoryModel {
  sent = [];
  constructor(changes = {}) {
    const items = [{ start: 0, length: 3 }, { start: 3, length: 0 }];
    super({ items, sounds: new DataView(new ArrayBuffer(3)), mime_type: "audio/mpeg", has_kernel: true, ...changes });
  }
  send(message) {
    this.sent.push(message);
  }
}

test("views of a roll have the same players, which stop with the last view", async () => {
  const model = new RollsModel();
  const [one, other] = [openRolls(model), openRolls(model)];
  assert.equal(one.session, other.session);
  const [player] = one.session.players;
  let changes = 0;
  player.on("change", () => changes++);
  await player.toggle();
  assert.equal(player.playing, true);
  one.close();
  assert.equal(player.playing, true);
  other.close();
  assert.equal(player.playing, false);
  assert.equal(changes, 1, "nobody is told once it is closed");
});

test("one player of a page plays", async () => {
  const [one, other] = [openRolls(new RollsModel()), openRolls(new RollsModel())];
  const players = [one, other].map(({ session }) => session.players[0]);
  await players[0].toggle();
  await players[1].playFrom(1.5);
  assert.deepEqual(players.map(({ playing }) => playing), [false, true]);
  assert.equal(players[1].seconds, 1.5);
  one.close();
  other.close();
});

test("a sound that was not sent is asked for, once; one that comes after the last view has closed is not played", async () => {
  const model = new RollsModel();
  const { session, close } = openRolls(model);
  const starting = session.players[1].toggle();
  await Promise.resolve();
  assert.deepEqual(model.sent.map(({ name, body }) => [name, body]), [["sound", { index: 1 }]]);
  const [{ id }] = model.sent;
  model.emit("msg:custom", { type: "response", id, ok: true, body: {} }, [new DataView(new ArrayBuffer(3))]);
  close();
  await starting;
  assert.equal(session.players[1].playing, false);
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
  await open.session.players[0].toggle();
  assert.equal(open.session.players[0].playing, true);
  open.close();

  const saved = openRolls(new RollsModel({ has_kernel: false }));
  assert.equal(saved.session.alone, true);
  await assert.rejects(saved.session.fetchBytes("bokehjs", {}), /run the cell again/);
  saved.close();
});
