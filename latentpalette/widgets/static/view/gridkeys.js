// Keys that move in a square of cells.

/**
 * The cell that a key goes to; null where it is no key for that.
 * @param {string} key
 * @param {[row: number, col: number]} from
 * @param {number} last   index of the last row and column
 * @returns {[row: number, col: number] | null}
 */
export function cellOfKey(key, [row, col], last) {
  /** @type {Record<string, [row: number, col: number]>} */
  const moves = {
    ArrowLeft: [row, col - 1],
    ArrowRight: [row, col + 1],
    ArrowUp: [row - 1, col],
    ArrowDown: [row + 1, col],
    Home: [row, 0],
    End: [row, last],
    PageUp: [0, col],
    PageDown: [last, col],
  };
  const inside = (/** @type {number} */ index) => Math.min(last, Math.max(0, index));
  return key in moves ? [inside(moves[key][0]), inside(moves[key][1])] : null;
}
