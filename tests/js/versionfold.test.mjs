// Which states of a history stand in a line.

import assert from "node:assert/strict";
import { test } from "node:test";

import { foldVersions } from "../../latentpalette/widgets/static/state/versionfold.js";

const states = (count, ...starred) => Array.from({ length: count }, (_, id) => ({ id, isStarred: starred.includes(id) }));
const idsOf = (versions) => versions.map(({ id }) => id);

test("where there is room for all, all are there", () => {
  const list = states(6, 2);
  assert.deepEqual(foldVersions(list, list[5], 6), list);
  assert.deepEqual(foldVersions([], null, 6), []);
});

test("else the newest are", () => {
  const list = states(100);
  assert.deepEqual(idsOf(foldVersions(list, list[99], 4)), [96, 97, 98, 99]);
});

test("an older one with a star stays, in a third of the room at most, the newest of them first", () => {
  const list = states(100, 3, 20, 21, 30);
  assert.deepEqual(idsOf(foldVersions(list, list[99], 9)), [20, 21, 30, 94, 95, 96, 97, 98, 99]);
  assert.deepEqual(idsOf(foldVersions(list, list[99], 6)), [21, 30, 96, 97, 98, 99]);
});

test("the one that someone went back to stays, whatever there is room for", () => {
  const list = states(100, 20, 30);
  assert.deepEqual(idsOf(foldVersions(list, list[7], 6)), [7, 30, 96, 97, 98, 99]);
  assert.deepEqual(idsOf(foldVersions(list, list[7], 1)), [7]);
  const starred = states(10, 4, 5, 6, 7, 8, 9);
  assert.deepEqual(idsOf(foldVersions(starred, starred[1], 3)), [1, 8, 9]);
});

test("newest ones with a star give way to no other", () => {
  const list = states(10, 2, 7, 8, 9);
  assert.deepEqual(idsOf(foldVersions(list, list[9], 3)), [7, 8, 9]);
  assert.deepEqual(idsOf(foldVersions(list, list[9], 4)), [2, 7, 8, 9]);
});
