// Who responds to a request where both Python and the page can: the page at once, or Python and then the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createResponders } from "../../latentpalette/widgets/static/state/responders.js";
import { manualTimers, settled } from "./opensession.mjs";

const PATIENCE = 500;

function both({ page = ["decode", "sample", "midi"] } = {}) {
  const asked = []; // of Python
  const questions = []; // to the page
  const errors = [];
  const world = { hasPython: true, asked, questions, errors, released: 0, timers: manualTimers() };
  const question = (list) => (...parts) =>
    new Promise((resolve, reject) => list.push({ parts, resolve: (body) => resolve({ body, buffers: [] }), reject }));
  world.responders = createResponders({
    askPython: question(asked),
    hasPython: () => world.hasPython,
    onChange() {},
    onError: (problem) => errors.push(problem.message),
    timers: world.timers,
  });
  world.responders.open({ requests: page, respond: question(questions), release: () => world.released++ });
  return world;
}

test("without an engine Python is asked", async () => {
  const { responders, asked, questions } = both();
  responders.close();
  void responders.request("decode", {});
  assert.deepEqual([asked.length, questions.length], [1, 0]);
  assert.deepEqual(responders.pageRequests, []);
});

test("the page decodes, and Python follows with the latest", async () => {
  const { responders, asked, questions } = both();
  for (const size of [3, 5, 7]) {
    const response = responders.request("decode", { size });
    questions.at(-1).resolve({ size });
    assert.deepEqual((await response).body, { size });
  }
  assert.deepEqual(asked.map(({ parts }) => parts[1].size), [3]);
  asked[0].resolve({});
  await settled();
  assert.deepEqual(asked.map(({ parts }) => parts[1].size), [3, 7]);
});

test("a sample is Python's, unless Python is late", async () => {
  const { responders, asked, questions, timers } = both();
  const quick = responders.request("sample", { seed: 1 });
  asked[0].resolve("Python's");
  assert.equal((await quick).body, "Python's");
  await settled();
  const slow = responders.request("sample", { seed: 2 });
  assert.equal(questions.length, 0);
  timers.fire(PATIENCE);
  questions[0].resolve("the page's");
  assert.equal((await slow).body, "the page's");
});

test("what Python refuses is refused, and what it cannot respond to any more the page does", async () => {
  const world = both();
  const refused = world.responders.request("sample", {});
  world.asked[0].reject(new Error("too hot"));
  await assert.rejects(refused, /too hot/);
  const lost = world.responders.request("sample", {});
  world.hasPython = false;
  world.asked[1].reject(new Error("Python has stopped"));
  await settled();
  world.questions[0].resolve("the page's");
  assert.equal((await lost).body, "the page's");
});

test("a file is read by Python, and without Python by the page; what the page cannot do is not asked of it", async () => {
  const world = both();
  void world.responders.request("midi", {});
  assert.deepEqual([world.asked.length, world.questions.length], [1, 0]);
  world.hasPython = false;
  void world.responders.request("midi", {});
  void world.responders.request("python", {});
  assert.deepEqual([world.asked.length, world.questions.length], [2, 1]);
});

test("an engine that never works is closed, and Python responds", async () => {
  const world = both();
  const response = world.responders.request("decode", {});
  world.questions[0].reject(new Error("no WebAssembly"));
  await settled();
  world.asked[0].resolve("Python's");
  assert.equal((await response).body, "Python's");
  assert.equal(world.released, 1);
  assert.deepEqual(world.errors, []);
});
