// The order of the changes of a page, so that a session undoes the newest change of any of its instruments.
// Each widget carries its own copy of this module, so what is shared hangs on the global object under a symbol.

const CHANGES = Symbol.for("latentpalette.changes");

/** @returns {{ count: number, open: number }}   the number of changes, and how many `asOneChange` are running */
const shared = () => (/** @type {any} */ (globalThis)[CHANGES] ??= { count: 0, open: 0 });

/** The number of a change that is being made: higher than those of all before. */
export function changeNumber() {
  const changes = shared();
  return changes.open ? changes.count : ++changes.count;
}

/**
 * Let changes of several instruments be one: a session undoes them together.
 * @param {() => void} change
 */
export function asOneChange(change) {
  const changes = shared();
  if (!changes.open++) changes.count++;
  try {
    change();
  } finally {
    changes.open--;
  }
}
