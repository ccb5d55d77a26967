// Drawing of the path: a smooth line with arrows that point the way it runs.
/** @import { Point } from "../../types.js" */

const MAX_ARROWS = 100; // along a path

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Point[]} points   [pixels]
 * @param {{ scale: number, ink: string, paper: string, faint: boolean }} style
 */
export function drawPath(ctx, points, { scale, ink, paper, faint }) {
  ctx.save();
  ctx.globalAlpha = faint ? 0.45 : 1;
  ctx.lineCap = ctx.lineJoin = "round";
  trace(ctx, points, 10 * scale);
  ctx.strokeStyle = paper;
  ctx.lineWidth = 6 * scale;
  ctx.globalAlpha *= 0.5;
  ctx.stroke();
  ctx.globalAlpha = faint ? 0.45 : 1;
  trace(ctx, points, 10 * scale);
  ctx.strokeStyle = ink;
  ctx.lineWidth = 2.6 * scale;
  ctx.stroke();
  ctx.fillStyle = ink;
  for (const { x, y, angle } of arrowsAlong(points, 90 * scale)) {
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.beginPath();
    ctx.moveTo(5.5 * scale, 0);
    ctx.lineTo(-3.5 * scale, -4 * scale);
    ctx.lineTo(-3.5 * scale, 4 * scale);
    ctx.closePath();
    ctx.fill();
    ctx.restore();
  }
  const [x, y] = points[0];
  ctx.beginPath();
  ctx.arc(x, y, 4.5 * scale, 0, 2 * Math.PI);
  ctx.fillStyle = paper;
  ctx.fill();
  ctx.lineWidth = 2.2 * scale;
  ctx.stroke();
  ctx.restore();
}

/**
 * Trace a smooth line: each bend is cut short, by at most `bend`, so that the line stays where the puck will go.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Point[]} points
 * @param {number} bend   [pixels]
 */
function trace(ctx, points, bend) {
  /** @type {(from: Point, to: Point) => Point} */
  const towards = ([x, y], [tx, ty]) => {
    const distance = Math.hypot(tx - x, ty - y);
    const part = distance ? Math.min(0.5, bend / distance) : 0;
    return [x + (tx - x) * part, y + (ty - y) * part];
  };
  ctx.beginPath();
  ctx.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i++) {
    ctx.lineTo(...towards(points[i], points[i - 1]));
    ctx.quadraticCurveTo(...points[i], ...towards(points[i], points[i + 1]));
  }
  ctx.lineTo(...points[points.length - 1]);
}

/**
 * Arrows that point the way a stroke runs: one every so often, and one at its end.
 * @param {Point[]} points
 * @param {number} every   distance between arrows, or more where there would be too many
 * @returns {{ x: number, y: number, angle: number }[]}   angles in radians, clockwise from the right
 */
export function arrowsAlong(points, every) {
  const lengths = points.slice(1).map(([x, y], i) => Math.hypot(x - points[i][0], y - points[i][1]));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  /** @type {{ x: number, y: number, angle: number }[]} */
  const arrows = [];
  every = Math.max(every, total / MAX_ARROWS);
  let next = every / 2;
  let passed = 0;
  lengths.forEach((length, i) => {
    const [[px, py], [x, y]] = [points[i], points[i + 1]];
    const angle = Math.atan2(y - py, x - px);
    for (; next <= passed + length && next < total - every / 2; next += every) {
      const part = (next - passed) / length;
      arrows.push({ x: px + (x - px) * part, y: py + (y - py) * part, angle });
    }
    passed += length;
    if (i === lengths.length - 1 && total > 0) arrows.push({ x, y, angle });
  });
  return arrows;
}
