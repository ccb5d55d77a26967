// A tile with a loop: its number, its music in the color of where it is from, what may stand beside the number.
/** @import { Clip, Disposables } from "../../types.js" */
/** @import { LoopDrawing } from "./loopdrawing.js" */

import { createCanvas } from "../canvas.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";

/** @typedef {ReturnType<typeof createLoopTile>} LoopTile */

const MARGIN = 7; // [pixels of the page]

/**
 * @param {object} options
 * @param {Disposables} options.disposables
 * @param {LoopDrawing} options.drawing
 * @param {number} options.number
 * @param {string} options.remove           what its cross does, for assistive technology
 * @param {() => void} options.onClick
 * @param {() => void} options.onRemove
 */
export function createLoopTile({ disposables, drawing, number, remove, onClick, onRemove }) {
  /** @type {Clip | null} */
  let shown = null;
  const canvas = createCanvas({
    className: "lp-loop-canvas",
    disposables,
    draw(ctx, { across, down, scale }) {
      if (!shown) return;
      const margin = MARGIN * scale;
      drawing.drawMelody(ctx, shown, { left: margin, top: 2 * scale, across: across - 2 * margin, down: down - margin }, scale);
    },
  });
  const hint = el("span", { class: "lp-loop-hint" });
  const note = el("span", { class: "lp-loop-note" });
  const main = el(
    "button",
    { class: "lp-loop-main", type: "button", on: { click: onClick } },
    el("span", { class: "lp-loop-head" }, el("b", { text: String(number) }), note),
    canvas.element,
    hint,
  );
  const cross = el(
    "button",
    { class: "lp-mini lp-loop-cross", type: "button", tabindex: -1, title: remove, aria: { label: remove }, on: { click: onRemove } },
    icon("clear"),
  );
  const element = el("div", { class: "lp-loop" }, main, cross);
  return {
    element,
    main,
    redraw: canvas.redraw,
    /**
     * @param {object} loop
     * @param {Clip | null} loop.clip       null: it is empty
     * @param {string} loop.color
     * @param {string} loop.name            for assistive technology
     * @param {string} [loop.title]
     * @param {string} [loop.text]          beside the number
     * @param {string} [loop.empty]         what an empty one says
     * @param {boolean} loop.isChosen
     */
    show({ clip, color, name, title = "", text = "", empty = "", isChosen }) {
      shown = clip;
      element.classList.toggle("lp-empty", !clip);
      element.classList.toggle("lp-chosen", isChosen);
      element.style.background = clip ? color : "";
      main.setAttribute("aria-label", name);
      main.setAttribute("aria-pressed", String(isChosen));
      main.title = title;
      setText(note, text);
      setText(hint, clip ? "" : empty);
      cross.hidden = !clip;
      canvas.redraw();
    },
    /** @param {number | null} part   of the loop that has passed, 0 to 1; null: it does not sound */
    showProgress(part) {
      element.classList.toggle("lp-sounding", part !== null);
      if (part !== null) element.style.setProperty("--lp-passed", String(part));
    },
  };
}
