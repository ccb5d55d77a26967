// What is asked of the engine: newest first, in parts, and dropped when it is pointless.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createTasks } from "../../../latentpalette/widgets/static/engine/tasks.js";
import { REQUESTS } from "../../../latentpalette/widgets/static/engine/requests.js";

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

function* parts(...values) {
  yield* values;
}

test("a task replies with its parts, and then that it is done", () => {
  const { tasks, replies, turn, turns } = tasksByHand();
  tasks.add({ id: 1, task: parts("a", "b") });
  assert.deepEqual(replies, []); // nothing runs while one asks
  turn(3);
  assert.deepEqual(replies, [
    { id: 1, part: "a" },
    { id: 1, part: "b" },
    { id: 1, done: true },
  ]);
  assert.equal(turns.length, 0);
});

test("a newer question comes first, and the older one goes on after it", () => {
  const { tasks, replies, turn } = tasksByHand();
  tasks.add({ id: 1, task: parts("a", "b") });
  turn();
  tasks.add({ id: 2, task: parts("c") });
  turn(4);
  assert.deepEqual(
    replies.map(({ id, part }) => [id, part]),
    [[1, "a"], [2, "c"], [2, undefined], [1, "b"], [1, undefined]],
  );
});

test("a newer question on the same channel drops the older one", () => {
  const { tasks, replies, turn } = tasksByHand();
  tasks.add({ id: 1, channel: "grid", task: parts("a", "b") });
  tasks.add({ id: 2, task: parts("other") });
  turn();
  tasks.add({ id: 3, channel: "grid", task: parts("c") });
  turn(9);
  assert.deepEqual(replies.filter(({ id }) => id === 1), [{ id: 1, dropped: true }]);
  assert.deepEqual(replies.filter(({ done }) => done).map(({ id }) => id), [3, 2]);
});

test("an error ends its task alone", () => {
  const { tasks, replies, turn } = tasksByHand();
  tasks.add({ id: 1, task: parts("a") });
  tasks.add({
    id: 2,
    task: (function* () {
      throw new Error("no encoder");
    })(),
  });
  turn(9);
  assert.deepEqual(replies, [{ id: 2, error: "no encoder" }, { id: 1, part: "a" }, { id: 1, done: true }]);
});

test("rows are decoded as they are needed: one, then three, then four at a time", () => {
  const seen = [];
  const network = {
    config: { z_size: 2 },
    decode: (z, { uniforms }) => {
      seen.push([[...z], uniforms && [...uniforms]]);
      return new Int32Array(z.length / 2);
    },
  };
  const z = Float32Array.from({ length: 20 }, (_, k) => k);
  const uniforms = Float32Array.from({ length: 10 }, (_, k) => k / 10);
  const order = [9, 0, 1, 2, 3, 4, 5, 6, 7, 8];
  const decoded = [...REQUESTS.decode({ network }, { z, order, temperature: 1, uniforms })];
  assert.deepEqual(decoded.map(({ rows }) => rows), [[9], [0, 1, 2], [3, 4, 5, 6], [7, 8]]);
  assert.deepEqual(seen[0], [[18, 19], [Math.fround(0.9)]]);
  assert.deepEqual(seen[3][0], [14, 15, 16, 17]);
});
