// Requests and their responses: each finds its own, and of many the latest counts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createRequester, latestOnly } from "../../latentpalette/widgets/static/state/requests.js";
import { FakeModel } from "./fakemodel.mjs";
import { manualTimers, settled } from "./opensession.mjs";

test("a response finds its request, an error rejects it, and a stranger's message is left alone", async () => {
  const model = new FakeModel();
  const { request } = createRequester(model);
  const first = request("sample", { seed: 1 });
  const second = request("sample", { seed: 2 });
  model.emit("msg:custom", { type: "hello" }, []);
  model.refuse(model.sent[1], "too hot");
  model.respond(model.sent[0], { label: "Sampled #1" });
  assert.equal((await first).body.label, "Sampled #1");
  await assert.rejects(second, /too hot/);
});

test("a request whose work is done in parts is asked again until it is done, and others in between", async () => {
  const model = new FakeModel();
  const { request } = createRequester(model);
  const long = request("decode", { size: 3 });
  const other = request("sample", { seed: 2 });
  const [first] = model.sent;
  model.emit("msg:custom", { type: "response", id: first.id, ok: true, again: true }, []);
  assert.deepEqual(model.sent.map(({ name }) => name), ["decode", "sample", "decode"]);
  assert.deepEqual(model.sent[2], first);
  model.respond(model.sent[1], { label: "Sampled #2" });
  assert.equal((await other).body.label, "Sampled #2");
  model.respond(model.sent[2], { decode_ms: 7 });
  assert.equal((await long).body.decode_ms, 7);
});

test("of many requests only the first and the latest are sent, and only the latest response counts", async () => {
  const asked = [];
  const got = [];
  const latest = latestOnly({
    request: (question) => new Promise((resolve) => asked.push({ question, resolve })),
    onResponse: (answer) => got.push(answer),
    onError: assert.fail,
    timers: manualTimers(),
  });
  ["a", "b", "c", "d"].forEach((question) => latest.send(question));
  assert.deepEqual(asked.map(({ question }) => question), ["a"]);
  asked[0].resolve("A");
  await settled();
  assert.deepEqual(asked.map(({ question }) => question), ["a", "d"]);
  asked[1].resolve("D");
  await settled();
  assert.deepEqual(got, ["D"]);
});

test("where whoever responds drops the older request, a newer one is sent at once", async () => {
  const asked = [];
  const got = [];
  const latest = latestOnly({
    request: (question) => new Promise((resolve, reject) => asked.push({ question, resolve, reject })),
    onResponse: (answer) => got.push(answer),
    onError: assert.fail,
    overtakes: () => true,
    timers: manualTimers(),
  });
  ["a", "b"].forEach((question) => latest.send(question));
  assert.deepEqual(asked.map(({ question }) => question), ["a", "b"]);
  asked[0].reject(new Error("overtaken"));
  asked[1].resolve("B");
  await settled();
  assert.deepEqual(got, ["B"]);
});

test("a slow response is announced, a missing one too, and a late one is still taken", async () => {
  const states = [];
  const got = [];
  const timers = manualTimers();
  let resolve;
  const latest = latestOnly({
    request: () => new Promise((done) => (resolve = done)),
    onResponse: (answer) => got.push(answer),
    onError: assert.fail,
    onState: (decodeState) => states.push(decodeState),
    timers,
  });
  latest.send("a");
  timers.fire(1000);
  timers.fire(15000);
  resolve("A");
  await settled();
  assert.deepEqual(states, ["asking", "slow", "lost", "idle"]);
  assert.deepEqual(got, ["A"]);
});

test("a request does not wait for ever behind one that gets no response", async () => {
  const asked = [];
  const timers = manualTimers();
  const latest = latestOnly({
    request: (question) => new Promise(() => asked.push(question)),
    onResponse: assert.fail,
    onError: assert.fail,
    timers,
  });
  latest.send("a");
  latest.send("b");
  timers.fire(15000);
  assert.deepEqual(asked, ["a", "b"]);
});
