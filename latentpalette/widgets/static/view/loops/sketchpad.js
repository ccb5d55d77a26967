// The curve over the matrix: drawn by hand, it snaps to the scale and to steps, and stays visible.
/** @import { Disposables } from "../../types.js" */
/** @import { Curve } from "../../state/sketch.js" */

import { stroked } from "../../state/sketch.js";
import { createCanvas } from "../canvas.js";
import { inkOf } from "../draw/ink.js";

/**
 * @param {object} options
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {() => number[]} options.rows                 pitches that are shown, the lowest first
 * @param {() => { from: number, count: number }} options.page   the steps that are shown
 * @param {() => void} options.onBegin
 * @param {(curve: Curve, drawn: { from: number, to: number }) => void} options.onStroke   the whole curve, and the steps of it that changed
 * @param {() => void} options.onEnd
 */
export function createSketchpad({ disposables, isDark, rows, page, onBegin, onStroke, onEnd }) {
  /** @type {Curve} */
  let curve = [];
  /** @type {{ pointer: number, at: number, height: number } | null} */
  let stroke = null;

  /**
   * A height among the rows: 0 is the middle of the lowest.
   * @param {number} height   pitch
   */
  function rowOfHeight(height) {
    const pitches = rows();
    const above = pitches.findIndex((pitch) => pitch > height);
    if (above < 0) return pitches.length - 1;
    if (above === 0) return 0;
    return above - 1 + (height - pitches[above - 1]) / (pitches[above] - pitches[above - 1]);
  }
  /** @param {number} row   fractions included */
  function heightOfRow(row) {
    const pitches = rows();
    const inside = Math.min(pitches.length - 1, Math.max(0, row));
    const below = Math.min(pitches.length - 2, Math.floor(inside));
    return pitches[below] + (inside - below) * (pitches[below + 1] - pitches[below]);
  }

  const canvas = createCanvas({
    className: "lp-sketchpad",
    disposables,
    draw(ctx, { across, down, scale }) {
      const { from, count } = page();
      const n = rows().length;
      const { full, paper } = inkOf(isDark());
      /** @type {[x: number, y: number][][]} */
      const parts = [[]];
      for (let step = 0; step < count; step++) {
        const height = curve[from + step] ?? null;
        if (height === null) parts.push([]);
        else parts[parts.length - 1].push([((step + 0.5) * across) / count, down * (1 - (rowOfHeight(height) + 0.5) / n)]);
      }
      ctx.lineJoin = ctx.lineCap = "round";
      for (const points of parts.filter(({ length }) => length > 1)) {
        ctx.beginPath();
        ctx.moveTo(...points[0]);
        for (let at = 1; at < points.length - 1; at++) {
          const [x, y] = points[at];
          ctx.quadraticCurveTo(x, y, (x + points[at + 1][0]) / 2, (y + points[at + 1][1]) / 2);
        }
        ctx.lineTo(...points[points.length - 1]);
        for (const [color, wide] of /** @type {const} */ ([[paper, 5], [full, 2]])) {
          ctx.strokeStyle = color;
          ctx.lineWidth = wide * scale;
          ctx.stroke();
        }
      }
    },
  });
  const { element } = canvas;

  /** @param {PointerEvent | MouseEvent} event */
  function pointOf(event) {
    const box = element.getBoundingClientRect();
    const { from, count } = page();
    const across = Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
    const up = Math.min(1, Math.max(0, (box.bottom - event.clientY) / box.height));
    return { at: from + across * count, height: heightOfRow(up * rows().length - 0.5) };
  }
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || stroke) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    stroke = { pointer: event.pointerId, ...pointOf(event) };
    onBegin();
    extend(stroke);
  });
  element.addEventListener("pointermove", (event) => {
    if (!stroke || event.pointerId !== stroke.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    let [first, last] = [Infinity, -Infinity];
    for (const each of events.length ? events : [event]) {
      const to = pointOf(each);
      const drawn = stroked(curve, stroke, to);
      curve = drawn.curve;
      [first, last] = [Math.min(first, drawn.from), Math.max(last, drawn.to)];
      stroke = { ...stroke, ...to };
    }
    onStroke(curve, { from: first, to: last });
    canvas.redraw();
  });
  /** @param {{ at: number, height: number }} to */
  function extend(to) {
    const drawn = stroked(curve, /** @type {NonNullable<typeof stroke>} */ (stroke), to);
    curve = drawn.curve;
    onStroke(curve, drawn);
    canvas.redraw();
  }
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    element.addEventListener(type, () => {
      if (!stroke) return;
      stroke = null;
      onEnd();
    });
  }

  return {
    element,
    /**
     * @param {Curve} shown     [] is none
     * @param {number} steps    of the clip
     */
    show(shown, steps) {
      if (!stroke) curve = shown.length === steps ? shown : Array(steps).fill(null);
      canvas.redraw();
    },
  };
}
