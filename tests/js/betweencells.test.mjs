// The puck between the cells: what plays is decoded exactly there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createBetweenCells } from "../../latentpalette/widgets/static/state/betweencells.js";
import { createPlayback } from "../../latentpalette/widgets/static/state/playback.js";
import { createResponders } from "../../latentpalette/widgets/static/state/responders.js";
import { createState } from "../../latentpalette/widgets/static/state/state.js";
import { FakeModel } from "./fakemodel.mjs";
import { clipBytes, clipJson } from "./helpers.mjs";
import { settled } from "./opensession.mjs";

const exactClip = clipJson(Array(32).fill(256));
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function open(changes, answer = async () => ({ body: {}, buffers: [view(clipBytes([exactClip]))] })) {
  const model = new FakeModel({ between_cells: true, page_requests: ["between"], ...changes });
  const state = createState(model);
  const asked = [];
  const request = async (name, body) => {
    asked.push([name, body.point]);
    return answer(name, body);
  };
  const arrived = [];
  const between = createBetweenCells({ state, request, onPlace: (point) => arrived.push(point), onError: assert.fail });
  const playback = createPlayback({ state, between, makePlayer: () => null, onChange() {}, onError: assert.fail });
  return { state, between, playback, asked, arrived };
}

test("a puck between the cells is asked for at once, and then plays there", async () => {
  const { state, playback, asked, arrived } = open();
  state.set({ puck: [0.3, 0.4] });
  const nearest = playback.clip();
  assert.deepEqual([asked, playback.point()], [[["between", [0.3, 0.4]]], null]);
  await settled();
  assert.deepEqual([arrived, playback.point()], [[[0.3, 0.4]], [0.3, 0.4]]);
  assert.notDeepEqual(playback.clip(), nearest);
  assert.equal(playback.clip().notes.length, 32);
});

test("on a cell, and with the switch off, the cell plays", async () => {
  const { state, playback, asked } = open();
  state.set({ puck: [0.5, 1] });
  assert.deepEqual(asked, []);
  state.set({ puck: [0.3, 0.4] });
  await settled();
  state.set({ between_cells: false });
  assert.equal(playback.point(), null);
  state.set({ puck: [0.7, 0.4] });
  assert.equal(asked.length, 1);
});

test("while other corners are on their way the cells play, as they were", async () => {
  const { state, playback } = open();
  state.set({ puck: [0.3, 0.4] });
  await settled();
  const corners = state.get("corner_clips").slice();
  corners[0] = exactClip;
  state.set({ corner_clips: corners });
  assert.equal(playback.point(), null);
});

test("where the page's engine stops, what is asked instead is told what the grid is decoded from", async () => {
  const toPython = [];
  const responders = createResponders({
    askPython: async (name, body) => {
      toPython.push([name, body]);
      return { body: {}, buffers: [view(clipBytes([exactClip]))] };
    },
    hasPython: () => true,
    onChange() {},
    onError: assert.fail,
  });
  const requests = ["between"];
  responders.open({ requests, respond: () => Promise.reject(new Error("the worker is gone")), release() {} });
  const { state, playback } = open({}, responders.request);
  const [corners, size] = [state.get("corner_clips"), state.get("size")];
  state.set({ puck: [0.3, 0.4] });
  await settled();
  const [[name, body]] = toPython;
  assert.deepEqual([name, body.point, body.corner_clips, body.size], ["between", [0.3, 0.4], corners, size]);
  assert.deepEqual(playback.point(), [0.3, 0.4]);
});
