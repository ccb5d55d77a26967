// The tiles of a row: each step in its color from A to B, with its music. The ends are taller. One canvas draws them all;
// over it lie buttons, one for each step.
/** @import { Clip, Disposables, MixerSession } from "../../types.js" */

import { pitchRanges } from "../draw/contour.js";
import { drawDots } from "../draw/field.js";
import { inkOf } from "../draw/ink.js";
import { drawThumbnail } from "../draw/thumbnail.js";
import { createCanvas } from "../canvas.js";
import { LETTERS, fieldColor } from "../color.js";
import { el } from "../dom.js";
import { weightsOfStep } from "./steps.js";

const SHORTER = 8; // [pixels of the page] than the ends, above and below
const LINE = 20; // [pixels of the page] for the number of a step
const FONT = 'system-ui, "DejaVu Sans", sans-serif';

/**
 * @param {object} options
 * @param {MixerSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createTiles({ session, disposables, isDark }) {
  const { state, actions } = session;
  let frame = -1; // the step that sounds, or is chosen

  const canvas = createCanvas({
    className: "lp-tiles-canvas",
    disposables,
    draw(ctx, { across, down, scale }) {
      const n = state.get("n");
      const clips = session.clips();
      const isOther = clips.length !== n; // the row that is shown has another number of steps than the one to come
      const shown = Array.from({ length: n }, (_, i) => (isOther ? (i === 0 ? clips[0] : i === n - 1 ? clips[clips.length - 1] : null) : clips[i]));
      const look = { streams: state.streams, lanes: state.lanes, ranges: pitchRanges(clips, state.streams.length), scale };
      shown.forEach((clip, i) => drawTile(ctx, { clip, i, n, across, down, look }));
    },
  });

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {{ clip: Clip | null, i: number, n: number, across: number, down: number, look: any }} tile
   */
  function drawTile(ctx, { clip, i, n, across, down, look }) {
    const { scale } = look;
    const ink = inkOf(isDark());
    const isEnd = i === 0 || i === n - 1;
    const gap = across / n > 12 * scale ? 1.2 * scale : 0.5 * scale;
    const left = (i * across) / n + gap;
    const wide = across / n - 2 * gap;
    const top = isEnd ? 0 : SHORTER * scale;
    const high = down - 2 * top;
    const radius = Math.min((isEnd ? 10 : 7) * scale, wide / 3);
    ctx.fillStyle = fieldColor(weightsOfStep(i, n), isDark());
    ctx.beginPath();
    ctx.roundRect(left, top, wide, high, radius);
    ctx.fill();
    const hasLine = wide > 20 * scale;
    if (hasLine) {
      ctx.save();
      ctx.clip();
      ctx.fillStyle = ink.full;
      ctx.font = `600 ${12 * scale}px ${FONT}`;
      ctx.textBaseline = "middle";
      const y = top + (LINE / 2 + 2) * scale;
      const letter = i === 0 ? LETTERS[0] : i === n - 1 ? LETTERS[1] : String(i + 1);
      ctx.fillText(letter, left + 7 * scale, y);
      if (isEnd && wide > 60 * scale) {
        ctx.font = `${12 * scale}px ${FONT}`;
        ctx.fillText(shortened(ctx, state.get("labels")[i ? 1 : 0], wide - 30 * scale), left + 22 * scale, y);
      }
      ctx.restore();
    }
    const margin = Math.min(0.09 * wide, 8 * scale);
    const above = (hasLine ? LINE : 6) * scale + (isEnd ? SHORTER * scale : 0);
    const below = 8 * scale + (isEnd ? SHORTER * scale : 0);
    const box = { left: left + margin, top: top + above, across: wide - 2 * margin, down: high - above - below };
    if (clip) drawThumbnail(ctx, clip, box, { ...look, main: ink.main, soft: ink.soft });
    else drawDots(ctx, { left, top, across: wide, down: high }, scale, ink);
    if (i !== frame) return;
    ctx.strokeStyle = ink.full;
    ctx.lineWidth = 2 * scale;
    ctx.beginPath();
    ctx.roundRect(left + scale, top + scale, wide - 2 * scale, high - 2 * scale, radius);
    ctx.stroke();
  }

  /** @type {HTMLButtonElement[]} */
  let buttons = [];
  const list = el("div", { class: "lp-tiles-buttons", role: "radiogroup", aria: { label: "Steps" } });
  const element = el("div", { class: "lp-tiles" }, canvas.element, list);
  list.addEventListener("keydown", (event) => {
    const turn = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -99, End: 99 })[event.key];
    if (!turn || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    actions.choose(session.chosenIndex() + turn);
    show();
    buttons[session.chosenIndex()]?.focus();
  });
  // A press plays the step at once, and on the way over others plays those.
  list.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    list.setPointerCapture(event.pointerId);
    press(event);
  });
  list.addEventListener("pointermove", (event) => {
    if (list.hasPointerCapture(event.pointerId)) press(event);
  });
  /** @param {PointerEvent} event */
  function press(event) {
    const { left, width } = list.getBoundingClientRect();
    const { length } = buttons;
    const index = Math.min(length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * length)));
    if (session.rows.table.length === length && index !== session.chosenIndex()) actions.choose(index);
  }

  function show() {
    const n = state.get("n");
    if (buttons.length !== n) {
      buttons = Array.from({ length: n }, (_, index) =>
        el("button", { class: "lp-tile", type: "button", role: "radio", on: { click: () => actions.choose(index) } }),
      );
      list.replaceChildren(...buttons);
      list.style.setProperty("--lp-columns", String(n));
    }
    const chosen = Math.round(state.get("tile"));
    const labels = state.get("labels");
    buttons.forEach((button, index) => {
      const name = index === 0 ? `, end A: ${labels[0]}` : index === n - 1 ? `, end B: ${labels[1]}` : "";
      button.setAttribute("aria-label", `Step ${index + 1} of ${n}${name}`);
      button.setAttribute("aria-checked", String(index === chosen));
      button.tabIndex = index === Math.min(chosen, n - 1) ? 0 : -1;
    });
    canvas.redraw();
  }

  return {
    element,
    show,
    redraw: canvas.redraw,
    /** @param {number} index   of the step that has the frame */
    mark(index) {
      if (index === frame) return;
      frame = index;
      canvas.redraw();
    },
  };
}

/**
 * A text that fits a width.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} room   [pixels]
 */
function shortened(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  let length = text.length;
  while (length > 1 && ctx.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}
