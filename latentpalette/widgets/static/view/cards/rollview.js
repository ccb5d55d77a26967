// A single melody as it plays: a roll as high as its notes need.
/** @import { Clip, Disposables } from "../../types.js" */

import { rollRows } from "../../state/pitch.js";
import { createCanvas } from "../canvas.js";
import { inkOf } from "../draw/ink.js";
import { drawRoll } from "../draw/roll.js";

const GUTTER = 30; // [pixels of the page] for the names of the octaves
const MARGIN = 2; // rows below and above the notes

/** @param {{ disposables: Disposables, isDark: () => boolean, low: number, high: number }} options */
export function createRollView({ disposables, isDark, low, high }) {
  /** @type {{ clip: Clip, rows: number[], color: string, from: number, steps: number } | null} */
  let shown = null;
  let now = -1;
  const canvas = createCanvas({
    className: "lp-roll-canvas",
    disposables,
    draw(ctx, { across, down, scale }) {
      if (!shown) return;
      const { clip, rows, color, from, steps } = shown;
      const box = { left: 0, top: 0, across, down };
      drawRoll(ctx, { notes: clip.notes, rows, color, from, steps, now }, box, {
        scale,
        ink: inkOf(isDark()),
        gutter: GUTTER * scale,
      });
    },
  });
  return {
    element: canvas.element,
    /**
     * @param {Clip} clip
     * @param {{ color: string, from: number, steps: number }} look
     */
    show(clip, { color, from, steps }) {
      shown = { clip, rows: rollRows(clip.notes, { low, high, margin: MARGIN }), color, from, steps };
      canvas.redraw();
    },
    /** @param {number} step */
    movePlayhead(step) {
      if (step === now) return;
      now = step;
      canvas.redraw();
    },
  };
}
