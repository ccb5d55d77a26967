// The row of clips that is shown: Python's, one that came as a response, or one that undo brings back. While a new one is
// decoded the last one stays, and plays on.
/** @import { ClipTable, OnError, Request, RequestState, SessionState, ShownRow, Timeouts } from "../types.js" */

import { toBytes } from "./bytes.js";
import { readClips } from "./cliptable.js";
import { latestOnly } from "./requests.js";

const MAX_ROWS = 60; // that are remembered
const INPUTS = ["end_clips", "n", "interpolation", "even_steps"];

/**
 * @param {object} options
 * @param {SessionState} options.state
 * @param {Request} options.request
 * @param {ShownRow} [options.last]                        what was shown when the last view closed
 * @param {() => void} options.onRow                       another row is shown
 * @param {(state: RequestState) => void} options.onState
 * @param {OnError} options.onError
 * @param {Timeouts} [options.timers]
 */
export function createRows({ state, request, last, onRow, onState, onError, timers }) {
  const keyOf = () => JSON.stringify(INPUTS.map((name) => state.get(name)));
  /** @type {Map<string, ClipTable>} */
  const known = new Map();
  const ofPython = () => ({ table: state.table("tiles"), key: keyOf(), given: state.get("tiles") });
  /** @type {ShownRow} */
  let shown = last?.given === state.get("tiles") ? /** @type {ShownRow} */ (last) : ofPython();
  known.set(shown.key, shown.table);

  /**
   * @param {string} key
   * @param {ClipTable} table
   */
  const show = (key, table) => {
    known.delete(key);
    known.set(key, table);
    if (known.size > MAX_ROWS) known.delete(/** @type {string} */ (known.keys().next().value));
    shown = { table, key, given: state.get("tiles") };
    onRow();
  };
  const asking = latestOnly({
    request: () => request("decode", {}),
    onResponse({ buffers }, { key }) {
      if (key !== shown.key) show(key, readClips(toBytes(buffers[0])));
    },
    onError,
    onState,
    timers,
  });

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
    if (state.get("tiles") !== shown.given) return show(key, ofPython().table);
    if (key === shown.key) return;
    const before = known.get(key);
    if (before) show(key, before);
    if (state.get("has_kernel")) asking.send({ key }); // Python decodes for itself what is shown here already
  }
  const unsubscribe = ["tiles", ...INPUTS].map((name) => state.on(name, schedule));
  if (shown.table.length !== state.get("n")) {
    shown.key = ""; // the last view had closed before its row came
    schedule();
  }

  return {
    get table() {
      return shown.table;
    },
    /** What is shown, to be shown again by the next view. */
    get shown() {
      return shown;
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
