// What changes from one clip to another, drawn: notes that stay are ink, those that have come are filled and have a plus,
// those of its own (where two others are compared) are outlines with a plus, those that have gone are dashed outlines.
// Shape first, color second.
/** @import { Box, Note } from "../../types.js" */
/** @import { Ink } from "./ink.js" */

/**
 * @typedef {object} Difference
 * @property {Note[]} stay
 * @property {Note[]} come
 * @property {Note[]} gone
 * @property {Note[]} [own]    in neither of two others
 */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Difference} difference
 * @param {object} look
 * @param {(note: Note) => Box | null} look.boxOf   null where a note is not on the page
 * @param {string} look.color                       of what has come
 * @param {string} [look.goneColor]                 of what has gone
 * @param {string} [look.ownColor]                  of its own
 * @param {Ink} look.ink
 * @param {number} look.scale
 */
export function drawDifference(ctx, { stay, come, gone, own = [] }, look) {
  const { boxOf, color, goneColor, ownColor = color, ink, scale } = look;
  const boxes = (/** @type {Note[]} */ notes) => notes.flatMap((note) => boxOf(note) ?? []);
  ctx.fillStyle = ink.full;
  for (const box of boxes(stay)) fillRound(ctx, box, scale);
  ctx.lineWidth = 1.3 * scale;
  ctx.strokeStyle = goneColor ?? ink.dim;
  ctx.setLineDash([2.5 * scale, 2 * scale]);
  for (const box of boxes(gone)) strokeRound(ctx, box, scale);
  ctx.setLineDash([]);
  for (const box of boxes(come)) {
    ctx.fillStyle = color;
    fillRound(ctx, box, scale);
    drawPlus(ctx, box, { color: ink.paper, scale });
  }
  ctx.lineWidth = 1.6 * scale;
  for (const box of boxes(own)) {
    ctx.fillStyle = ink.paper;
    fillRound(ctx, box, scale);
    ctx.strokeStyle = ownColor;
    strokeRound(ctx, box, scale);
    drawPlus(ctx, box, { color: ownColor, scale });
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
 * An outline inside a box.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {number} scale
 */
function strokeRound(ctx, { left, top, across, down }, scale) {
  const inset = 0.75 * scale;
  if (across < 2 * inset + 1 || down < 2 * inset + 1) return;
  ctx.beginPath();
  ctx.roundRect(left + inset, top + inset, across - 2 * inset, down - 2 * inset, 2 * scale);
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {{ color: string, scale: number }} look
 */
function drawPlus(ctx, { left, top, across, down }, { color, scale }) {
  const arm = Math.min(3, down / scale / 2 - 1) * scale;
  if (arm < scale || across < 2 * arm + scale) return;
  const [x, y] = [left + Math.min(across / 2, arm + 2 * scale), top + down / 2];
  ctx.fillStyle = color;
  const thick = Math.max(1, 1.2 * scale);
  ctx.fillRect(x - arm, y - thick / 2, 2 * arm, thick);
  ctx.fillRect(x - thick / 2, y - arm, thick, 2 * arm);
}
