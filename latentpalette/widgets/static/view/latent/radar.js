// Where the music lies, at a glance: a spoke for each slider, the middle of all music as a ring; the music as it was dashed,
// as it is filled. A corner is dragged along its spoke.
/** @import { Disposables, LatentSession } from "../../types.js" */

import { createCanvas } from "../canvas.js";
import { el } from "../dom.js";
import { inkOf } from "../draw/ink.js";

const REACH = 3; // on both sides of the middle [standard deviations]: few pieces lie further out
const MARGIN = 14; // [pixels of the page] for the numbers
const RINGS = [-2, 0, 2]; // [standard deviations]
const MAX_NAMES = 16;
const MIN_PULL = 12; // [pixels of the page] from the center, where spokes are too close to tell apart

/**
 * @param {object} options
 * @param {LatentSession} options.session
 * @param {() => number} options.focused   the slider that has the focus, or -1
 * @param {(index: number) => void} options.onFocus
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createRadar({ session, focused, onFocus, disposables, isDark }) {
  const { actions } = session;
  const angleOf = (/** @type {number} */ index, /** @type {number} */ count) => (2 * Math.PI * index) / count - Math.PI / 2;
  const shareOf = (/** @type {number} */ place) => (Math.min(Math.max(place, -REACH), REACH) + REACH) / (2 * REACH);

  const canvas = createCanvas({
    className: "lp-radar-canvas",
    disposables,
    draw(ctx, { across, down, scale }) {
      const ink = inkOf(isDark());
      const accent = getComputedStyle(canvas.element).getPropertyValue("--lp-accent").trim() || ink.full;
      const [x, y] = [across / 2, down / 2];
      const radius = Math.min(x, y) - MARGIN * scale;
      const [before, now] = [session.startPlaces(), session.coordinates()];
      const count = now.length;
      /** @param {number} index @param {number} share */
      const point = (index, share) => {
        const angle = angleOf(index, count);
        return /** @type {[number, number]} */ ([x + radius * share * Math.cos(angle), y + radius * share * Math.sin(angle)]);
      };
      ctx.lineWidth = scale;
      for (const ring of RINGS) {
        ctx.strokeStyle = `rgb(${ink.line} / ${ring === 0 ? 0.28 : 0.1})`;
        ctx.beginPath();
        ctx.arc(x, y, radius * shareOf(ring), 0, 2 * Math.PI);
        ctx.stroke();
      }
      ctx.font = `${10 * scale}px system-ui, "DejaVu Sans", sans-serif`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      now.forEach((_, index) => {
        ctx.strokeStyle = `rgb(${ink.line} / ${session.isHeld(index) ? 0.5 : 0.12})`;
        ctx.beginPath();
        ctx.moveTo(x, y);
        ctx.lineTo(...point(index, 1));
        ctx.stroke();
        if (count > MAX_NAMES) return;
        ctx.fillStyle = index === focused() ? ink.full : ink.dim;
        ctx.fillText(String(index + 1), ...point(index, 1 + (8 * scale) / radius));
      });
      /** @param {number[]} places */
      const trace = (places) => {
        ctx.beginPath();
        places.forEach((place, index) => ctx.lineTo(...point(index, shareOf(place))));
        ctx.closePath();
      };
      trace(now);
      ctx.globalAlpha = 0.16;
      ctx.fillStyle = accent;
      ctx.fill();
      ctx.globalAlpha = 1;
      trace(before);
      ctx.setLineDash([3 * scale, 2.5 * scale]);
      ctx.strokeStyle = ink.dim;
      ctx.lineWidth = 1.2 * scale;
      ctx.stroke();
      ctx.setLineDash([]);
      trace(now);
      ctx.strokeStyle = accent;
      ctx.lineWidth = 1.6 * scale;
      ctx.stroke();
      const size = (count > MAX_NAMES ? 2 : 3.4) * scale;
      now.forEach((place, index) => {
        ctx.beginPath();
        ctx.arc(...point(index, shareOf(place)), index === focused() ? 1.4 * size : size, 0, 2 * Math.PI);
        ctx.fillStyle = accent;
        ctx.fill();
      });
    },
  });
  const element = el("div", { class: "lp-radar", title: "Where the music lies: dashed as it was, filled as it is. The ring is the middle of all music. Drag a corner." }, canvas.element);

  // --- pointer --------------------------------------------------------------------------------------------------------
  let held = -1; // the spoke
  let isFurther = false;
  /** @param {PointerEvent} event */
  function pull(event) {
    const { left, top, width, height } = canvas.element.getBoundingClientRect();
    const [dx, dy] = [event.clientX - left - width / 2, event.clientY - top - height / 2];
    const count = session.coordinates().length;
    if (held < 0) {
      if (Math.hypot(dx, dy) < MIN_PULL) return;
      const turn = (Math.atan2(dy, dx) + Math.PI / 2) / (2 * Math.PI);
      held = ((Math.round(turn * count) % count) + count) % count;
      onFocus(held);
    }
    const angle = angleOf(held, count);
    const share = (dx * Math.cos(angle) + dy * Math.sin(angle)) / (Math.min(width, height) / 2 - MARGIN);
    actions.moveTo(held, (2 * Math.min(Math.max(share, 0), 1) - 1) * REACH, isFurther);
    isFurther = true;
  }
  canvas.element.addEventListener("pointerdown", (event) => {
    if (event.button || session.isStill()) return;
    canvas.element.setPointerCapture(event.pointerId);
    [held, isFurther] = [-1, false];
    pull(event);
  });
  canvas.element.addEventListener("pointermove", (event) => {
    if (canvas.element.hasPointerCapture(event.pointerId)) pull(event);
  });
  return { element, show: canvas.redraw };
}
