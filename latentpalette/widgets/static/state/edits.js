// What was edited in a palette, so that it can be offered to the one that takes its place: a cell that is run again
// makes a new palette, as the code has it.
/** @import { EditedTraits, Model, State } from "../types.js" */

/** @type {(keyof EditedTraits)[]} */
const EDITED = [
  "corner_clips", "labels", "left_out", "size", "points", "qpm", "mutes", "locks", "bars_per_cell", "path_mode",
  "launch_quantization", "use_original_corners", "interpolation",
];
const IN_PAGE = Symbol.for("latentpalette.edits"); // where a page may store nothing

/**
 * Strings of this tab, by key; they outlast a reload where the browser allows.
 * @param {any} scope
 */
export function createStore(scope = globalThis) {
  const inPage = (scope[IN_PAGE] ??= new Map());
  return {
    /** @param {string} key */
    get(key) {
      try {
        return scope.sessionStorage.getItem(key) ?? inPage.get(key) ?? null;
      } catch {
        return inPage.get(key) ?? null;
      }
    },
    /**
     * @param {string} key
     * @param {string} text
     */
    set(key, text) {
      inPage.set(key, text);
      try {
        scope.sessionStorage.setItem(key, text);
      } catch {
        // full, or not allowed: the page has it
      }
    },
  };
}

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Model} options.model
 * @param {() => void} options.onChange
 * @param {ReturnType<typeof createStore>} [options.store]
 */
export function createEdits({ state, model, onChange, store = createStore() }) {
  const origin = model.get("origin"); // the cell, or the corners, that the palette was made from
  const id = model.get("widget_id");
  const place = model.widget_manager?.context?.path ?? globalThis.location?.pathname ?? "";
  const key = `latentpalette:${place}:${origin}`;
  const present = () => /** @type {EditedTraits} */ (Object.fromEntries(EDITED.map((name) => [name, state.get(name)])));
  /** @type {EditedTraits | null} */
  let offered = null;
  if (origin) {
    const stored = JSON.parse(store.get(key) ?? "null");
    // Those of an earlier version have no clips.
    if (stored && "corner_clips" in stored.traits && stored.id !== id && JSON.stringify(stored.traits) !== JSON.stringify(present())) offered = stored.traits;
  }
  const save = () => store.set(key, JSON.stringify({ id, traits: present() }));
  let scheduled = false;
  const onEdit = () => {
    if (scheduled || !origin) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      save();
    });
  };
  for (const name of EDITED) state.on(name, onEdit);
  if (origin && !state.get("has_kernel") && !store.get(key)) save(); // opened with a saved notebook, edits included
  return {
    /** What an earlier palette of this cell had, if it differs. */
    get offered() {
      return offered;
    },
    withdraw() {
      offered = null;
      onChange();
    },
  };
}
