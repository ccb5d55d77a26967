// Undo and redo: two stacks of snapshots. One is small (36 kB for 21 by 21 cells), so nothing is computed again.

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
   * @param {Snapshot} present
   */
  const move = (from, to, present) => {
    const snapshot = from.pop();
    if (!snapshot) return null;
    to.push(present);
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
     * @param {Snapshot} present
     * @returns {Snapshot | null}   what to restore; null if there is nothing to undo
     */
    undo: (present) => move(past, future, present),
    /**
     * @param {Snapshot} present
     * @returns {Snapshot | null}
     */
    redo: (present) => move(future, past, present),
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
  };
}
