// The whole of a long roll as a strip, with a frame around the part that is shown. Drag the frame, or use the arrows.
/** @import { Disposables, RollView } from "../types.js" */

import { el, setText } from "./dom.js";
import { barsInWords } from "./rollwindow.js";

const HEIGHT = 28; // [pixels]
const MIN_NOTE = 1; // [pixels]
const STEPS_PER_BAR = 16;

/**
 * @param {{ view: RollView, steps: number, name: string, disposables: Disposables }} options
 */
export function createOverviewStrip({ view, steps, name, disposables }) {
  const canvas = el("canvas", { class: "lp-rolls-strip-notes", aria: { hidden: true } });
  const frame = el("i", { class: "lp-rolls-strip-frame" });
  const needle = el("i", { class: "lp-rolls-strip-needle", hidden: true });
  const strip = el(
    "div",
    { class: "lp-rolls-strip", role: "slider", tabindex: 0, aria: { label: `Bars that are shown ${name}`.trim(), valuemin: 1 } },
    canvas,
    frame,
    needle,
  );
  const words = el("span", { class: "lp-rolls-strip-words" });
  const root = el("div", { class: "lp-rolls-overview", hidden: true }, strip, words);

  function showWindow() {
    root.hidden = !view.isLong;
    const { start, length } = view;
    frame.style.left = `${(100 * start) / steps}%`;
    frame.style.width = `${(100 * length) / steps}%`;
    const text = barsInWords(start, length, steps);
    setText(words, text);
    strip.setAttribute("aria-valuemax", String(Math.max(1, Math.ceil((steps - length) / STEPS_PER_BAR) + 1)));
    strip.setAttribute("aria-valuenow", String(Math.round(start / STEPS_PER_BAR) + 1));
    strip.setAttribute("aria-valuetext", text);
  }

  function drawNotes() {
    const { clientWidth: width } = strip;
    const { left = [], right = [], bottom = [], top = [], color = [] } = view.notes;
    const scale = devicePixelRatio || 1;
    const context = canvas.getContext("2d");
    if (!context || !width) return;
    Object.assign(canvas, { width: Math.round(width * scale), height: HEIGHT * scale });
    context.scale(scale, scale);
    const { low, high } = view.rows;
    const yOf = (/** @type {number} */ row) => HEIGHT - 2 - ((row - low) / (high - low)) * (HEIGHT - 4);
    for (let at = 0; at < left.length; at++) {
      const [x, end] = [(left[at] / steps) * width, (right[at] / steps) * width];
      context.fillStyle = color[at];
      context.fillRect(x, yOf(top[at]), Math.max(MIN_NOTE, end - x), Math.max(MIN_NOTE, yOf(bottom[at]) - yOf(top[at])));
    }
  }

  /** @param {PointerEvent} event */
  const moveTo = (event) => {
    const { left, width } = strip.getBoundingClientRect();
    view.show(Math.round(((event.clientX - left) / width) * steps - view.length / 2));
  };
  disposables.on(strip, "pointerdown", (/** @type {PointerEvent} */ event) => {
    strip.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  disposables.on(strip, "pointermove", (/** @type {PointerEvent} */ event) => {
    if (strip.hasPointerCapture(event.pointerId)) moveTo(event);
  });
  disposables.on(strip, "keydown", (/** @type {KeyboardEvent} */ event) => {
    const bars = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    const pages = { PageUp: -1, PageDown: 1 }[event.key];
    const ends = { Home: 0, End: steps }[event.key];
    if (bars) view.show(view.start + bars * STEPS_PER_BAR);
    else if (pages) view.show(view.start + pages * view.length);
    else if (ends !== undefined) view.show(ends);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  disposables.add(view.on("window", showWindow));
  const observer = new ResizeObserver(drawNotes); // also when it is shown for the first time
  observer.observe(strip);
  disposables.add(() => observer.disconnect());

  return {
    root,
    /**
     * Show where the music is.
     * @param {number | null} step
     */
    showPlace(step) {
      needle.hidden = step === null;
      if (step !== null) needle.style.left = `${(100 * step) / steps}%`;
    },
  };
}
