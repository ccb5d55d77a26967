// Card of what the sliders make of the music: which notes stay, which have come, which have gone; of long music four bars.
/** @import { Clip, Disposables, LatentSession } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { formatPage, pageAt } from "../../state/barwindow.js";
import { playedClip } from "../../state/clip.js";
import { compareClips } from "../../state/difference.js";
import { cornerWeights, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { drawDifference } from "../draw/difference.js";
import { createLaneRolls } from "../ends/lanerolls.js";

const PAGE_BARS = 4; // of long music

/**
 * @param {object} options
 * @param {LatentSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {HTMLElement} options.grip   of its clip
 */
export function createPlayingCard({ session, disposables, isDark, grip }) {
  const { state, transport } = session;
  const colors = { color: "", goneColor: "" };
  const { steps } = session.music();
  let page = pageAt(0, { steps, zoom: PAGE_BARS });
  const sounding = () => (state.get("plays") === "music" ? session.music() : session.moved());
  const view = createLaneRolls({
    session,
    playback: { clip: sounding },
    label: "What plays",
    draw: (ctx, /** @type {ReturnType<typeof compareClips>} */ notes, look) => drawDifference(ctx, notes, { ...look, ...colors }),
    disposables,
    isDark,
  });
  const title = el("h4", { class: "lp-title" });
  const next = el("span", { class: "lp-dim lp-next" });
  const time = el("span", { class: "lp-dim lp-time" });
  /** @param {string} kind @param {string} text @param {string} [mark] */
  const entry = (kind, text, mark) => el("span", { class: "lp-entry" }, el("i", { class: kind, text: mark }), el("span", { text }));
  const legend = el(
    "span",
    { class: "lp-dim lp-legend", aria: { hidden: true } },
    entry("lp-stays", "stays"),
    entry("lp-comes", "has come", "+"),
    entry("lp-goes", "has gone"),
  );
  const played = (/** @type {Clip} */ clip) =>
    playedClip(clip, { lanes: state.lanes, locks: state.get("locks"), accents: state.get("accents") });
  /** What became of the music, as it sounds. */
  const difference = () => compareClips(played(session.music()), played(session.moved()));

  function show() {
    const isMusic = state.get("plays") === "music";
    setText(title, `${transport.sounding ? "Playing" : "Ready"}: ${isMusic ? "A, as it was" : "B, moved"}`);
    setText(next, session.isExact() || session.isStill() || isMusic ? "" : "decoding …");
    legend.hidden = isMusic;
    [colors.color, colors.goneColor] = [1, 0].map((corner) => markColor(cornerWeights(corner), isDark()));
    element.style.setProperty("--lp-come", colors.color);
    element.style.setProperty("--lp-gone", colors.goneColor);
    const notes = isMusic ? compareClips(null, played(session.music())) : difference();
    const range = [...session.music().notes, ...session.moved().notes];
    view.show({ notes, range, ...page });
  }
  const element = el(
    "section",
    { class: "lp-card lp-play-card", aria: { label: "Playing" } },
    el("div", { class: "lp-row lp-nowrap lp-head" }, title, next, el("span", { class: "lp-space" }), legend, time, grip),
    el("div", { class: "lp-music" }, view.element),
  );
  return {
    element,
    show,
    difference,
    /** @param {number} step   the audible one of the clip, or -1 */
    movePlayhead(step) {
      const turned = pageAt(Math.max(step, 0), { steps, zoom: PAGE_BARS });
      if (step >= 0 && turned.from !== page.from) {
        page = turned;
        show();
      }
      view.movePlayhead(step);
      const isLong = steps > PAGE_BARS * STEPS_PER_BAR;
      const at = step < 0 ? "" : `bar ${Math.floor(step / STEPS_PER_BAR) + 1} · beat ${(Math.floor(step / 4) % 4) + 1}`;
      setText(time, isLong ? formatPage(page) : at);
    },
  };
}
