// The row, or the grid, of clips that is shown: Python's, one that came as a response, or one that undo brings back. While
// a new one is decoded the last one stays, and plays on.
/** @import { Model, OnError, Request, RequestState, SessionState, ShownRow, Timeouts } from "../types.js" */

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
export function createRows({ id, state, trait, inputs, count, request, firstOf = (missing) => [...missing], onRow, changed, onError, timers }) {
  const keyOf = () => JSON.stringify(inputs.map((name) => state.get(name)));
  /** @type {Map<string, ShownRow>} */
  const known = new Map();
  /** @returns {ShownRow} */
  const ofPython = () => ({ table: state.table(trait), progress: state.get("progress"), key: keyOf(), given: state.get(trait) });
  const last = SHOWN.get(id);
  /** @type {ShownRow} */
  let shown = last?.given === state.get(trait) ? /** @type {ShownRow} */ (last) : ofPython();
  known.set(shown.key, shown);

  /** @param {Omit<ShownRow, "given">} row */
  const show = ({ key, table, progress }) => {
    shown = { table, progress, key, given: state.get(trait) };
    known.delete(key);
    known.set(key, shown);
    if (known.size > MAX_ROWS) known.delete(/** @type {string} */ (known.keys().next().value));
    if (id) SHOWN.set(id, shown);
    onRow();
  };
  /** @type {RequestState} */
  let decodeState = "idle";
  const asking = latestOnly({
    request: () => request("decode", {}),
    onResponse({ body, buffers }, { key }) {
      if (key !== shown.key) show({ key, table: readClips(toBytes(buffers[0])), progress: body.progress });
      else if (unplaced()) shown.progress = body.progress; // Python begins again
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

  /** How many places are still to be decoded before even steps are chosen among them. */
  const unplaced = () => {
    const [done, all] = shown.progress ?? [0, 0];
    return all > shown.table.length ? all - done : 0;
  };
  const fillMissing = createFillIn({
    request,
    missing() {
      const { missing } = shown.table;
      return { grid: shown, body: {}, indices: firstOf(missing), left: missing.length + unplaced() };
    },
    receive({ indices, progress }, bytes) {
      shown.progress = progress;
      if (indices.length) shown.table = shown.table.with(indices, toBytes(bytes));
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
      show(ofPython());
      return fillIn();
    }
    if (key === shown.key) return fillIn();
    const before = known.get(key);
    if (before) show(before);
    if (canAsk(state, "decode")) asking.send({ key }); // Python decodes for itself what is shown here already
  }
  const unsubscribe = [trait, ...inputs].map((name) => state.on(name, schedule));
  if (shown.table.length !== count()) shown.key = ""; // the last view had closed before its row came
  schedule();

  return {
    get table() {
      return shown.table;
    },
    /** The row that is shown: the same one while its clips come. */
    get shown() {
      return shown;
    },
    /**
     * The clip of an index; while it is not there the nearest one that is.
     * @param {number} index
     */
    nearest(index) {
      const { table } = shown;
      for (let by = 0; by < table.length; by++) {
        const clip = table.at(index - by) ?? table.at(index + by);
        if (clip) return clip;
      }
      return null;
    },
    /** How many places are decoded, of how many, where some are still to come; else null. */
    get progress() {
      const { length, missing } = shown.table;
      if (unplaced()) return shown.progress;
      return missing.length ? /** @type {[number, number]} */ ([length - missing.length, length]) : null;
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
