// Bokeh's view of a roll: where its steps lie on the page, and which part of a long one is shown.
/** @import { RollItem } from "../types.js" */

import { createEmitter } from "../state/emitter.js";
import { clampStart, pageStart, shownSteps } from "./rollwindow.js";

/** @param {RollItem} item */
export function createRollView(item) {
  const emitter = createEmitter();
  /** @type {any} */
  let figure = null; // its frame knows where on the page a step is
  let follows = true;
  const range = () => figure.model.x_range;
  const length = () => (figure ? range().end - range().start : item.steps);

  /**
   * Show a part.
   * @param {number} start
   * @param {number} [steps]
   */
  function show(start, steps = length()) {
    const first = clampStart(start, steps, item.steps);
    if (!figure || (first === range().start && steps === length())) return;
    range().setv({ start: first, end: first + steps });
    emitter.emit("window");
  }

  function fit() {
    const steps = shownSteps(item.steps, figure.frame.bbox.width);
    if (steps !== length()) show(range().start, steps);
  }

  return {
    /** Listen to "window": another part is shown. */
    on: emitter.on,
    /** The frame in which the notes lie [pixels from the corner of the picture]; null until it is drawn. */
    get frame() {
      return figure?.frame.bbox.width > 0 ? figure.frame.bbox : null;
    },
    get start() {
      return figure ? range().start : 0;
    },
    get length() {
      return length();
    },
    /** True if a part is shown. */
    get isLong() {
      return length() < item.steps;
    },
    /** Notes as they are drawn: left and right [steps], bottom and top [rows], color, opacity. */
    get notes() {
      return figure?.model.renderers.find((/** @type {any} */ { name }) => name === "notes")?.data_source.data ?? {};
    },
    /** Rows from the lowest to the highest. */
    get rows() {
      return { low: figure?.model.y_range.start ?? 0, high: figure?.model.y_range.end ?? 1 };
    },
    /** @param {number} step */
    xOf: (step) => figure.frame.x_scale.compute(step),
    /** @param {number} x */
    stepAt: (x) => figure.frame.x_scale.invert(x),
    show(/** @type {number} */ start) {
      follows = false;
      show(start);
    },
    /**
     * Turn the page if a step that sounds lies on another, unless the user has just moved away from it.
     * @param {number} step
     */
    follow(step) {
      if (!figure || step >= item.steps) return;
      const isShown = step >= range().start && step < range().end;
      if (isShown) follows = true;
      else if (follows) show(pageStart(step, length(), item.steps));
    },
    /** Follow from here on. */
    startFollowing() {
      follows = true;
    },
    /**
     * @param {any} bokeh   BokehJS
     * @param {HTMLElement} canvas
     * @returns {Promise<() => void>}   takes it away
     */
    async draw(bokeh, canvas) {
      const views = await bokeh.embed.embed_item(item.document, canvas);
      figure = [...views].find((view) => view.frame) ?? null;
      if (!figure) return () => views.clear();
      const observer = new ResizeObserver(() => requestAnimationFrame(() => figure && fit()));
      observer.observe(canvas);
      fit();
      emitter.emit("window");
      return () => {
        observer.disconnect();
        figure = null;
        views.clear();
      };
    },
  };
}
