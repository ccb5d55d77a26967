// What changes from one clip to another, drawn: notes that stay are ink, those that have come are filled and have a plus,
// those that have gone are dashed outlines. Shape first, color second.
/** @import { Box, Note } from "../../types.js" */
/** @import { Ink } from "./ink.js" */

/**
 * @typedef {object} Difference
 * @property {Note[]} stay
 * @property {Note[]} come
 * @property {Note[]} gone
 */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Difference} difference
 * @param {object} look
 * @param {(note: Note) => Box | null} look.boxOf   null where a note is not on the page
 * @param {string} look.color                       of what has come
 * @param {Ink} look.ink
 * @param {number} look.scale
 */
export function drawDifference(ctx, { stay, come, gone }, { boxOf, color, ink, scale }) {
  const boxes = (/** @type {Note[]} */ notes) => notes.flatMap((note) => boxOf(note) ?? []);
  ctx.fillStyle = ink.full;
  for (const box of boxes(stay)) fillRound(ctx, box, scale);
  for (const box of boxes(gone)) {
    const inner = { left: box.left + 0.75 * scale, top: box.top + 0.75 * scale, across: box.across - 1.5 * scale, down: box.down - 1.5 * scale };
    if (inner.across < 1 || inner.down < 1) continue;
    ctx.strokeStyle = ink.dim;
    ctx.lineWidth = 1.3 * scale;
    ctx.setLineDash([2.5 * scale, 2 * scale]);
    ctx.beginPath();
    ctx.roundRect(inner.left, inner.top, inner.across, inner.down, 2 * scale);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  for (const box of boxes(come)) {
    ctx.fillStyle = color;
    fillRound(ctx, box, scale);
    drawPlus(ctx, box, { ink, scale });
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {number} scale
 */
function fillRound(ctx, { left, top, across, down }, scale) {
  ctx.beginPath();
  ctx.roundRect(left, top, across, down, 2 * scale);
  ctx.fill();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {{ ink: Ink, scale: number }} look
 */
function drawPlus(ctx, { left, top, across, down }, { ink, scale }) {
  const arm = Math.min(3, down / scale / 2 - 1) * scale;
  if (arm < scale || across < 2 * arm + scale) return;
  const [x, y] = [left + Math.min(across / 2, arm + 2 * scale), top + down / 2];
  ctx.fillStyle = ink.paper;
  const thick = Math.max(1, 1.2 * scale);
  ctx.fillRect(x - arm, y - thick / 2, 2 * arm, thick);
  ctx.fillRect(x - thick / 2, y - arm, thick, 2 * arm);
}
