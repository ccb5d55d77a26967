// How many rolls stand side by side: as many as have room, in lines that are as equally long as can be.
/** @import { Disposables } from "../types.js" */

const GAP = 20; // [pixels], as in the style sheet

/**
 * @param {number} count       of rolls
 * @param {number} rollWidth   that one needs at least [pixels]
 * @param {number} width       of them all [pixels]
 */
export function columnCount(count, rollWidth, width) {
  const most = Math.max(1, Math.min(count, Math.floor((width + GAP) / (rollWidth + GAP))));
  return Math.ceil(count / Math.ceil(count / most));
}

/**
 * Keep the number of columns of a grid right as its width changes.
 * @param {HTMLElement} grid
 * @param {{ count: number, rollWidth: number, disposables: Disposables }} options
 */
export function keepColumns(grid, { count, rollWidth, disposables }) {
  const fit = () => grid.style.setProperty("--lp-columns", String(columnCount(count, rollWidth, grid.clientWidth)));
  const observer = new ResizeObserver(fit);
  observer.observe(grid);
  disposables.add(() => observer.disconnect());
}
