// Two views of one widget, each with a model of its own, as anywidget and marimo hand them out.

import assert from "node:assert/strict";
import { test } from "node:test";

import { forgetGrid, openSession, shownGrid } from "../../latentpalette/widgets/static/state/session.js";
import { shareModel, shareSessions } from "../../latentpalette/widgets/static/state/sharing.js";
import { FakeModel, z } from "./fakemodel.mjs";
import { KICK, KICK_JSON, bytes } from "./opensession.mjs";

let count = 0;
const createModel = (changes = {}) => new FakeModel({ kit_index: [], widget_id: `widget ${count++}`, ...changes });

// A model of a view's own: `leave` removes what was added through it, as the host does when the view closes.
function proxyOf(model) {
  const added = [];
  return {
    get: (name) => model.get(name),
    set: (name, value) => model.set(name, value),
    save_changes: () => model.save_changes(),
    send: (...message) => model.send(...message),
    on(type, handler) {
      added.push([type, handler]);
      model.on(type, handler);
    },
    off: (type, handler) => model.off(type, handler),
    leave: () => added.splice(0).forEach(([type, handler]) => model.off(type, handler)),
  };
}

function openView(model) {
  const proxy = proxyOf(model);
  const { session, close } = openSession(proxy);
  return {
    session,
    close() {
      close();
      proxy.leave();
    },
  };
}

const countListeners = (model) => [...model.handlers.values()].reduce((sum, handlers) => sum + handlers.size, 0);
const gridOf = (token) => bytes(3, token);

test("all views of a widget have one session, whatever models they are given", () => {
  const model = createModel();
  const unshare = shareModel(proxyOf(model));
  const views = [openView(model), openView(model), openView(model)];
  assert.equal(new Set(views.map(({ session }) => session)).size, 1);
  views.forEach(({ close }) => close());
  unshare();
  assert.equal(countListeners(model), 0);
});

test("widgets do not share a session", () => {
  const [one, other] = [createModel(), createModel()].map((model) => {
    shareModel(proxyOf(model));
    return openView(model);
  });
  assert.notEqual(one.session, other.session);
  one.close();
  other.close();
});

test("when the view that opened the session closes, the others go on", () => {
  const model = createModel();
  shareModel(proxyOf(model));
  const [first, second] = [openView(model), openView(model)];
  const seen = [];
  second.session.state.on("volume", () => seen.push(model.get("volume")));
  first.close();
  model.fromPython({ volume: 0.25 });
  assert.deepEqual(seen, [0.25]);
  model.fromPython({ playing: true });
  assert.equal(second.session.needsClick, true);
  second.close();
  assert.equal(model.get("playing"), false, "nothing plays that no view could stop");
  assert.equal(countListeners(model), 0);
});

test("a view that opens after the last has closed gets a session of its own", () => {
  const model = createModel();
  shareModel(proxyOf(model));
  const first = openView(model);
  first.close();
  const second = openView(model);
  assert.notEqual(second.session, first.session);
  second.close();
});

test("a host that calls no `initialize` is served by the model of the view", () => {
  const created = [];
  const open = shareSessions((model) => {
    created.push(model);
    return { dispose() {} };
  });
  const model = createModel();
  const [one, other] = [open(model), open(model)];
  assert.equal(one.session, other.session);
  assert.deepEqual(created, [model]);
});

test("the grid that was decoded last is there when the palette is shown again", () => {
  const model = createModel();
  shareModel(proxyOf(model));
  const first = openView(model);
  const corner_clips = [KICK_JSON, ...model.get("corner_clips").slice(1)];
  first.session.state.set({ corner_clips });
  const grid = { buffers: [gridOf(5), z(2)], percentiles: Array(9).fill(10), from: { corner_clips, size: 3, interpolation: "lerp", chords: [] } };
  first.session.state.adopt(grid);
  first.close();
  assert.equal(shownGrid(model.get("widget_id")).cells.byteLength, gridOf(5).byteLength, "a notebook saved meanwhile has it");
  const second = openView(model);
  assert.equal(second.session.state.cells.at(4).notes.length, 64);
  assert.equal(second.session.state.isStale, false);
  second.close();

  model.fromPython({ cells: gridOf(7) });
  const third = openView(model);
  assert.equal(third.session.state.cells.at(4).notes.length, 96, "Python has sent another since");
  third.close();
  forgetGrid(model.get("widget_id"));
  assert.deepEqual(shownGrid(model.get("widget_id")), {});
});

test("a grid that was still being decoded when the last view closed is asked for again", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const model = createModel();
  shareModel(proxyOf(model));
  const first = openView(model);
  first.session.commands.setCorner(0, KICK, "edited");
  first.close();
  t.mock.timers.runAll();
  assert.deepEqual(model.sent, []);
  const second = openView(model);
  assert.equal(second.session.state.isStale, true);
  t.mock.timers.tick(1000);
  assert.deepEqual(model.sent.map(({ name }) => name), ["decode"]);
  second.close();
});
