// Where things lie on the board. x runs to the right and y down, both 0 to 1 between the centres of the corner cells.

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const nearest = (value, size) => clamp(Math.floor(value * (size - 1) + 0.5), 0, size - 1);

export function cellAt(x, y, size) {
  return { row: nearest(y, size), col: nearest(x, size) };
}

export function cellCenter(row, col, size) {
  return [col / (size - 1), row / (size - 1)];
}

// The share of corners A (top left), B (top right), C (bottom left), D (bottom right).
export function weightsAt(x, y) {
  return [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y];
}

// A point of the board (0 to 1 over its whole width, margins included) in the coordinates of the puck.
export function toPlane(across, down, size) {
  const plane = (part) => clamp((part * size - 0.5) / (size - 1), 0, 1);
  return [plane(across), plane(down)];
}

// And back: where a puck coordinate is drawn, 0 to 1 over the whole width of the board.
export const toBoard = (value, size) => (value * (size - 1) + 0.5) / size;

// A stroke as it is kept: points more than `apart` from the last one kept; the end always stays.
export function thin(points, apart) {
  const kept = [];
  points.forEach((point, i) => {
    const last = kept[kept.length - 1];
    const far = !last || Math.hypot(point[0] - last[0], point[1] - last[1]) > apart;
    if (far) kept.push(point);
    else if (i === points.length - 1 && kept.length > 1) kept[kept.length - 1] = point;
  });
  return kept;
}

// The cells a stroke crosses, each with the segment of the stroke that lies in it (`from`, `to`: length along the stroke).
// A stroke is looked at eight times a cell: a corner it only brushes does not count.
export function crossings(points, size) {
  const found = [];
  let length = 0;
  const visit = (x, y, at) => {
    const cell = cellAt(x, y, size);
    const last = found[found.length - 1];
    if (last && last.row === cell.row && last.col === cell.col) last.to = at;
    else {
      if (last) last.to = at;
      found.push({ ...cell, from: at, to: at });
    }
  };
  points.forEach(([x, y], i) => {
    if (i === 0) return visit(x, y, 0);
    const [px, py] = points[i - 1];
    const pieces = Math.max(1, Math.ceil(Math.max(Math.abs(x - px), Math.abs(y - py)) * (size - 1) * 8));
    const distance = Math.hypot(x - px, y - py);
    for (let k = 1; k <= pieces; k++) {
      visit(px + ((x - px) * k) / pieces, py + ((y - py) * k) / pieces, length + (distance * k) / pieces);
    }
    length += distance;
  });
  return found;
}

export function cellsAlong(points, size) {
  return crossings(points, size).map(({ row, col }) => ({ row, col }));
}

// The point `at` this length along a stroke.
export function pointAlong(points, at) {
  let left = at;
  for (let i = 1; i < points.length; i++) {
    const [px, py] = points[i - 1];
    const [x, y] = points[i];
    const distance = Math.hypot(x - px, y - py);
    if (left <= distance && distance > 0) return [px + ((x - px) * left) / distance, py + ((y - py) * left) / distance];
    left -= distance;
  }
  return points[points.length - 1];
}
