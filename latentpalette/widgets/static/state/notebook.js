// Widgets in a saved notebook: JupyterLab and Notebook 7 open it again, and they play without a kernel.
//
// Jupyter restores models from the metadata of a notebook. We write one model there whenever it is saved, the keeper,
// which has the state of all our widgets on display. When the notebook is opened again the keeper makes their models,
// unless the kernel still has them. Scripts and sounds that widgets share are stored once; and because views do not
// name the keeper, programs that look for their models there (nbconvert, nbviewer) show the picture beside the view.
/** @import { Model, NotebookOutput, SavedWidgets } from "../types.js" */

import { fromBase64, toBase64, toBytes } from "./bytes.js";

const REGISTRY = Symbol.for("latentpalette.notebooks");
const STATE = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";
const KEEPER = "latentpalette"; // the keeper's model id
const KIND = ["model_name", "model_module", "model_module_version"];
const VIEW_TRAITS = { _view_name: "AnyView", _view_count: null, _dom_classes: [], layout: null, tabbable: null, tooltip: null };
const LOOKING = 100; // [milliseconds] until a view of JupyterLab that waits for its model looks for it again
const MAX_SOUNDS = 1_000_000; // characters of the sounds of rolls in a notebook; the first ones are stored

/**
 * Make a model known to its notebook: saved with it, or, if the model is the keeper, the source of others.
 * @param {Model} model
 * @param {() => Record<string, any>} [present]   what differs from the traits by now
 */
export function keepInNotebook(model, present = () => ({})) {
  const manager = model.widget_manager;
  const context = manager?.context;
  if (!context?.saveState?.connect || !context.model?.setMetadata) return;
  const registry = /** @type {any} */ (globalThis)[REGISTRY] ??= new WeakMap();
  if (!registry.has(manager)) {
    const models = new Map();
    registry.set(manager, models);
    context.saveState.connect((/** @type {unknown} */ _, /** @type {string} */ phase) => {
      if (phase === "started") writeMetadata(context.model, models);
    });
  }
  if (model.get("saved")) void restore(model, manager);
  else registry.get(manager).set(model.get("widget_id"), { model, present });
}

/**
 * The outputs of a cell that have a view, with the ids of their models.
 * @param {any} cell
 * @returns {{ id: string, output: NotebookOutput }[]}
 */
function viewsOf({ outputs }) {
  return Array.from({ length: outputs?.length ?? 0 }, (_, index) => outputs.get(index))
    .map((output) => ({ id: output.data?.[VIEW]?.model_id, output }))
    .filter(({ id }) => id);
}

/**
 * Every output of the notebook that has a view, by the id of its model.
 * @param {any} notebook   JupyterLab's model of the notebook
 * @returns {Map<string, NotebookOutput[]>}
 */
function outputsById(notebook) {
  const found = new Map();
  for (const { id, output } of [...notebook.cells].flatMap(viewsOf)) found.set(id, [...(found.get(id) ?? []), output]);
  return found;
}

/**
 * The models that a notebook shows: those of its outputs, and the instruments that a session among them shows.
 * @param {Iterable<string>} outputs   ids
 * @param {(id: string) => { id: string }[] | undefined} membersOf
 * @returns {Set<string>}
 */
const shownIds = (outputs, membersOf) => new Set([...outputs].flatMap((id) => [id, ...(membersOf(id) ?? []).map((member) => member.id)]));

/**
 * @param {any} notebook
 * @param {Map<string, { model: Model, present: () => Record<string, any> }>} models
 */
function writeMetadata(notebook, models) {
  const shown = shownIds(outputsById(notebook).keys(), (id) => models.get(id)?.model.get("members"));
  for (const id of models.keys()) if (!shown.has(id)) models.delete(id); // its cell was run again, or is gone
  const { [KEEPER]: _, ...others } = notebook.getMetadata("widgets")?.[STATE]?.state ?? {};
  const missing = [...models].filter(([id]) => !(id in others)); // all, unless JupyterLab saves the state of widgets
  const state = missing.length ? { ...others, [KEEPER]: keeperOf(missing) } : others;
  if (Object.keys(state).length) {
    notebook.setMetadata("widgets", { [STATE]: { version_major: 2, version_minor: 0, state } });
  } else if (notebook.getMetadata("widgets")) notebook.deleteMetadata("widgets");
}

/** @param {[string, { model: Model, present: () => Record<string, any> }][]} entries */
function keeperOf(entries) {
  /** @type {SavedWidgets} */
  const saved = { scripts: [], widgets: [], blobs: [] };
  const position = (/** @type {(string | null)[]} */ list, /** @type {string} */ text) => {
    const known = list.indexOf(text);
    return known < 0 ? list.push(text) - 1 : known;
  };
  let sounds = 0;
  for (const [id, { model, present }] of entries) {
    /** @type {Record<string, any>} */
    const state = {};
    for (const name of model.get("saved_traits")) state[name] = model.get(name);
    Object.assign(state, present());
    for (const [name, value] of Object.entries(state)) {
      if (!ArrayBuffer.isView(value)) continue;
      const text = toBase64(toBytes(/** @type {ArrayBufferView<ArrayBuffer>} */ (value)));
      if (name === "sounds" && !saved.blobs.includes(text)) sounds += text.length;
      state[name] = { blob: position(saved.blobs, name === "sounds" && sounds > MAX_SOUNDS ? "" : text) };
    }
    const [script, style] = ["_esm", "_css"].map((name) => position(saved.scripts, model.get(name)));
    saved.widgets.push({ id, script, style, state });
  }
  const { model } = entries[0][1];
  const [{ script: own }] = saved.widgets; // any script of ours can restore them all
  const scripts = saved.scripts.map((text, index) => (index === own ? null : text));
  const traits = Object.fromEntries(KIND.map((name) => [`_${name}`, model.get(`_${name}`)]));
  return {
    ...kindOf(model),
    state: { ...traits, _anywidget_id: KEEPER, _esm: saved.scripts[own], saved: { ...saved, scripts } },
  };
}

/** @param {Model} model */
const kindOf = (model) => Object.fromEntries(KIND.map((name) => [name, model.get(`_${name}`)]));

/**
 * Make the models that the keeper has and the notebook shows, and draw the cells that say "model not found".
 * @param {Model} keeper
 * @param {any} manager
 */
async function restore(keeper, manager) {
  const notebook = manager.context.model;
  const saved = /** @type {SavedWidgets} */ (keeper.get("saved"));
  const shown = outputsById(notebook);
  const states = new Map(saved.widgets.map(({ id, state }) => [id, state]));
  const wanted = shownIds(shown.keys(), (id) => states.get(id)?.members);
  const missing = saved.widgets.filter(({ id }) => wanted.has(id) && !manager.has_model(id));
  // All are known to the manager when this line is done, before the first of them is made.
  const models = await Promise.all(
    missing.map((widget) => {
      const png = shown.get(widget.id)?.[0].data["image/png"];
      return manager.new_model(
        { model_id: widget.id, ...kindOf(keeper) },
        {
          ...stateOf(keeper, saved, widget),
          ...(png ? { png: fromBase64([png].flat().join("")) } : {}),
        },
      );
    }),
  );
  // JupyterLab's view looks for its model for two seconds, and then gives up for good if all that the kernel and the
  // notebook have is restored, as it is before our script runs. Views that still look find the model at their next
  // look, and timers of equal length end in the order in which they began: then who has no view has given up.
  await new Promise((resolve) => setTimeout(resolve, LOOKING));
  const given = new Set(missing.filter((_, index) => isNotDrawn(models[index], shown)).map(({ id }) => id));
  const { dirty } = notebook;
  for (const cell of notebook.cells) {
    if (viewsOf(cell).some(({ id }) => given.has(id))) cell.outputs.fromJSON(cell.outputs.toJSON());
  }
  notebook.dirty = dirty; // nothing has changed
}

/**
 * @param {{ model_id: string, views?: object }} model   JupyterLab's
 * @param {Map<string, NotebookOutput[]>} shown
 */
function isNotDrawn({ model_id: id, views = {} }, shown) {
  const outputs = (shown.get(id) ?? []).filter(({ trusted }) => trusted); // others are pictures
  return Object.keys(views).length < outputs.length;
}

/**
 * The traits of a widget that was saved.
 * @param {Model} keeper
 * @param {SavedWidgets} saved
 * @param {SavedWidgets["widgets"][number]} widget
 */
function stateOf(keeper, { scripts, blobs }, { id, script, style, state }) {
  const traits = Object.entries(state).map(([name, value]) => [
    name,
    value?.blob === undefined ? value : fromBase64(blobs[value.blob]),
  ]);
  return {
    ...Object.fromEntries(traits),
    ...VIEW_TRAITS,
    _view_module: keeper.get("_model_module"),
    _view_module_version: keeper.get("_model_module_version"),
    widget_id: id,
    has_kernel: false,
    playing: false,
    _anywidget_id: `${KEEPER}.${style}`,
    _esm: scripts[script] ?? keeper.get("_esm"),
    _css: scripts[style],
  };
}
