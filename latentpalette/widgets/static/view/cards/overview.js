// Long music as a strip of the whole, with a frame around the bars that are shown large; drag it to see others.
/** @import { Clip, Disposables, MusicState } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { formatPage, pageAt } from "../../state/barwindow.js";
import { createCanvas } from "../canvas.js";
import { el } from "../dom.js";
import { pitchRanges } from "../draw/contour.js";
import { inkOf } from "../draw/ink.js";
import { drawThumbnail } from "../draw/thumbnail.js";

/**
 * @param {object} options
 * @param {MusicState} options.state
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {((step: number) => void) | null} [options.onTurn]   called with a step of the page to show; null: none to turn
 */
export function createOverview({ state, disposables, isDark, onTurn = null }) {
  /** @type {{ clip: Clip, color: string, page: { from: number, steps: number }, now: number } | null} */
  let shown = null;
  const canvas = createCanvas({
    className: "lp-overview-canvas",
    disposables,
    draw(ctx, { across, down, scale }) {
      if (!shown) return;
      const { clip, color, page, now } = shown;
      const { streams, lanes } = state;
      const ink = inkOf(isDark());
      const edge = 3 * scale;
      const box = { left: edge, top: edge, across: across - 2 * edge, down: down - 2 * edge };
      const ranges = pitchRanges([clip], streams.length);
      drawThumbnail(ctx, clip, box, { streams, lanes, ranges, scale, main: color, soft: color });
      const x = (/** @type {number} */ step) => box.left + (step * box.across) / clip.steps;
      if (page.steps < clip.steps) {
        ctx.strokeStyle = ink.full;
        ctx.lineWidth = 1.5 * scale;
        ctx.beginPath();
        ctx.roundRect(x(page.from), scale, x(page.from + page.steps) - x(page.from), down - 2 * scale, 4 * scale);
        ctx.stroke();
      }
      if (now < 0) return;
      ctx.fillStyle = ink.full;
      ctx.fillRect(Math.round(x(now + 0.5) - scale), 0, Math.round(2 * scale), down);
    },
  });
  const element = el("div", { class: "lp-overview" }, canvas.element);
  if (onTurn) connect(onTurn);

  /** @param {(step: number) => void} turn */
  function connect(turn) {
    element.tabIndex = 0;
    element.setAttribute("role", "slider");
    element.setAttribute("aria-label", "Bars that are shown");
    /** @param {PointerEvent} event */
    const turnTo = (event) => {
      if (!shown) return;
      const box = element.getBoundingClientRect();
      turn(((event.clientX - box.left) / box.width) * shown.clip.steps);
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      turnTo(event);
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) turnTo(event);
    });
    element.addEventListener("keydown", (event) => {
      if (!shown) return;
      const { page, clip } = shown;
      /** @type {Record<string, number>} */
      const steps = {
        ArrowLeft: page.from - page.steps,
        ArrowRight: page.from + page.steps,
        Home: 0,
        End: clip.steps - 1,
      };
      if (!(event.key in steps)) return;
      turn(steps[event.key]);
      event.preventDefault();
      event.stopPropagation();
    });
  }

  return {
    element,
    /**
     * @param {Clip} clip
     * @param {{ color: string, page: ReturnType<typeof pageAt>, now?: number }} look
     */
    show(clip, { color, page, now = -1 }) {
      shown = { clip, color, page, now };
      if (onTurn) {
        element.setAttribute("aria-valuemin", "1");
        element.setAttribute("aria-valuemax", String(clip.steps / STEPS_PER_BAR));
        element.setAttribute("aria-valuenow", String(page.from / STEPS_PER_BAR + 1));
        element.setAttribute("aria-valuetext", formatPage(page));
      }
      canvas.redraw();
    },
    /** @param {number} step   the audible one, or -1 */
    movePlayhead(step) {
      if (!shown || shown.now === step) return;
      shown.now = step;
      canvas.redraw();
    },
  };
}
