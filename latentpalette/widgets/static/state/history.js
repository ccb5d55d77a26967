// Undo and redo: two stacks of whole states. A state is small (a grid of 21 by 21 is 28 kB), so nothing is computed again.
export function createHistory({ limit = 100, onChange = () => {} } = {}) {
  const past = [];
  const future = [];
  const step = (from, to, present) => {
    if (!from.length) return null;
    to.push(present);
    const state = from.pop();
    onChange();
    return state;
  };
  return {
    // Call before a change, with the state as it is.
    push(present) {
      past.push(present);
      if (past.length > limit) past.shift();
      future.length = 0;
      onChange();
    },
    undo: (present) => step(past, future, present),
    redo: (present) => step(future, past, present),
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
  };
}
