// Geometry of the board. Points have x to the right and y down, both 0 to 1 between the centers of the corner cells.
/** @import { Cell, Crossing, Point } from "../types.js" */

export const MAX_PATH_POINTS = 5000; // as Python accepts them
export const MAX_STROKE_POINTS = 1000; // of a stroke that is drawn by hand
const SAMPLES_PER_CELL = 8; // along a stroke: a corner of a cell that it only brushes does not count

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
/**
 * @param {number} value
 * @param {number} size
 */
const nearest = (value, size) => clamp(Math.floor(value * (size - 1) + 0.5), 0, size - 1);

/**
 * The cell at a point.
 * @param {number} x
 * @param {number} y
 * @param {number} size   cells along a side
 * @returns {Cell}
 */
export function cellAt(x, y, size) {
  return { row: nearest(y, size), col: nearest(x, size) };
}

/**
 * The center of a cell.
 * @param {number} row
 * @param {number} col
 * @param {number} size
 * @returns {Point}
 */
export function cellCenter(row, col, size) {
  return [col / (size - 1), row / (size - 1)];
}

/**
 * Bilinear weights of the corners A (top left), B (top right), C (bottom left), D (bottom right) at a point.
 * @param {number} x
 * @param {number} y
 * @returns {number[]}   four, adding up to 1
 */
export function weightsAt(x, y) {
  return [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y];
}

/**
 * Format a weight in hundredths, halves rounded up: ".32", "1.00".
 * @param {number} weight   0 to 1
 */
export function formatWeight(weight) {
  const hundredths = Math.floor(100 * weight + 0.5 + 1e-9); // a product such as 0.05 * 0.1 may miss the half by a bit
  return (hundredths / 100).toFixed(2).replace(/^0/, "");
}

/**
 * The point at a place on the board.
 * @param {number} across   0 to 1 over the board's whole width, the outer halves of the outer cells included
 * @param {number} down
 * @param {number} size
 * @returns {Point}
 */
export function toPlane(across, down, size) {
  const plane = (/** @type {number} */ part) => clamp((part * size - 0.5) / (size - 1), 0, 1);
  return [plane(across), plane(down)];
}

/**
 * The place on the board of a coordinate of a point: the inverse of `toPlane`.
 * @param {number} value
 * @param {number} size
 * @returns {number}   0 to 1 over the board's whole width
 */
export const toBoard = (value, size) => (value * (size - 1) + 0.5) / size;

/**
 * Thin out a stroke: drop points less than `apart` from the one before, except the end.
 * @param {Point[]} points
 * @param {number} apart
 * @returns {Point[]}
 */
export function thin(points, apart) {
  /** @type {Point[]} */
  const thinned = [];
  points.forEach((point, i) => {
    const last = thinned[thinned.length - 1];
    const far = !last || Math.hypot(point[0] - last[0], point[1] - last[1]) > apart;
    if (far) thinned.push(point);
    else if (i === points.length - 1 && thinned.length > 1) thinned[thinned.length - 1] = point;
  });
  return thinned;
}

/**
 * Thin out a stroke as `thin` does, and further until it has few enough points.
 * @param {Point[]} points
 * @param {number} apart   the least distance between points
 * @param {number} [most]
 * @returns {Point[]}
 */
export function simplify(points, apart, most = MAX_STROKE_POINTS) {
  let thinned = thin(points, apart);
  for (let distance = 1.5 * apart; thinned.length > most; distance *= 1.5) thinned = thin(points, distance);
  return thinned;
}

/** @type {WeakMap<Point[], { size: number, crossed: Crossing[] }>} */
const CROSSINGS = new WeakMap(); // of strokes that were asked for before: a status line asks again and again

/**
 * The cells that a stroke crosses, in order. A cell that is entered again counts again.
 * @param {Point[]} points   afterwards unchanged
 * @param {number} size
 * @returns {Crossing[]}
 */
export function crossings(points, size) {
  const known = CROSSINGS.get(points);
  if (known?.size === size) return known.crossed;
  const crossed = findCrossings(points, size);
  CROSSINGS.set(points, { size, crossed });
  return crossed;
}

/**
 * @param {Point[]} points
 * @param {number} size
 * @returns {Crossing[]}
 */
function findCrossings(points, size) {
  /** @type {Crossing[]} */
  const crossed = [];
  let length = 0;
  const visit = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ distance) => {
    const cell = cellAt(x, y, size);
    const last = crossed[crossed.length - 1];
    if (last && last.row === cell.row && last.col === cell.col) last.to = distance;
    else {
      if (last) last.to = distance;
      crossed.push({ ...cell, from: distance, to: distance });
    }
  };
  points.forEach(([x, y], i) => {
    if (i === 0) return visit(x, y, 0);
    const [px, py] = points[i - 1];
    const samples = Math.max(Math.abs(x - px), Math.abs(y - py)) * (size - 1) * SAMPLES_PER_CELL;
    const pieces = Math.max(1, Math.ceil(samples));
    const distance = Math.hypot(x - px, y - py);
    for (let k = 1; k <= pieces; k++) {
      visit(px + ((x - px) * k) / pieces, py + ((y - py) * k) / pieces, length + (distance * k) / pieces);
    }
    length += distance;
  });
  return crossed;
}

/**
 * @param {Point[]} points
 * @param {number} size
 * @returns {Cell[]}
 */
export function cellsAlong(points, size) {
  return crossings(points, size).map(({ row, col }) => ({ row, col }));
}

/**
 * The point at a distance along a stroke.
 * @param {Point[]} points
 * @param {number} distance   beyond the end: the end
 * @returns {Point}
 */
export function pointAlong(points, distance) {
  let left = distance;
  for (let i = 1; i < points.length; i++) {
    const [px, py] = points[i - 1];
    const [x, y] = points[i];
    const length = Math.hypot(x - px, y - py);
    if (left <= length && length > 0) return [px + ((x - px) * left) / length, py + ((y - py) * left) / length];
    left -= length;
  }
  return points[points.length - 1];
}
