// Card of what the model makes of a place: which notes of A stay, which of B have come, which are in neither, which have
// gone; and the switch of what sounds.
/** @import { Disposables, SliderPage, SliderSession } from "../../types.js" */

import { compareWithEnds } from "../../state/difference.js";
import { formatWeight } from "../../state/geometry.js";
import { canAsk } from "../../state/requests.js";
import { cornerWeights, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { drawDifference } from "../draw/difference.js";
import { createLaneRolls } from "../ends/lanerolls.js";
import { icon } from "../icons.js";
import { createSegments } from "../segments.js";
import { weightsOfPlace } from "./words.js";

/**
 * @param {object} options
 * @param {SliderSession} options.session
 * @param {SliderPage} options.page
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {HTMLElement} options.grip   of its clip
 */
export function createModelCard({ session, page, disposables, isDark, grip }) {
  const { state, transport } = session;
  const colors = { color: "", goneColor: "", ownColor: "" };
  /** @typedef {ReturnType<typeof compareWithEnds>} Between */
  const view = createLaneRolls({
    session,
    playback: { clip: () => session.clipAt(session.audible().t) },
    label: "What the model plays",
    draw: (ctx, /** @type {Between} */ notes, look) => drawDifference(ctx, notes, { ...look, ...colors }),
    disposables,
    isDark,
  });
  const plays = createSegments({
    label: "What sounds",
    choices: [
      ["model", "Model", "Hear the model"],
      ["crossfade", "Cross-fade", "Hear the cross-fade"],
    ],
    onChoose: (value) => state.set({ plays: value }),
  });
  plays.element.title = "What sounds (key x swaps)";
  plays.element.prepend(icon("headphones"));
  const place = el("span", { class: "lp-dim lp-next" });
  const time = el("span", { class: "lp-dim lp-time" });
  /** @param {string} kind @param {string} text @param {string} [mark] */
  const entry = (kind, text, mark) => el("span", { class: "lp-entry" }, el("i", { class: kind, text: mark }), el("span", { text }));
  const legend = el(
    "span",
    { class: "lp-dim lp-legend", aria: { hidden: true } },
    entry("lp-stays", "of A, stays"),
    entry("lp-comes", "of B, has come", "+"),
    entry("lp-owns", "in neither", "+"),
    entry("lp-goes", "of A, has gone"),
  );
  const element = el(
    "section",
    { class: "lp-card lp-model-card", aria: { label: "The model" } },
    el("div", { class: "lp-row lp-nowrap lp-head" }, plays.element, place, el("span", { class: "lp-space" }), time, grip),
    el("div", { class: "lp-music" }, view.element),
    el("div", { class: "lp-row lp-nowrap lp-foot" }, legend),
  );

  /** The music of the place that sounds, beside both ends. */
  function between() {
    const [a, b, now] = [0, 1, session.audible().t].map((t) => page.played(session.clipAt(t)));
    return compareWithEnds(a, b, now);
  }
  function show() {
    const { t, plays: sounding } = session.audible();
    const exact = session.isExact(t) || !canAsk(state, "place");
    plays.show(state.get("plays"));
    const next = transport.sounding && state.get("t") !== t ? `next: ${formatWeight(state.get("t"))}` : "";
    setText(place, next || `the model at ${formatWeight(t)}${exact ? "" : " …"}`);
    element.classList.toggle("lp-sounds-now", sounding === "model");
    [colors.color, colors.goneColor, colors.ownColor] = [cornerWeights(1), cornerWeights(0), weightsOfPlace(t)].map((weights) => markColor(weights, isDark()));
    element.style.setProperty("--lp-come", colors.color);
    element.style.setProperty("--lp-gone", colors.goneColor);
    element.style.setProperty("--lp-own", colors.ownColor);
    view.show({ notes: between(), range: page.range(), ...page.shown() });
  }
  return {
    element,
    show,
    between,
    /** @param {number} step   the audible one of the clip, or -1 */
    movePlayhead(step) {
      view.movePlayhead(step);
      setText(time, page.words(step));
    },
  };
}
