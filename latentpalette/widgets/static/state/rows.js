// The row, or the grid, of clips that is shown: Python's, one that came as a response, or one that undo brings back. While
// a new one is decoded the last one stays, and plays on.
/** @import { ClipTable, Model, OnError, Request, RequestState, SessionState, ShownRow, Timeouts } from "../types.js" */

import { toBytes } from "./bytes.js";
import { readClips } from "./cliptable.js";
import { createFillIn } from "./fillin.js";
import { keepInNotebook } from "./notebook.js";
import { asksPage, canAsk, latestOnly } from "./requests.js";
import { shareModel } from "./sharing.js";

export const MIN_N = 2; // steps between two ends
export const MAX_N = 33;
const MAX_ROWS = 60; // that are remembered

/** @type {Map<string, ShownRow>} */
const SHOWN = new Map(); // by the id of the widget: the next view shows what the last one did

/**
 * Let the views of a widget find its model, and its notebook keep the row that is shown: the model does not have one
 * that came as a response.
 * @param {Model} model
 * @param {string} trait   that has the clips
 * @returns {() => void}   forgets both, when the widget is gone
 */
export function keepRow(model, trait) {
  const id = model.get("widget_id");
  const unshare = shareModel(model);
  keepInNotebook(model, () => {
    const row = SHOWN.get(id);
    return row ? { [trait]: row.table.toBytes() } : {};
  });
  return () => {
    unshare();
    SHOWN.delete(id);
  };
}

/**
 * @param {object} options
 * @param {string} options.id                              of the widget
 * @param {SessionState} options.state
 * @param {string} options.trait                           that has the clips of Python
 * @param {string[]} options.inputs                        what they are decoded from
 * @param {() => number} options.count                     how many are asked for
 * @param {Request} options.request
 * @param {(indices: readonly number[]) => number[]} [options.firstOf]   in which order what is missing of a row is asked for
 * @param {() => void} options.onRow                       another row is shown
 * @param {() => void} options.changed                     the request is at another state
 * @param {OnError} options.onError
 * @param {Timeouts} [options.timers]
 */
export function createRows({ id, state, trait, inputs, count, request, firstOf, onRow, changed, onError, timers }) {
  const keyOf = () => JSON.stringify(inputs.map((name) => state.get(name)));
  /** @type {Map<string, ClipTable>} */
  const known = new Map();
  const ofPython = () => ({ table: state.table(trait), key: keyOf(), given: state.get(trait) });
  const last = SHOWN.get(id);
  /** @type {ShownRow} */
  let shown = last?.given === state.get(trait) ? /** @type {ShownRow} */ (last) : ofPython();
  known.set(shown.key, shown.table);

  /**
   * @param {string} key
   * @param {ClipTable} table
   */
  const show = (key, table) => {
    known.delete(key);
    known.set(key, table);
    if (known.size > MAX_ROWS) known.delete(/** @type {string} */ (known.keys().next().value));
    shown = { table, key, given: state.get(trait) };
    if (id) SHOWN.set(id, shown);
    onRow();
  };
  /** @type {RequestState} */
  let decodeState = "idle";
  const asking = latestOnly({
    request: () => request("decode", {}),
    onResponse({ buffers }, { key }) {
      if (key !== shown.key) show(key, readClips(toBytes(buffers[0])));
      fillIn();
    },
    onError,
    onState(now) {
      decodeState = now;
      if (now === "asking") onError(null);
      changed();
    },
    overtakes: () => asksPage(state, "decode"),
    timers,
  });

  const fillMissing = createFillIn({
    request,
    missing: () => ({ grid: shown, body: {}, indices: firstOf?.(shown.table.missing) ?? [] }),
    receive(indices, bytes) {
      shown.table = shown.table.with(indices, toBytes(bytes));
      known.set(shown.key, shown.table);
      onRow();
    },
    onError,
  });
  /** Request what is missing of the row that is shown, of those that Python decodes part by part. */
  const fillIn = () => {
    if (canAsk(state, "cells") && shown.key === keyOf()) void fillMissing();
  };

  let scheduled = false;
  /** Several values may change one after the other; look at them together. */
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      follow();
    });
  };
  function follow() {
    const key = keyOf();
    if (state.get(trait) !== shown.given) {
      show(key, ofPython().table);
      return fillIn();
    }
    if (key === shown.key) return fillIn();
    const before = known.get(key);
    if (before) show(key, before);
    if (canAsk(state, "decode")) asking.send({ key }); // Python decodes for itself what is shown here already
  }
  const unsubscribe = [trait, ...inputs].map((name) => state.on(name, schedule));
  if (shown.table.length !== count()) shown.key = ""; // the last view had closed before its row came
  schedule();

  return {
    get table() {
      return shown.table;
    },
    /** How far the request for another row is. */
    get decodeState() {
      return decodeState;
    },
    /** True if the row was decoded from other ends, or in another number of steps. */
    get isStale() {
      return shown.key !== keyOf();
    },
    dispose() {
      unsubscribe.forEach((off) => off());
      asking.dispose();
    },
  };
}
