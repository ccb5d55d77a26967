// What was edited in an instrument. In a notebook it is offered to the instrument that takes its place: a cell that is
// run again makes a new one, as the code has it. On a page of its own it is there again when the page is opened again.
/** @import { InstrumentState, Model } from "../types.js" */

import { fromText, toText } from "./bytes.js";
import { fits } from "./checkvalues.js";
import { createHistoryStore, createPageStore } from "./pagestore.js";

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
 * @param {InstrumentState} options.state
 * @param {Model} options.model
 * @param {string[]} options.names   the traits that are edited; without the first, what is stored is of an earlier version
 * @param {string[]} [options.places]   those that say where one is: they are in state files, beside those
 * @param {() => void} options.onChange
 * @param {ReturnType<typeof createStore>} [options.store]
 * @param {ReturnType<typeof createPageStore>} [options.pages]
 * @param {ReturnType<typeof createPageStore>} [options.histories]
 */
export function createEdits({
  state,
  model,
  names,
  places = [],
  onChange,
  store = createStore(),
  pages = createPageStore(),
  histories = createHistoryStore(),
}) {
  const origin = model.get("origin"); // the cell, or the corners, that the instrument was made from
  const id = model.get("widget_id");
  const place = model.widget_manager?.context?.path ?? globalThis.location?.pathname ?? "";
  const key = `latentpalette:${place}:${origin}`;
  const present = () => Object.fromEntries(names.map((name) => [name, state.get(name)]));
  const initial = present();
  const isPage = !origin && id && state.get("has_kernel") === false;
  const pageKey = `${globalThis.location?.pathname ?? ""}:${id}:${hashOf(toText(initial))}`;
  /** @type {Record<string, any> | null} */
  let offered = null;
  if (origin) {
    const stored = read(store.get(key));
    const isOther = stored?.id !== id && toText(stored?.traits) !== toText(present());
    const traits = Object.entries(stored?.traits ?? {});
    const isRight = traits.every(([name, value]) => names.includes(name) && fits(name, value, state));
    if (isRight && traits.some(([name]) => name === names[0]) && isOther) offered = stored.traits;
  }
  let restored = false;
  if (isPage) {
    const known = pages.get(pageKey);
    if (known && names.every((name) => fits(name, known[name], state))) {
      state.set(known);
      restored = true;
    }
  }
  const save = () => {
    if (!isPage) return store.set(key, toText({ id, traits: present() }));
    if (toText(present()) === toText(initial)) pages.remove(pageKey);
    else pages.set(pageKey, present());
  };
  let scheduled = false;
  const onEdit = () => {
    if (scheduled || !(origin || isPage)) return;
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
    /** True if the page is as it was left, not as it came, and nobody has put the notice of that away. */
    get restored() {
      return restored;
    },
    dismiss() {
      restored = false;
      onChange();
    },
    /** Where the browser keeps the history of the instrument; undefined where it keeps nothing. */
    storage:
      origin || isPage
        ? {
            get: () => (isPage ? histories.get(pageKey) : read(store.get(`${key}:history`))),
            set: (/** @type {any} */ value) =>
              isPage ? histories.set(pageKey, value) : store.set(`${key}:history`, toText(value)),
          }
        : undefined,
    /** What it came with. */
    initial,
    present,
    places: () => Object.fromEntries(places.map((name) => [name, state.get(name)])),
  };
}

/**
 * What a text of the store says; null where it is damaged.
 * @param {string | null} text
 */
function read(text) {
  try {
    return fromText(text ?? "null");
  } catch {
    return null;
  }
}

/**
 * A short text for a long one.
 * @param {string} text
 */
function hashOf(text) {
  let hash = 5381;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 33) ^ text.charCodeAt(at)) >>> 0;
  return hash.toString(36);
}
