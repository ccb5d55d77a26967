// Drawing of the board on canvases: the field of colors with its thumbnails, the path, the puck.
/** @import { Cell, Tokens, Point } from "../types.js" */

import { fieldColor } from "./color.js";
import { cellCenter, toBoard, weightsAt } from "../state/geometry.js";
import { NUM_DRUMS } from "../state/pattern.js";

const MAX_ARROWS = 100; // along a path

/** @param {HTMLCanvasElement} canvas */
const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/**
 * Draw the field: each cell in the blend of its place, on it its own pattern.
 * @param {HTMLCanvasElement} canvas
 * @param {object} field
 * @param {number} field.width                                       [pixels]
 * @param {number} field.size                                        cells along a side
 * @param {boolean} field.dark
 * @param {(row: number, col: number) => Tokens} field.tokensAt
 * @param {(row: number, col: number) => number} field.opacityAt     of a cell's thumbnail, 0 to 1
 */
export function drawField(canvas, { width, size, dark, tokensAt, opacityAt }) {
  const ctx = contextOf(canvas);
  const edge = (/** @type {number} */ i) => Math.round((i * width) / size);
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) {
      const [left, top] = [edge(col), edge(row)];
      const [across, down] = [edge(col + 1) - left, edge(row + 1) - top];
      ctx.globalAlpha = 1;
      ctx.fillStyle = fieldColor(weightsAt(...cellCenter(row, col, size)), dark);
      ctx.fillRect(left, top, across, down);
      const opacity = opacityAt(row, col);
      if (opacity <= 0) continue;
      ctx.globalAlpha = opacity * (dark ? 0.72 : 0.6);
      ctx.fillStyle = dark ? "#fff" : "#14161c";
      drawThumbnail(ctx, tokensAt(row, col), left, top, across, down);
    }
  }
  ctx.globalAlpha = 1;
}

/**
 * Draw a pattern in a box. Edges lie on whole pixels; where steps are too narrow for gaps, strokes touch.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Tokens} tokens
 * @param {number} left
 * @param {number} top
 * @param {number} across   width [pixels]
 * @param {number} down     height [pixels]
 */
export function drawThumbnail(ctx, tokens, left, top, across, down) {
  const margin = 0.1 * Math.min(across, down);
  const x = (/** @type {number} */ step) => Math.round(left + margin + (step * (across - 2 * margin)) / tokens.length);
  const y = (/** @type {number} */ lane) => Math.round(top + margin + (lane * (down - 2 * margin)) / NUM_DRUMS);
  const gap = across / tokens.length >= 2 ? 1 : 0;
  tokens.forEach((token, step) => {
    for (let drum = 0; drum < NUM_DRUMS; drum++) {
      if (!((token >> drum) & 1)) continue;
      const lane = NUM_DRUMS - 1 - drum;
      const [from, to] = [x(step), y(lane)];
      const high = y(lane + 1) - to;
      ctx.fillRect(from, to, Math.max(1, x(step + 1) - from - gap), Math.max(1, high - (high > 2 ? 1 : 0)));
    }
  });
}

/**
 * Draw what moves: path, chosen cell, puck.
 * @param {HTMLCanvasElement} canvas
 * @param {object} overlay
 * @param {number} overlay.width           [pixels]
 * @param {number} overlay.size            cells along a side
 * @param {boolean} overlay.dark
 * @param {Point[]} overlay.points         of the path
 * @param {boolean} overlay.drawingPath    whether the tool is the one that draws paths
 * @param {Cell} overlay.cell              the chosen one
 * @param {Tokens} overlay.tokens            its pattern
 * @param {number[]} overlay.weights       its corner weights
 * @param {Point} overlay.puck
 * @param {boolean} overlay.faint          whether a corner plays instead of the puck's cell
 * @param {boolean} overlay.dragging       whether the puck is dragged
 * @param {boolean} overlay.focused        whether the board has the keyboard's focus
 */
export function drawOverlay(canvas, overlay) {
  const { width, size, dark, points, drawingPath, cell, puck, faint, dragging, tokens, weights, focused } = overlay;
  const ctx = contextOf(canvas);
  const scale = width / 460;
  /** @type {(point: Point) => Point} */
  const place = ([x, y]) => [toBoard(x, size) * width, toBoard(y, size) * width];
  const ink = dark ? "#fff" : "#14161c";
  const paper = dark ? "#14161c" : "#fff";
  ctx.clearRect(0, 0, width, width);
  const edge = (/** @type {number} */ i) => Math.round((i * width) / size);
  const [left, top] = [edge(cell.col), edge(cell.row)];
  const [across, down] = [edge(cell.col + 1) - left, edge(cell.row + 1) - top];
  ctx.fillStyle = fieldColor(weights, dark);
  ctx.fillRect(left, top, across, down);
  ctx.fillStyle = dark ? "rgb(255 255 255 / .14)" : "rgb(255 255 255 / .38)";
  ctx.fillRect(left, top, across, down);
  ctx.fillStyle = ink;
  drawThumbnail(ctx, tokens, left, top, across, down);
  ctx.strokeStyle = ink;
  ctx.lineWidth = 2 * scale * (focused ? 1.4 : 1);
  const inset = ctx.lineWidth / 2;
  ctx.beginPath();
  ctx.roundRect(left + inset, top + inset, across - 2 * inset, down - 2 * inset, 5 * scale);
  ctx.stroke();
  if (points.length) drawPath(ctx, points.map(place), { scale, ink, paper, faint: !drawingPath });
  const [x, y] = place(puck);
  ctx.globalAlpha = faint ? 0.4 : 1;
  ctx.beginPath();
  ctx.arc(x, y, (dragging ? 12 : 9.5) * scale, 0, 2 * Math.PI);
  ctx.fillStyle = "#fff";
  ctx.fill();
  ctx.lineWidth = 3 * scale;
  ctx.strokeStyle = "#14161c";
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Point[]} points   [pixels]
 * @param {{ scale: number, ink: string, paper: string, faint: boolean }} style
 */
function drawPath(ctx, points, { scale, ink, paper, faint }) {
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
