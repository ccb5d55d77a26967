// Undo and redo: two stacks of snapshots. One is small (36 kB for 21 by 21 cells), so nothing is computed again. A
// snapshot may hold less than the whole state: only what a change is about. Changes of a series (a drag, typing, a turn of
// a knob) are one step.

const PAUSE = 1000; // [milliseconds] that ends a series

/**
 * @template Snapshot
 * @param {{ limit?: number, onChange?: () => void }} [options]
 */
export function createHistory({ limit = 100, onChange = () => {} } = {}) {
  /** @type {Snapshot[]} */
  const past = [];
  /** @type {Snapshot[]} */
  const future = [];
  let series = { name: "", time: -Infinity }; // of the last step
  let begins = false; // true if the next step is the first of its series
  /**
   * @param {Snapshot[]} from
   * @param {Snapshot[]} to
   * @param {(snapshot: Snapshot) => Snapshot} presentOf
   */
  const move = (from, to, presentOf) => {
    const snapshot = from.pop();
    if (!snapshot) return null;
    series = { name: "", time: -Infinity };
    to.push(presentOf(snapshot));
    onChange();
    return snapshot;
  };
  return {
    /**
     * Remember the present, before a change.
     * @param {Snapshot} present
     */
    push(present) {
      past.push(present);
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
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
  };
}
