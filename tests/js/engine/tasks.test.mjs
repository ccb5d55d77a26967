// What is asked of the engine: newest first, in parts, and dropped when it is pointless.
import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeInParts } from "../../../latentpalette/widgets/static/engine/parts.js";
import { createTasks, finish } from "../../../latentpalette/widgets/static/engine/tasks.js";

/** Tasks whose turns are taken by hand. */
function tasksByHand() {
  const replies = [];
  const turns = [];
  const tasks = createTasks({ reply: (message) => replies.push(message), later: (next) => turns.push(next) });
  const turn = (count = 1) => {
    for (let k = 0; k < count; k++) turns.shift()?.();
  };
  return { tasks, replies, turn, turns };
}

/** A task of some parts. */
function* task(parts, result) {
  for (let k = 1; k < parts; k++) yield;
  return result;
}

test("a task replies once with its result", () => {
  const { tasks, replies, turn, turns } = tasksByHand();
  tasks.add({ id: 1, task: task(2, "a") });
  turn();
  assert.deepEqual(replies, []);
  turn();
  assert.deepEqual(replies, [{ id: 1, result: "a" }]);
  assert.equal(turns.length, 0);
});

test("nothing runs while one asks", () => {
  const { tasks, replies, turn } = tasksByHand();
  tasks.add({ id: 1, task: task(1, "a") });
  assert.deepEqual(replies, []);
  turn();
  assert.deepEqual(replies, [{ id: 1, result: "a" }]);
});

test("a newer question comes first, and the older one goes on after it", () => {
  const { tasks, replies, turn } = tasksByHand();
  tasks.add({ id: 1, task: task(3, "a") });
  turn();
  tasks.add({ id: 2, task: task(2, "b") });
  turn(4);
  assert.deepEqual(replies, [{ id: 2, result: "b" }, { id: 1, result: "a" }]);
});

test("a newer question on the same channel drops the older one", () => {
  const { tasks, replies, turn, turns } = tasksByHand();
  tasks.add({ id: 1, channel: "grid", task: task(9, "old") });
  tasks.add({ id: 2, task: task(1, "other") });
  turn();
  tasks.add({ id: 3, channel: "grid", task: task(1, "new") });
  turn(2);
  assert.deepEqual(replies, [{ id: 2, result: "other" }, { id: 1, dropped: true }, { id: 3, result: "new" }]);
  assert.equal(turns.length, 0);
});

test("an error ends its task alone", () => {
  const { tasks, replies, turn } = tasksByHand();
  tasks.add({ id: 1, task: task(1, "a") });
  tasks.add({
    id: 2,
    task: (function* () {
      throw new Error("no encoder");
    })(),
  });
  turn(2);
  assert.deepEqual(replies, [{ id: 2, error: "no encoder" }, { id: 1, result: "a" }]);
});

test("sequences are decoded in parts, each with its own random numbers", () => {
  const seen = [];
  const network = {
    config: { z_size: 2, steps: 256 },
    cores: [{}],
    isClasses: true,
    tokenWidth: 1,
    numUniforms: 1,
    decode(z, { uniforms }) {
      seen.push([[...z], uniforms.length]);
      return new Int32Array((z.length / 2) * 256).fill(seen.length);
    },
  };
  const z = Float32Array.from({ length: 18 }, (_, k) => k); // nine sequences: four are a part, as the kernels multiply so many
  const decoding = decodeInParts(network, z, { temperature: 1, uniforms: new Float32Array(9 * 256) });
  assert.deepEqual(decoding.next(), { value: undefined, done: false });
  assert.deepEqual(seen, [[[0, 1, 2, 3, 4, 5, 6, 7], 1024]]);
  const tokens = finish(decoding);
  assert.deepEqual(seen.slice(1), [[[8, 9, 10, 11, 12, 13, 14, 15], 1024], [[16, 17], 256]]);
  assert.deepEqual([0, 4, 8].map((row) => tokens[row * 256]), [1, 2, 3]);
});
