// Drawing of what moves on the board: the path, the frame of the cell that sounds, a mark at the one that comes, the puck.
/** @import { Box, Cell, Point } from "../../types.js" */

import { toBoard } from "../../state/geometry.js";
import { contextOf, inkOf } from "./ink.js";
import { drawPath } from "./path.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {object} overlay
 * @param {number} overlay.width           [pixels]
 * @param {number} overlay.size            cells along a side
 * @param {boolean} overlay.dark
 * @param {number} overlay.scale           pixels of the canvas to one of the page
 * @param {Point[]} overlay.points         of the path
 * @param {boolean} overlay.drawingPath    whether the tool is the one that draws paths
 * @param {Cell} overlay.cell              the one that sounds, or is chosen
 * @param {Cell | null} overlay.next       the one that takes over from it
 * @param {Point} overlay.puck
 * @param {boolean} overlay.faint          whether a corner plays instead of the puck's cell
 * @param {boolean} overlay.dragging       whether the puck is dragged
 * @param {boolean} overlay.focused        whether the board has the keyboard's focus
 */
export function drawOverlay(canvas, overlay) {
  const { width, size, dark, scale, points, drawingPath, cell, next, puck, faint, dragging, focused } = overlay;
  const ctx = contextOf(canvas);
  const { full: ink, paper } = inkOf(dark);
  /** @type {(point: Point) => Point} */
  const place = ([x, y]) => [toBoard(x, size) * width, toBoard(y, size) * width];
  ctx.clearRect(0, 0, width, width);
  const edge = (/** @type {number} */ i) => Math.round((i * width) / size);
  /** @param {Cell} framed */
  const boxOf = ({ row, col }) => {
    const inset = scale * (focused ? 1.4 : 1);
    const [left, top] = [edge(col) + inset, edge(row) + inset];
    return { left, top, across: edge(col + 1) - inset - left, down: edge(row + 1) - inset - top };
  };
  ctx.strokeStyle = ink;
  ctx.lineWidth = 2 * scale * (focused ? 1.4 : 1);
  const { left, top, across, down } = boxOf(cell);
  ctx.beginPath();
  ctx.roundRect(left, top, across, down, 4 * scale);
  ctx.stroke();
  if (next) drawBrackets(ctx, boxOf(next));
  if (points.length) drawPath(ctx, points.map(place), { scale, ink, paper, faint: !drawingPath });
  const [x, y] = place(puck);
  const radius = Math.min(13 * scale, (0.34 * width) / size) * (dragging ? 1.12 : 1);
  ctx.globalAlpha = faint ? 0.4 : 1;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.lineWidth = 5 * scale;
  ctx.strokeStyle = "#14161c";
  ctx.stroke();
  ctx.lineWidth = 2.5 * scale;
  ctx.strokeStyle = "#fff";
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/**
 * The four corners of a frame: its cell has been asked for and sounds soon.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 */
function drawBrackets(ctx, { left, top, across, down }) {
  const arm = across / 4;
  ctx.beginPath();
  for (const [x, toX] of [[left, arm], [left + across, -arm]]) {
    for (const [y, toY] of [[top, arm], [top + down, -arm]]) {
      ctx.moveTo(x + toX, y);
      ctx.lineTo(x, y);
      ctx.lineTo(x, y + toY);
    }
  }
  ctx.stroke();
}
