// What was edited in an instrument, so that it can be offered to the one that takes its place: a cell that is run again
// makes a new one, as the code has it.
/** @import { InstrumentState, Model } from "../types.js" */

import { fromBase64, toBase64, toBytes } from "./bytes.js";

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
 * @param {Pick<InstrumentState, "get" | "on">} options.state
 * @param {Model} options.model
 * @param {string[]} options.names   the traits that are edited; without the first, what is stored is of an earlier version
 * @param {() => void} options.onChange
 * @param {ReturnType<typeof createStore>} [options.store]
 */
export function createEdits({ state, model, names, onChange, store = createStore() }) {
  const origin = model.get("origin"); // the cell, or the corners, that the instrument was made from
  const id = model.get("widget_id");
  const place = model.widget_manager?.context?.path ?? globalThis.location?.pathname ?? "";
  const key = `latentpalette:${place}:${origin}`;
  const present = () => Object.fromEntries(names.map((name) => [name, asText(state.get(name))]));
  /** @type {Record<string, any> | null} */
  let offered = null;
  if (origin) {
    const stored = JSON.parse(store.get(key) ?? "null");
    const isOther = stored?.id !== id && JSON.stringify(stored?.traits) !== JSON.stringify(present());
    if (stored && names[0] in stored.traits && isOther) offered = fromText(stored.traits);
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
  for (const name of names) state.on(name, onEdit);
  if (origin && !state.get("has_kernel") && !store.get(key)) save(); // opened with a saved notebook, edits included
  return {
    /** What an earlier instrument of this cell had, if it differs. */
    get offered() {
      return offered;
    },
    withdraw() {
      offered = null;
      onChange();
    },
  };
}

/**
 * Bytes as what JSON can hold; all else as it is.
 * @param {any} value
 */
const asText = (value) => (ArrayBuffer.isView(value) ? { base64: toBase64(toBytes(/** @type {DataView<ArrayBuffer>} */ (value))) } : value);

/** @param {Record<string, any>} traits */
const fromText = (traits) =>
  Object.fromEntries(
    Object.entries(traits).map(([name, value]) => [name, typeof value?.base64 === "string" ? fromBase64(value.base64) : value]),
  );
