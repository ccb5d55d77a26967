// Drawing of the field: each cell in the blend of its place, on it its own music. A cell that is not decoded yet has its
// color, pale, and three dots.
/** @import { Box, Clip } from "../../types.js" */
/** @import { Ink } from "./ink.js" */
/** @import { Look } from "./thumbnail.js" */

import { fieldColor } from "../color.js";
import { cellCenter, weightsAt } from "../../state/geometry.js";
import { contextOf, inkOf } from "./ink.js";
import { drawThumbnail } from "./thumbnail.js";

const MARGIN = 0.1; // around a thumbnail, as a part of its cell

/**
 * @param {HTMLCanvasElement} canvas
 * @param {object} field
 * @param {number} field.width                                          [pixels]
 * @param {number} field.size                                           cells along a side
 * @param {boolean} field.dark
 * @param {(row: number, col: number) => Clip | null} field.clipAt
 * @param {(row: number, col: number) => number} field.opacityAt        of a cell's thumbnail, 0 to 1
 * @param {Pick<Look, "streams" | "lanes" | "ranges" | "scale">} field.look
 */
export function drawField(canvas, { width, size, dark, clipAt, opacityAt, look }) {
  const ctx = contextOf(canvas);
  const ink = inkOf(dark);
  const edge = (/** @type {number} */ i) => Math.round((i * width) / size);
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) {
      const [left, top] = [edge(col), edge(row)];
      const [across, down] = [edge(col + 1) - left, edge(row + 1) - top];
      const clip = clipAt(row, col);
      ctx.globalAlpha = 1;
      ctx.fillStyle = fieldColor(weightsAt(...cellCenter(row, col, size)), dark);
      ctx.fillRect(left, top, across, down);
      if (!clip) {
        drawDots(ctx, { left, top, across, down }, look.scale, ink);
        continue;
      }
      const opacity = opacityAt(row, col);
      if (opacity <= 0) continue;
      ctx.globalAlpha = opacity;
      const margin = MARGIN * Math.min(across, down);
      const inner = widthOf(clip.steps, across, look.scale);
      const box = { left: left + Math.round((across - inner) / 2), top: top + margin, across: inner, down: down - 2 * margin };
      drawThumbnail(ctx, clip, box, { ...look, main: ink.main, soft: ink.soft });
    }
  }
  ctx.globalAlpha = 1;
}

/**
 * The width of a thumbnail: a whole number of pixels a step where there is room, so that equal steps look equal.
 * @param {number} steps
 * @param {number} across   of the cell
 * @param {number} scale
 */
function widthOf(steps, across, scale) {
  const whole = Math.floor((across - 4 * scale) / steps) * steps;
  return whole > 0.6 * across ? whole : across * (1 - 2 * MARGIN);
}

/**
 * Pale, and three dots: a place that is not decoded yet.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {number} scale
 * @param {Ink} ink
 */
export function drawDots(ctx, { left, top, across, down }, scale, { veil, dim }) {
  ctx.fillStyle = veil;
  ctx.fillRect(left, top, across, down);
  ctx.fillStyle = dim;
  const apart = Math.min(6 * scale, across / 5);
  for (const dot of [-1, 0, 1]) {
    ctx.beginPath();
    ctx.arc(left + across / 2 + dot * apart, top + down / 2, Math.min(1.8 * scale, apart / 3), 0, 2 * Math.PI);
    ctx.fill();
  }
}
