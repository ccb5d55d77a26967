// The slider between two ends: a track in their colors with a mark for each step, a ring, and below it how much changes
// where. It is dragged, or moved by the arrow keys: from step to step, with Shift a little.
/** @import { Disposables, SliderSession } from "../../types.js" */

import { formatWeight } from "../../state/geometry.js";
import { createCanvas } from "../canvas.js";
import { fieldColor } from "../color.js";
import { el, setText } from "../dom.js";
import { drawDots } from "../draw/field.js";
import { inkOf } from "../draw/ink.js";
import { weightsOfPlace } from "./words.js";

const RADIUS = 13; // [pixels of the page] of the ring: the track's ends lie as far inside
const PAUSE = 1000; // [milliseconds] between moves by keys that undo takes back one by one
const STOPS = 8; // of the gradient

/**
 * @param {object} options
 * @param {SliderSession} options.session
 * @param {() => string} options.words      what the place sounds like
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createTrack({ session, words, disposables, isDark }) {
  const { state, actions } = session;
  const value = el("output", { class: "lp-way-value", aria: { hidden: true } });
  const ring = el("i", { class: "lp-way-ring" }, value);
  const marks = el("span", { class: "lp-way-marks", aria: { hidden: true } });
  const bar = el("span", { class: "lp-way-bar" });
  const track = el(
    "div",
    { class: "lp-way-track", role: "slider", tabindex: 0, aria: { label: "Place between A and B", valuemin: 0, valuemax: 1, orientation: "horizontal" } },
    bar,
    marks,
    ring,
  );
  const profile = createCanvas({
    className: "lp-way-profile",
    disposables,
    draw(ctx, { across, down, scale }) {
      const along = session.changes();
      const most = Math.max(1, ...along.map((change) => change ?? 0));
      const inset = RADIUS * scale;
      const wide = (across - 2 * inset) / along.length;
      const ink = inkOf(isDark());
      let unknown = 0; // places one after the other
      along.forEach((change, index) => {
        if (change === null) {
          unknown++;
          if (along[index + 1] === null) return;
          const box = { left: inset + (index + 1 - unknown) * wide, top: 0, across: unknown * wide, down };
          unknown = 0;
          return drawDots(ctx, box, scale, ink);
        }
        if (!change) return;
        ctx.fillStyle = ink.dim;
        const high = Math.max(scale, (change / most) * down);
        ctx.fillRect(inset + index * wide + 0.15 * wide, 0, 0.7 * wide, high);
      });
    },
  });
  profile.element.setAttribute("title", "How many notes change where");
  const element = el("div", { class: "lp-way" }, track, profile.element);

  // --- pointer --------------------------------------------------------------------------------------------------------
  let isFurther = false;
  /** @param {PointerEvent} event */
  function follow(event) {
    const { left, width } = track.getBoundingClientRect();
    const before = state.get("t");
    actions.drag((event.clientX - left - RADIUS) / Math.max(1, width - 2 * RADIUS), { isFurther, isFine: event.shiftKey });
    isFurther ||= state.get("t") !== before;
  }
  track.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    track.setPointerCapture(event.pointerId);
    isFurther = false;
    actions.hold(true);
    follow(event);
  });
  track.addEventListener("pointermove", (event) => {
    if (track.hasPointerCapture(event.pointerId)) follow(event);
  });
  for (const type of ["lostpointercapture", "pointercancel"]) track.addEventListener(type, () => actions.hold(false));
  disposables.add(() => actions.hold(false));

  // --- keys -----------------------------------------------------------------------------------------------------------
  let lastKey = -Infinity;
  /**
   * @param {KeyboardEvent} event
   * @returns {boolean}   true if the key moves the slider
   */
  function onKey(event) {
    const { key, shiftKey, timeStamp } = event;
    const further = timeStamp - lastKey < PAUSE;
    const turn = key === "ArrowRight" || key === "ArrowUp" ? 1 : key === "ArrowLeft" || key === "ArrowDown" ? -1 : 0;
    const before = state.get("t");
    if (turn && shiftKey) actions.nudge(turn, further);
    else if (turn) actions.step(turn, further);
    else if (key === "Home" || key === "End") actions.moveTo(key === "End" ? 1 : 0, further);
    else return false;
    if (state.get("t") !== before) lastKey = timeStamp;
    return true;
  }
  track.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });

  let lastSteps = /** @type {unknown} */ (null);
  let lastTable = /** @type {unknown} */ (null);
  function show() {
    const steps = session.steps();
    if (steps !== lastSteps) {
      lastSteps = steps;
      marks.replaceChildren(...steps.map((t) => el("i", { style: { left: `${100 * t}%` } })));
    }
    if (session.rows.table !== lastTable) {
      lastTable = session.rows.table;
      profile.redraw();
    }
    move();
  }
  /** Put the ring where the slider stands. */
  function move() {
    const t = session.shownPlace();
    track.style.setProperty("--lp-t", String(t));
    ring.style.background = fieldColor(weightsOfPlace(t), isDark());
    setText(value, formatWeight(t));
    const now = state.get("t");
    track.setAttribute("aria-valuenow", String(Math.round(1000 * now) / 1000));
    track.setAttribute("aria-valuetext", `${Math.round(100 * now)} percent of the way from A to B. ${words()}`);
  }

  return {
    element,
    show,
    move,
    onKey,
    repaint() {
      const stops = Array.from({ length: STOPS + 1 }, (_, index) => fieldColor(weightsOfPlace(index / STOPS), isDark()));
      bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      profile.redraw();
    },
  };
}
