// A session without views: state, history and commands, over a model whose Python side the test is.

import { createRequester } from "../../latentpalette/widgets/static/state/requests.js";
import { createGridRequest } from "../../latentpalette/widgets/static/state/gridrequest.js";
import { createState } from "../../latentpalette/widgets/static/state/state.js";
import { createCommands } from "../../latentpalette/widgets/static/state/commands.js";
import { createHistory } from "../../latentpalette/widgets/static/state/history.js";
import { clipFromJson } from "../../latentpalette/widgets/static/state/clip.js";
import { FakeModel } from "./fakemodel.mjs";
import { clipBytes, clipJson } from "./helpers.mjs";

// Timers that fire when the test says so.
export function manualTimers() {
  const waiting = new Map();
  let count = 0;
  return {
    setTimeout: (call, delay) => (waiting.set(++count, { call, delay }), count),
    clearTimeout: (id) => void waiting.delete(id),
    fire(delay) {
      for (const [id, timer] of [...waiting]) if (timer.delay === delay) (waiting.delete(id), timer.call());
    },
    get delays() {
      return [...waiting.values()].map(({ delay }) => delay);
    },
  };
}

export const settled = () => new Promise((resolve) => setImmediate(resolve));
export const KICK_JSON = clipJson(Array.from({ length: 32 }, (_, step) => (step % 4 ? 0 : 1)));
export const KICK = clipFromJson(KICK_JSON);
export const EMPTY = { steps: 32, notes: [] };
// A grid whose cells all have these drums on every step.
export const bytes = (size, token) => clipBytes(Array(size * size).fill(clipJson(Array(32).fill(token))));

export function openSession(changes) {
  const model = new FakeModel(changes);
  const state = createState(model);
  const requester = createRequester(model);
  const history = createHistory();
  const timers = manualTimers();
  const states = [];
  const errors = [];
  const onError = (problem) => errors.push(problem.message);
  const gridRequest = createGridRequest({ state, request: requester.request, onState: (decodeState) => states.push(decodeState), onError, timers });
  const commands = createCommands({ state, history, gridRequest, request: requester.request, onError });
  state.on("outside", (before) => history.push(before));
  return { model, state, history, commands, timers, states, errors };
}
