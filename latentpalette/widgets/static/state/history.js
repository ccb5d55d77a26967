// Undo and redo: two stacks of snapshots. One is small (36 kB for 21 by 21 cells), so nothing is computed again. A
// snapshot may hold less than the whole state: only what a change is about. Changes of a series (a drag, typing, a turn of
// a knob) are one step.

import { changeNumber } from "./changeorder.js";

const PAUSE = 1000; // [milliseconds] that ends a series

/**
 * @template Snapshot
 * @param {{ limit?: number, onChange?: () => void }} [options]
 */
export function createHistory({ limit = 100, onChange = () => {} } = {}) {
  /** @typedef {{ snapshot: Snapshot, number: number }} Step   the number is that of the change among all of the page */
  /** @type {Step[]} */
  const past = [];
  /** @type {Step[]} */
  const future = [];
  let series = { name: "", time: -Infinity }; // of the last step
  let begins = false; // true if the next step is the first of its series
  /**
   * @param {Step[]} from
   * @param {Step[]} to
   * @param {(snapshot: Snapshot) => Snapshot} presentOf
   */
  const move = (from, to, presentOf) => {
    const step = from.pop();
    if (!step) return null;
    const { snapshot, number } = step;
    series = { name: "", time: -Infinity };
    to.push({ snapshot: presentOf(snapshot), number });
    onChange();
    return snapshot;
  };
  return {
    /**
     * Remember the present, before a change.
     * @param {Snapshot} present
     */
    push(present) {
      past.push({ snapshot: present, number: changeNumber() });
      if (!begins) series = { name: "", time: -Infinity };
      begins = false;
      if (past.length > limit) past.shift();
      future.length = 0;
      onChange();
    },
    /**
     * True if a change goes on with the last step: it is of the same series, with no other step and no pause between.
     * Ask before each change of a series.
     * @param {string} name
     * @param {number} time   of the change [milliseconds]
     */
    continues(name, time) {
      const goesOn = !begins && name === series.name && time - series.time < PAUSE;
      series = { name, time };
      begins = !goesOn;
      return goesOn;
    },
    /**
     * @param {(snapshot: Snapshot) => Snapshot} presentOf   returns the present of what a snapshot holds
     * @returns {Snapshot | null}   what to restore; null if there is nothing to undo
     */
    undo: (presentOf) => move(past, future, presentOf),
    /**
     * @param {(snapshot: Snapshot) => Snapshot} presentOf
     * @returns {Snapshot | null}
     */
    redo: (presentOf) => move(future, past, presentOf),
    /** The number of the change that undo takes back; 0 if there is none. */
    get undoNumber() {
      return past.at(-1)?.number ?? 0;
    },
    /** The number of the change that redo brings back; Infinity if there is none. */
    get redoNumber() {
      return future.at(-1)?.number ?? Infinity;
    },
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
  };
}
