// Card for taps: a pad, the click, what was tapped, and how late taps arrive.
/** @import { Disposables, GrooveSession } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { createCanvas } from "../canvas.js";
import { el, setText } from "../dom.js";
import { inkOf } from "../draw/ink.js";
import { drawBeats, drawNow } from "../draw/roll.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";

/**
 * @param {object} options
 * @param {GrooveSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {() => string} options.unavailable          why no drums can come of taps, or ""
 * @param {(text: string) => void} options.onNotice
 */
export function createTapCard({ session, disposables, isDark, unavailable, onNotice }) {
  const { state, actions } = session;
  let now = -1;
  const steps = () => state.get("tap_bars") * STEPS_PER_BAR;
  const word = el("span");
  const pad = el("button", { class: "lp-pad", type: "button", aria: { label: "Tap" } }, icon("tap"), word);
  // The press itself counts, not the release after it.
  pad.addEventListener("pointerdown", (event) => {
    if (event.button || !session.isTapping()) return;
    pad.setPointerCapture(event.pointerId);
    hit(event);
  });
  pad.addEventListener("click", (event) => {
    if (!session.isTapping() && !unavailable() && event.detail !== 0) actions.toggleTapping();
  });
  pad.addEventListener("keydown", (event) => {
    if (![" ", "Enter"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (session.isTapping()) hit(event);
    else if (!unavailable()) actions.toggleTapping();
  });
  /** @param {{ timeStamp: number }} event */
  function hit(event) {
    actions.tap(Math.max(0, performance.now() - event.timeStamp));
    pad.classList.add("lp-hit");
    setTimeout(() => pad.classList.remove("lp-hit"), 90);
  }
  const stop = el("button", { class: "lp-control lp-small", type: "button", on: { click: () => actions.toggleTapping() } });
  const bars = el("select", { class: "lp-control lp-small", aria: { label: "Bars to tap" } }, ...[1, 2, 4].map((count) => el("option", { value: count, text: count === 1 ? "1 bar" : `${count} bars` })));
  bars.addEventListener("change", () => state.set({ tap_bars: Number(bars.value) }));
  const latency = createNumberField({
    label: "late by",
    name: "How late taps arrive, in milliseconds",
    min: -200,
    max: 500,
    value: state.get("tap_latency"),
    width: 3,
    onInput: (value) => state.set({ tap_latency: value }),
    onClamp: onNotice,
  });
  latency.element.append(el("span", { class: "lp-dim", text: "ms" }));
  const strip = createCanvas({
    className: "lp-taps",
    disposables,
    draw(ctx, { across, down, scale }) {
      const ink = inkOf(isDark());
      const all = steps();
      const box = { left: 0, top: 0, across, down };
      drawBeats(ctx, { from: 0, steps: all }, box, { scale, ink });
      ctx.fillStyle = ink.main;
      for (const [step, offset] of session.taps()) {
        const wide = Math.max(3 * scale, (0.5 * across) / all);
        ctx.beginPath();
        ctx.roundRect(((step + offset) * across) / all, 3 * scale, wide, down - 6 * scale, 2 * scale);
        ctx.fill();
      }
      drawNow(ctx, { from: 0, steps: all, now }, box, { scale, ink });
    },
  });
  const element = el(
    "section",
    { class: "lp-card lp-tap", aria: { label: "Tap to drums" } },
    pad,
    el(
      "div",
      { class: "lp-tap-side" },
      strip.element,
      el("div", { class: "lp-row lp-tap-row" }, stop, bars, latency.element),
    ),
  );
  return {
    element,
    hit,
    show() {
      const reason = unavailable();
      const isTapping = session.isTapping();
      pad.classList.toggle("lp-armed", isTapping);
      setText(word, isTapping ? "tap now: space bar or here" : "Tap a rhythm");
      pad.title = reason || (isTapping ? "" : "A click plays; tap along, and drums come of it");
      setText(stop, isTapping ? "Stop the click" : "Start the click");
      pad.disabled = stop.disabled = Boolean(reason || session.asking());
      stop.title = reason;
      bars.value = String(state.get("tap_bars"));
      bars.disabled = isTapping || Boolean(reason);
      const focused = /** @type {Document | ShadowRoot} */ (element.getRootNode()).activeElement;
      if (focused !== latency.input) latency.value = state.get("tap_latency");
      element.dataset.taps = String(session.taps().length);
      strip.redraw();
    },
    /** @param {number} step   the audible one since the start, or -1 */
    movePlayhead(step) {
      const next = step < 0 || !session.isTapping() ? -1 : Math.floor(step) % steps();
      if (next === now) return;
      now = next;
      strip.redraw();
    },
  };
}
