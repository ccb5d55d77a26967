// An end beside the slider: its letter, its label and its music in its color. A click moves the slider there.
/** @import { Disposables, SliderSession } from "../../types.js" */

import { createCanvas } from "../canvas.js";
import { LETTERS } from "../color.js";
import { el, setText } from "../dom.js";
import { pitchRanges } from "../draw/contour.js";
import { inkOf } from "../draw/ink.js";
import { drawThumbnail } from "../draw/thumbnail.js";

/**
 * @param {{ session: SliderSession, end: number, disposables: Disposables, isDark: () => boolean }} options
 */
export function createEndTile({ session, end, disposables, isDark }) {
  const { state, actions } = session;
  const label = el("span", { class: "lp-end-label" });
  const canvas = createCanvas({
    className: "lp-end-canvas",
    disposables,
    draw(ctx, { across, down, scale }) {
      const clips = [session.clipAt(0), session.clipAt(1)];
      const { main, soft } = inkOf(isDark());
      const look = { streams: state.streams, lanes: state.lanes, ranges: pitchRanges(clips, state.streams.length), scale, main, soft };
      drawThumbnail(ctx, clips[end], { left: 0, top: 0, across, down }, look);
    },
  });
  const element = el(
    "button",
    { class: "lp-end-tile", type: "button", draggable: "true", data: { corner: end }, on: { click: () => actions.moveTo(end) } },
    el("span", { class: "lp-end-name", aria: { hidden: true } }, el("b", { text: LETTERS[end] }), label),
    canvas.element,
  );
  let drawn = /** @type {unknown[]} */ ([]);
  return {
    element,
    repaint: canvas.redraw,
    show() {
      const text = state.get("labels")[end];
      setText(label, text);
      element.title = text;
      element.setAttribute("aria-label", `To end ${LETTERS[end]}: ${text}`);
      element.setAttribute("aria-pressed", String(state.get("t") === end));
      const [a, b] = [session.clipAt(0), session.clipAt(1)];
      if (drawn[0] === a && drawn[1] === b) return; // both: they have one range of pitches
      drawn = [a, b];
      canvas.redraw();
    },
  };
}
