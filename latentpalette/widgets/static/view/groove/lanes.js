// The loop large: each drum as a lane, each hit where it is played and as high as it is loud; a hairline leads from where it
// is written. Of a longer loop two bars at once, which follow the playhead.
/** @import { Disposables, GrooveSession, Lane, Note } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { formatPage, pageAt } from "../../state/barwindow.js";
import { isInLane } from "../../state/clip.js";
import { feltHits } from "../../state/feel.js";
import { createCanvas } from "../canvas.js";
import { el, setText } from "../dom.js";
import { hitHeight } from "../draw/drums.js";
import { inkOf } from "../draw/ink.js";
import { drawBeats, drawNow } from "../draw/roll.js";
import { icon } from "../icons.js";
import { createLaneControls, openLanesOnTap } from "../lanecontrols.js";

const PAGE_BARS = 2;

/**
 * @param {object} options
 * @param {GrooveSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {HTMLElement} options.grip   of its clip
 */
export function createLoopLanes({ session, disposables, isDark, grip }) {
  const { state, commands, transport } = session;
  const lanes = /** @type {Lane[]} */ (state.lanes);
  let from = 0; // the first step that is shown
  let now = -1;
  /** @type {{ written: Note, played: Note }[]} */
  let hits = [];
  const page = () => pageAt(from, { steps: session.written().steps, zoom: PAGE_BARS });

  const rows = lanes.map((lane, index) => {
    const controls = createLaneControls({ state, playback: session, commands, lane: index, withLock: false });
    const canvas = createCanvas({
      className: "lp-hits-canvas",
      disposables,
      draw(ctx, { across, down, scale }) {
        const ink = inkOf(isDark());
        const { from: first, steps } = page();
        const box = { left: 0, top: 0, across, down };
        const stepWidth = across / steps;
        const x = (/** @type {number} */ step) => (step - first) * stepWidth;
        drawBeats(ctx, { from: first, steps }, box, { scale, ink });
        const isWritten = state.get("plays") === "written" && !session.isTapping();
        for (const { written, played } of hits) {
          const shown = isWritten ? written : played;
          const at = shown.step + shown.offset;
          if (!isInLane(lane, shown) || at < first - 0.5 || at >= first + steps) continue;
          const high = (down - 3 * scale) * hitHeight(shown.velocity);
          const wide = Math.max(2 * scale, 0.62 * stepWidth);
          const isNow = shown.step === now;
          ctx.fillStyle = isNow ? ink.full : ink.main;
          ctx.beginPath();
          ctx.roundRect(x(at) + 0.5 * scale, down - scale - high, wide, high, 1.5 * scale);
          ctx.fill();
          const grid = x(written.step + written.offset);
          const late = x(at) - grid;
          if (isWritten || Math.abs(late) < 0.6 * scale) continue;
          // From where it is written to where it is played.
          ctx.fillStyle = ink.dim;
          ctx.fillRect(grid, 1.5 * scale, Math.max(1, scale), down - 3 * scale);
          ctx.fillRect(Math.min(grid, grid + late), down / 2, Math.abs(late), Math.max(1, scale));
        }
        drawNow(ctx, { from: first, steps, now }, box, { scale, ink });
      },
    });
    const element = el("div", { class: "lp-lane" }, el("span", { class: "lp-lane-name", text: lane.name }), controls.element, canvas.element);
    return {
      element,
      redraw: canvas.redraw,
      show() {
        element.classList.toggle("lp-muted", Boolean(state.get("mutes")[index]));
        controls.show();
        canvas.redraw();
      },
    };
  });

  const place = el("span", { class: "lp-dim lp-time" });
  /** @param {number} turn */
  const turnBy = (turn) => {
    const { steps } = page();
    const all = session.written().steps;
    from = (((page().from + turn * steps) % all) + all) % all;
    show();
  };
  const pager = el(
    "span",
    { class: "lp-pages" },
    ...[-1, 1].map((turn) =>
      el(
        "button",
        { class: `lp-mini${turn > 0 ? " lp-turned" : ""}`, type: "button", aria: { label: turn < 0 ? "Earlier bars" : "Later bars" }, on: { click: () => turnBy(turn) } },
        icon("back"),
      ),
    ),
  );
  const title = el("span");
  const label = el("span", { class: "lp-dim lp-corner-name" });
  const body = el("div", { class: "lp-music lp-difference", role: "group", aria: { label: "The loop" } }, ...rows.map(({ element }) => element).reverse());
  openLanesOnTap(body);
  const element = el(
    "section",
    { class: "lp-card lp-loop", aria: { label: "Playing" } },
    el("div", { class: "lp-row lp-nowrap lp-head" }, el("h4", { class: "lp-title" }, title), label, el("span", { class: "lp-space" }), place, pager, grip),
    body,
  );

  function show() {
    const written = session.written();
    const felt = feltHits(written, session.played(), session.feel());
    hits = written.notes.map((note, index) => ({ written: note, played: felt[index] }));
    if (from >= written.steps) from = 0;
    setText(title, `${transport.sounding && !session.isTapping() ? "Playing" : "Loop"}: ${state.get("plays") === "written" ? "as written" : "as played"}`);
    setText(label, state.get("label"));
    label.title = state.get("label");
    const bars = session.bars();
    setText(place, bars > PAGE_BARS ? `${formatPage(page())} of ${bars}` : "");
    pager.hidden = bars <= PAGE_BARS;
    rows.forEach((row) => row.show());
  }
  return {
    element,
    show,
    /** @param {number} step   the audible one of the loop, or -1 */
    movePlayhead(step) {
      if (step === now) return;
      now = step;
      const shown = page();
      if (step >= 0 && (step < shown.from || step >= shown.from + shown.steps)) {
        from = Math.floor(step / (PAGE_BARS * STEPS_PER_BAR)) * PAGE_BARS * STEPS_PER_BAR;
        return show();
      }
      rows.forEach((row) => row.redraw());
    },
  };
}
