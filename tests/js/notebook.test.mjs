import assert from "node:assert/strict";
import { test } from "node:test";

import { KERNEL_LOST, linkKernel } from "../../latentpalette/widgets/static/state/kernellink.js";
import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";
import { createEdits, createStore } from "../../latentpalette/widgets/static/state/edits.js";
import { createRequester } from "../../latentpalette/widgets/static/state/requests.js";
import { keepInNotebook } from "../../latentpalette/widgets/static/state/notebook.js";
import { createState } from "../../latentpalette/widgets/static/state/state.js";
import { holdBareKeys } from "../../latentpalette/widgets/static/view/keys.js";
import { FakeModel } from "./fakemodel.mjs";

const VIEW = "application/vnd.jupyter.widget-view+json";
const STATE = "application/vnd.jupyter.widget-state+json";

function createSignal() {
  const handlers = new Set();
  return {
    connect: (handler) => handlers.add(handler),
    disconnect: (handler) => handlers.delete(handler),
    emit: (value) => [...handlers].forEach((handler) => handler(null, value)),
    get size() {
      return handlers.size;
    },
  };
}

// A notebook as JupyterLab has it, with a cell for each list of ids whose views are its outputs.
// Views of the ids in `looking` find their models; the others have given up.
function openNotebook(cells, metadata = {}, looking = []) {
  const drawn = [];
  const models = new Map();
  const notebook = {
    dirty: false,
    cells: cells.map((ids) => {
      const outputs = ids.map((id) => ({
        trusted: true,
        data: { [VIEW]: { model_id: id }, "image/png": btoa("png") },
      }));
      return {
        outputs: {
          length: outputs.length,
          get: (index) => outputs[index],
          toJSON: () => ids,
          fromJSON(ids) {
            notebook.dirty = true;
            drawn.push(ids);
          },
        },
      };
    }),
    getMetadata: (name) => metadata[name],
    setMetadata: (name, value) => (metadata[name] = value),
    deleteMetadata: (name) => delete metadata[name],
  };
  const manager = {
    context: { model: notebook, saveState: createSignal(), path: "a.ipynb" },
    has_model: (id) => models.has(id),
    async new_model(options, state) {
      models.set(options.model_id, { options, state });
      const views = looking.includes(options.model_id) ? { first: {} } : {};
      return { model_id: options.model_id, views };
    },
  };
  return { manager, notebook, metadata, models, drawn, save: () => manager.context.saveState.emit("started") };
}

function createModel(manager, id, traits) {
  const model = new MemoryModel({
    ...{ widget_id: id, _esm: "script", _css: "style", saved_traits: Object.keys(traits) },
    ...{ _model_name: "AnyModel", _model_module: "anywidget", _model_module_version: "~0.11.*" },
    ...traits,
  });
  model.widget_manager = manager;
  return model;
}

const bytes = (...values) => new DataView(Uint8Array.from(values).buffer);
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Open a notebook that was saved with widgets of these ids, and wait until they are restored. */
async function openAgain(t, cells, { looking = [], live = [] } = {}) {
  const before = openNotebook(cells);
  for (const id of cells.flat()) keepInNotebook(createModel(before.manager, id, { sound: bytes(1, 2, 255), label: "A" }));
  before.save();
  const opened = openNotebook(cells, before.metadata, looking);
  for (const id of live) opened.models.set(id, "live");
  const keeper = new MemoryModel(before.metadata.widgets[STATE].state.latentpalette.state);
  keeper.widget_manager = opened.manager;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  keepInNotebook(keeper);
  await settled();
  t.mock.timers.runAll();
  await settled();
  return opened;
}

test("a saved notebook has what its widgets show, and equal bytes and scripts once", () => {
  const { manager, metadata, save } = openNotebook([["one"], ["two"]]);
  keepInNotebook(createModel(manager, "one", { sound: bytes(1, 2), label: "A" }));
  keepInNotebook(createModel(manager, "two", { sound: bytes(1, 2) }), () => ({ grid: new Uint16Array([256]) }));
  save();
  const { state } = metadata.widgets[STATE];
  assert.deepEqual(Object.keys(state), ["latentpalette"]);
  const { saved } = state.latentpalette.state;
  assert.deepEqual(saved.scripts, [null, "style"]);
  assert.deepEqual(saved.blobs, [btoa("\x01\x02"), btoa("\x00\x01")]);
  assert.deepEqual(saved.widgets.map(({ state }) => state), [
    { sound: { blob: 0 }, label: "A" },
    { sound: { blob: 0 }, grid: { blob: 1 } },
  ]);
});

test("a widget whose output is gone is not saved, and other widgets stay as they are", () => {
  const other = { model_name: "IntSliderModel" };
  const { manager, notebook, metadata, save } = openNotebook([["one"]], {
    widgets: { [STATE]: { version_major: 2, version_minor: 0, state: { other } } },
  });
  keepInNotebook(createModel(manager, "one", {}));
  notebook.cells = [];
  save();
  assert.deepEqual(metadata.widgets[STATE].state, { other });
});

test("without any widget nothing is left in the notebook", () => {
  const { manager, notebook, metadata, save } = openNotebook([["one"]]);
  keepInNotebook(createModel(manager, "one", {}));
  save();
  notebook.cells = [];
  save();
  assert.deepEqual(metadata, {});
});

test("opened again, widgets are made from what was saved, drawn, and the notebook is unchanged", async (t) => {
  const { notebook, models, drawn } = await openAgain(t, [["one"]]);
  const { options, state: restored } = models.get("one");
  assert.deepEqual(options, {
    model_id: "one",
    model_name: "AnyModel",
    model_module: "anywidget",
    model_module_version: "~0.11.*",
  });
  assert.deepEqual([restored.label, restored._esm, restored._css, restored.has_kernel], ["A", "script", "style", false]);
  assert.deepEqual([...new Uint8Array(restored.sound.buffer)], [1, 2, 255]);
  assert.equal(new TextDecoder().decode(restored.png), "png");
  assert.deepEqual([drawn, notebook.dirty], [[["one"]], false]);
});

test("a cell is drawn anew once, if one of its views has given up", async (t) => {
  const { drawn } = await openAgain(t, [["one"], ["two", "three"], ["four"]], { looking: ["one", "two"] });
  assert.deepEqual(drawn, [["two", "three"], ["four"]]);
});

test("of two views of a widget the one that has given up is drawn", async (t) => {
  const { drawn } = await openAgain(t, [["one"], ["one"]], { looking: ["one"] });
  assert.deepEqual(drawn, [["one"], ["one"]]);
});

test("a widget that the kernel still has is left to it", async (t) => {
  const { models, drawn } = await openAgain(t, [["one"]], { live: ["one"] });
  assert.deepEqual([models.get("one"), drawn], ["live", []]);
});

test("sounds are saved until a notebook is large enough, and all else in any case", () => {
  const { manager, metadata, save } = openNotebook([["one"], ["two"]]);
  keepInNotebook(createModel(manager, "one", { sounds: new DataView(new ArrayBuffer(400_000)) }));
  keepInNotebook(createModel(manager, "two", { sounds: new DataView(new ArrayBuffer(400_001)), kit: bytes(3) }));
  save();
  const { blobs, widgets } = metadata.widgets[STATE].state.latentpalette.state.saved;
  assert.deepEqual(
    widgets.map(({ state }) => Object.values(state).map(({ blob }) => blobs[blob].length)),
    [[533_336], [0, 4]],
  );
});

test("where there is no notebook nothing happens", () => {
  keepInNotebook(new MemoryModel({}));
});

// --- the kernel ---------------------------------------------------------------------------------------------------

for (const status of ["restarting", "autorestarting", "dead"]) {
  test(`a kernel that is ${status} is lost, once, and pending requests end`, async () => {
    const statusChanged = createSignal();
    const kernelChanged = createSignal();
    const model = new MemoryModel({});
    model.send = () => {};
    model.widget_manager = { context: { sessionContext: { statusChanged, kernelChanged } } };
    let times = 0;
    const link = linkKernel(model, () => {
      times++;
      requester.abandon(new Error(KERNEL_LOST));
    });
    const requester = createRequester(link.model);
    const pending = requester.request("decode", {});
    statusChanged.emit("busy");
    assert.equal(times, 0);
    statusChanged.emit(status);
    statusChanged.emit(status);
    assert.equal(times, 1);
    await assert.rejects(pending, /run the cell again/);
    await assert.rejects(requester.request("decode", {}), /run the cell again/);
    link.dispose();
    assert.equal(statusChanged.size + kernelChanged.size, 0);
  });
}

test("a message that cannot be sent means that the kernel is lost", () => {
  const model = new MemoryModel({});
  let lost = false;
  model.save_changes = () => {
    throw new Error("Kernel is dead");
  };
  const link = linkKernel(model, () => (lost = true));
  link.model.save_changes();
  assert.ok(lost && link.lost);
});

// --- edits --------------------------------------------------------------------------------------------------------

const NAMES = [
  "corner_clips", "labels", "left_out", "size", "points", "qpm", "mutes", "locks", "bars_per_cell", "path_mode",
  "launch_quantization", "use_original_corners",
];

function openPalette(store, id, changes = {}, origin = "cell") {
  const model = new FakeModel(changes);
  Object.assign(model.traits, { origin, widget_id: id });
  const state = createState(model);
  const edits = createEdits({ state, model, names: NAMES, onChange() {}, store });
  return {
    edits,
    set(name, value) {
      state.set({ [name]: value });
      return settled();
    },
  };
}

test("what was edited is offered to the palette that takes its place, and to no other", async () => {
  const store = createStore({});
  await openPalette(store, "first").set("size", 5);
  assert.equal(openPalette(store, "second").edits.offered.size, 5);
  assert.equal(openPalette(store, "first").edits.offered, null, "the same palette, on a page that was reloaded");
  assert.equal(openPalette(store, "third", {}, "another cell").edits.offered, null);
  assert.equal(openPalette(store, "fourth", { size: 5 }).edits.offered, null, "it has them already");
});

test("an offer that is withdrawn is gone", async () => {
  const store = createStore({});
  await openPalette(store, "first").set("qpm", 97);
  const { edits } = openPalette(store, "second");
  edits.withdraw();
  assert.equal(edits.offered, null);
});

test("a palette that came with a saved notebook offers what it has", () => {
  const store = createStore({});
  openPalette(store, "saved", { has_kernel: false, size: 7 });
  assert.equal(openPalette(store, "run").edits.offered.size, 7);
});

test("what a tab has kept is not offered where it is damaged, or does not fit the palette that the cell makes now", () => {
  const storeWith = (text) => ({ get: () => text, set() {} });
  const offeredOf = (text) => openPalette(storeWith(text), "second").edits.offered;
  assert.equal(offeredOf("{"), null);
  assert.equal(offeredOf('{"id":"first"}'), null);
  assert.equal(offeredOf('{"id":"first","traits":{"corner_clips":[1]}}'), null);
  const clips = new FakeModel().get("corner_clips");
  assert.deepEqual(offeredOf(JSON.stringify({ id: "first", traits: { corner_clips: clips } })), { corner_clips: clips });
  assert.equal(offeredOf(JSON.stringify({ id: "first", traits: { corner_clips: clips, mutes: [true] } })), null, "another number of lanes");
});

test("a page that may store nothing keeps edits itself", () => {
  const scope = {
    get sessionStorage() {
      throw new Error("not allowed");
    },
  };
  createStore(scope).set("a", "b");
  assert.equal(createStore(scope).get("a"), "b");
});

// --- keys ---------------------------------------------------------------------------------------------------------

const isHeld = (key, tag = "div", modifiers = {}) => {
  let held = false;
  holdBareKeys({
    key,
    ...modifiers,
    target: { matches: (selector) => selector.split(", ").includes(tag) },
    stopPropagation: () => (held = true),
  });
  return held;
};

test("bare letters stay, keys of the notebook pass, and fields have their own", () => {
  assert.ok(isHeld("b") && isHeld("A", "div", { shiftKey: true }) && isHeld(" ", "button") && isHeld("0"));
  assert.ok(isHeld("Enter", "button") && isHeld("ArrowUp", "input") && isHeld("ArrowDown", "select"));
  assert.ok(!isHeld("Enter", "button", { shiftKey: true }) && !isHeld("Enter", "button", { ctrlKey: true }));
  assert.ok(!isHeld("s", "div", { ctrlKey: true }) && !isHeld("s", "div", { metaKey: true }));
  assert.ok(!isHeld("Escape") && !isHeld("ArrowUp", "button") && !isHeld("Enter") && !isHeld("Tab", "button"));
});
