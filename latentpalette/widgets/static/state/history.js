// Undo and redo: two stacks of snapshots. One is small (36 kB for 21 by 21 cells), so nothing is computed again. A
// snapshot may hold less than the whole state: only what a change is about.

/**
 * @template Snapshot
 * @param {{ limit?: number, onChange?: () => void }} [options]
 */
export function createHistory({ limit = 100, onChange = () => {} } = {}) {
  /** @type {Snapshot[]} */
  const past = [];
  /** @type {Snapshot[]} */
  const future = [];
  /**
   * @param {Snapshot[]} from
   * @param {Snapshot[]} to
   * @param {(snapshot: Snapshot) => Snapshot} presentOf
   */
  const move = (from, to, presentOf) => {
    const snapshot = from.pop();
    if (!snapshot) return null;
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
      if (past.length > limit) past.shift();
      future.length = 0;
      onChange();
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
