// A lane of what was played: a box for each clip, as long as it sounded, in the color of its place and with its letter.
/** @import { Box, Clip, Lane, RecordedSpan, Stream } from "../../types.js" */

import { joinSpans } from "../../state/clip.js";
import { LETTERS, fieldColor } from "../color.js";
import { pitchRanges } from "./contour.js";
import { inkOf } from "./ink.js";
import { drawThumbnail } from "./thumbnail.js";

const GAP = 1; // between boxes [pixels of the page]
const LETTER = 14; // from this width on a box has its letter, and below its notes it would hide them
const WITH_NOTES = 34;

/**
 * The letter of the corner that a place is nearest to, or its own name.
 * @param {{ weights?: number[], name?: string }} place
 */
export const letterOf = ({ weights, name = "" }) =>
  weights ? LETTERS[weights.reduce((best, weight, corner) => (weight > weights[best] ? corner : best), 0)] : name;

/**
 * Spans whose clips sound at the same place, each joined to one: a mute or a volume makes no other box.
 * @param {readonly RecordedSpan[]} spans
 */
export function boxesOf(spans) {
  /** @type {{ spans: RecordedSpan[], from: number, to: number }[]} */
  const boxes = [];
  for (const span of spans) {
    const last = boxes.at(-1);
    const before = last?.spans.at(-1);
    const isSame = before?.clip.key === span.clip.key && before?.to === span.from && (before.level > 0) === (span.level > 0);
    if (last && isSame) {
      last.spans.push(span);
      last.to = span.to;
    } else boxes.push({ spans: [span], from: span.from, to: span.to });
  }
  return boxes;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {readonly RecordedSpan[]} spans
 * @param {Box} box                     of the whole lane
 * @param {object} look
 * @param {{ from: number, to: number }} look.part   that the lane shows [steps]
 * @param {Stream[]} look.streams
 * @param {Lane[]} look.lanes
 * @param {number} look.scale           pixels of the canvas to one of the page
 * @param {boolean} look.dark
 */
export function drawLane(ctx, spans, box, { part, streams, lanes, scale, dark }) {
  const ink = inkOf(dark);
  const x = (/** @type {number} */ step) => box.left + ((step - part.from) / (part.to - part.from)) * box.across;
  const shown = boxesOf(spans).filter(({ from, to }) => to > part.from && from < part.to && to > from);
  const clips = shown.map(({ spans }) => clipOf(spans));
  const ranges = pitchRanges(clips, streams.length);
  shown.forEach(({ spans: [first], from, to }, index) => {
    const [left, right] = [Math.max(box.left, x(from)), Math.min(box.left + box.across, x(to)) - GAP * scale];
    const across = right - left;
    if (across <= 0) return;
    const { weights } = first.clip;
    ctx.globalAlpha = first.level ? 1 : 0.3; // muted
    ctx.fillStyle = weights ? fieldColor(weights, dark) : ink.soft;
    ctx.beginPath();
    ctx.roundRect(left, box.top, across, box.down, Math.min(3 * scale, across / 2));
    ctx.fill();
    const letter = across >= LETTER * scale ? letterOf(first.clip) : "";
    ctx.save();
    ctx.clip();
    let begin = left;
    if (letter) {
      ctx.font = `700 ${11 * scale}px system-ui, sans-serif`;
      ctx.textBaseline = "middle";
      ctx.fillStyle = dark ? "#fff" : "#14161c";
      ctx.fillText(letter, left + 4 * scale, box.top + box.down / 2 + 0.5 * scale);
      begin += ctx.measureText(letter).width + 7 * scale;
    }
    if (first.level && (across >= WITH_NOTES * scale || !letter)) {
      const place = { left: begin, top: box.top + 2 * scale, across: Math.max(1, right - begin - 2 * scale), down: box.down - 4 * scale };
      drawThumbnail(ctx, clips[index], place, { streams, lanes, ranges, scale, main: ink.main, soft: ink.soft });
    }
    ctx.restore();
    ctx.globalAlpha = 1;
  });
}

/** @type {WeakMap<RecordedSpan, { key: string, clip: Clip }>} */
const known = new WeakMap(); // a lane is drawn again and again

/**
 * What sounded in spans that follow on each other, from step 0 on.
 * @param {RecordedSpan[]} spans
 * @returns {Clip}
 */
function clipOf(spans) {
  const [{ from: start }] = spans;
  const key = spans.map(({ to }) => Math.ceil(to)).join();
  const before = known.get(spans[0]);
  if (before?.key === key) return before.clip;
  const moved = spans.map(({ clip, from, to, origin }) => ({ clip, from: from - start, to: Math.ceil(to) - start, origin: origin - start }));
  const clip = joinSpans(moved.filter(({ from, to }) => to > from));
  const whole = { ...clip, steps: Math.max(1, clip.steps) };
  known.set(spans[0], { key, clip: whole });
  return whole;
}
