// A piano roll on a canvas: rows of pitches, bars and beats, notes, the playhead.
/** @import { Box, Note } from "../../types.js" */
/** @import { Key } from "../../state/pitch.js" */
/** @import { Ink } from "./ink.js" */

import { isInScale, pitchName, rowOf } from "../../state/pitch.js";

const STEPS_PER_BEAT = 4;
const STEPS_PER_BAR = 16;
const NATURAL = { tonic: 0, scale: "major" }; // the white keys

/**
 * @typedef {object} Roll
 * @property {Note[]} notes
 * @property {number[]} rows       pitches, the lowest first
 * @property {number} from         the first step that is shown
 * @property {number} steps        how many are
 * @property {number} now          the audible step, or -1
 * @property {string} color        of notes
 */

/**
 * Lines of bars and beats.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Pick<Roll, "from" | "steps">} roll
 * @param {Box} box
 * @param {{ scale: number, ink: Ink }} look
 */
export function drawBeats(ctx, { from, steps }, { left, top, across, down }, { scale, ink }) {
  const isWide = steps <= 4 * STEPS_PER_BAR;
  for (let step = from - (from % STEPS_PER_BEAT); step <= from + steps; step += STEPS_PER_BEAT) {
    if (step < from || (!isWide && step % STEPS_PER_BAR)) continue;
    const strength = step % STEPS_PER_BAR === 0 ? (isWide ? 0.28 : 0.16) : 0.1;
    ctx.fillStyle = `rgb(${ink.line} / ${strength})`;
    const x = Math.min(Math.round(left + ((step - from) * across) / steps), left + across - scale);
    ctx.fillRect(x, top, Math.max(1, Math.round(scale)), down);
  }
}

/**
 * Draw a roll in a box. Rows of a key are tinted, those of its tonic more, and named in the gutter.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Roll} roll
 * @param {Box} box
 * @param {object} look
 * @param {number} look.scale
 * @param {Ink} look.ink
 * @param {number} [look.gutter]    at the left [pixels of the canvas]
 * @param {boolean} [look.tinted]
 * @param {Key} [look.key]
 */
export function drawRoll(ctx, { notes, rows, from, steps, now, color }, box, look) {
  const { scale, ink, gutter = 0, tinted = true, key = NATURAL } = look;
  const inner = { ...box, left: box.left + gutter, across: box.across - gutter };
  const high = box.down / rows.length;
  const y = (/** @type {number} */ row) => box.top + box.down - (row + 1) * high;
  const x = (/** @type {number} */ step) => inner.left + ((step - from) * inner.across) / steps;
  rows.forEach((pitch, row) => {
    const isTonic = pitch % 12 === key.tonic;
    const strength = !tinted ? 0 : isTonic ? 0.13 : isInScale(pitch, key) ? 0.055 : 0;
    ctx.fillStyle = `rgb(${ink.line} / ${strength})`;
    ctx.fillRect(inner.left, y(row) + 0.4 * scale, inner.across, high - 0.8 * scale);
    if (!isTonic || !gutter) return;
    ctx.fillStyle = ink.dim;
    ctx.font = `${11 * scale}px system-ui, "DejaVu Sans", sans-serif`;
    ctx.textBaseline = "middle";
    const middle = Math.min(box.top + box.down - 6 * scale, Math.max(box.top + 6 * scale, y(row) + high / 2));
    ctx.fillText(pitchName(pitch), box.left, middle);
  });
  drawBeats(ctx, { from, steps }, inner, { scale, ink });
  const tall = Math.max(3 * scale, Math.min(0.84 * high, 10 * scale));
  for (const { step, pitch, length, offset } of notes) {
    const [begin, end] = [Math.max(from, step + offset), Math.min(from + steps, step + length)];
    if (end <= begin) continue;
    ctx.fillStyle = step <= now && now < step + length ? ink.full : color;
    const wide = Math.max(2 * scale, x(end) - x(begin) - scale);
    ctx.beginPath();
    ctx.roundRect(x(begin), y(rowOf(rows, pitch)) + (high - tall) / 2, wide, tall, 2 * scale);
    ctx.fill();
  }
  drawNow(ctx, { from, steps, now }, inner, { scale, ink });
}

/**
 * The playhead.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Pick<Roll, "from" | "steps" | "now">} roll
 * @param {Box} box
 * @param {{ scale: number, ink: Ink }} look
 */
export function drawNow(ctx, { from, steps, now }, { left, top, across, down }, { scale, ink }) {
  if (now < from || now >= from + steps) return;
  ctx.fillStyle = ink.full;
  ctx.fillRect(Math.round(left + ((now + 0.5 - from) * across) / steps - scale), top, Math.round(2 * scale), down);
}

/**
 * A column of keys beside the rows; those of the tonic are filled.
 * @param {CanvasRenderingContext2D} ctx
 * @param {{ rows: number[], key: Key }} roll
 * @param {Box} box
 * @param {{ scale: number, ink: Ink }} look
 */
export function drawKeys(ctx, { rows, key }, { left, top, across, down }, { scale, ink }) {
  const high = down / rows.length;
  ctx.lineWidth = 0.7 * scale;
  rows.forEach((pitch, row) => {
    const y = top + down - (row + 1) * high;
    ctx.beginPath();
    ctx.roundRect(left, y + 0.6 * scale, across, Math.max(scale, high - 1.2 * scale), 1.5 * scale);
    ctx.fillStyle = pitch % 12 === key.tonic ? ink.full : isInScale(pitch, key) ? ink.paper : ink.dim;
    ctx.strokeStyle = ink.dim;
    ctx.fill();
    ctx.stroke();
  });
}
