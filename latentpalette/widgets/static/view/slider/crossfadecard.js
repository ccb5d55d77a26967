// Card of the cross-fade of the ends: the notes of both at once, each as thick as it is loud.
/** @import { Box, Disposables, Note, SliderPage, SliderSession } from "../../types.js" */

import { crossfadeParts } from "../../state/crossfade.js";
import { cornerWeights, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { createLaneRolls } from "../ends/lanerolls.js";

const LOUD = 127;

/**
 * @param {object} options
 * @param {SliderSession} options.session
 * @param {SliderPage} options.page
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createCrossfadeCard({ session, page, disposables, isDark }) {
  const { state, ends } = session;
  let t = 0;
  let colors = ["", ""]; // of A and B
  /** @typedef {ReturnType<typeof crossfadeParts>} Parts */
  const view = createLaneRolls({
    session,
    playback: { clip: () => null },
    label: "The cross-fade",
    withControls: false,
    draw(ctx, /** @type {Parts} */ { a, b, both }, { boxOf, scale }) {
      /** @param {Note} note @returns {Box | null} */
      const asThickAsLoud = (note) => {
        const box = boxOf({ ...note, velocity: LOUD });
        if (!box) return null;
        const down = Math.max(scale, box.down * Math.min(1, note.velocity / loudest()));
        const isDrum = state.streams[note.stream].is_drum;
        return { ...box, top: box.top + (box.down - down) / (isDrum ? 1 : 2), down };
      };
      [a, b].forEach((notes, end) => {
        ctx.fillStyle = colors[end];
        for (const note of notes) fill(ctx, asThickAsLoud(note), scale);
      });
      for (const note of both) {
        const box = asThickAsLoud(note);
        if (!box) continue;
        const above = t * box.down; // the share of B
        ctx.fillStyle = colors[1];
        fill(ctx, { ...box, down: above }, scale);
        ctx.fillStyle = colors[0];
        fill(ctx, { ...box, top: box.top + above, down: box.down - above }, scale);
      }
    },
    disposables,
    isDark,
  });
  /** The velocity that is drawn as thick as there is room. */
  const loudest = () => Math.max(1, ...[0, 1].flatMap((end) => ends.clip(end).notes.map(({ velocity }) => velocity)));
  const shares = [0, 1].map(() => el("span"));
  const element = el(
    "section",
    { class: "lp-card lp-crossfade-card", aria: { label: "The cross-fade" } },
    el(
      "div",
      { class: "lp-row lp-nowrap lp-head" },
      el("h4", { class: "lp-title", text: "Cross-fade of the notes" }),
      el("span", { class: "lp-space" }),
      el(
        "span",
        { class: "lp-dim lp-legend" },
        el("span", { class: "lp-word", text: "as thick as loud" }),
        ...shares.flatMap((share, end) => [el("i", { class: "lp-share", data: { end } }), share]),
      ),
    ),
    el("div", { class: "lp-music" }, view.element),
  );

  return {
    element,
    /** The notes of the cross-fade at the place that sounds. */
    parts: () => crossfadeParts(page.played(ends.clip(0)), page.played(ends.clip(1)), session.audible().t),
    show() {
      const audible = session.audible();
      t = audible.t;
      element.classList.toggle("lp-sounds-now", audible.plays === "crossfade");
      colors = [0, 1].map((end) => markColor(cornerWeights(end), isDark()));
      colors.forEach((color, end) => element.style.setProperty(`--lp-mark-${end}`, color));
      setText(shares[0], `A ${100 - Math.round(100 * t)} %`);
      setText(shares[1], `B ${Math.round(100 * t)} %`);
      view.show({ notes: this.parts(), range: page.range(), ...page.shown() });
    },
    movePlayhead: view.movePlayhead,
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box | null} box
 * @param {number} scale
 */
function fill(ctx, box, scale) {
  if (!box || box.down <= 0) return;
  ctx.beginPath();
  ctx.roundRect(box.left, box.top, box.across, box.down, Math.min(1.5 * scale, box.down / 2));
  ctx.fill();
}
