// Card of the step that plays: what of it stays from the step before, what has come, what has gone.
/** @import { Disposables, MixerSession } from "../../types.js" */
/** @import { Difference } from "../draw/difference.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { formatPage, pageAt } from "../../state/barwindow.js";
import { playedClip } from "../../state/clip.js";
import { compareClips } from "../../state/difference.js";
import { fieldColor, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { drawDifference } from "../draw/difference.js";
import { createLaneRolls } from "../ends/lanerolls.js";
import { formatShares, weightsOfStep } from "./steps.js";

const PAGE_BARS = 4; // of long music

/**
 * @param {object} options
 * @param {MixerSession} options.session
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {HTMLElement} options.grip   of its clip
 */
export function createStepCard({ session, disposables, isDark, grip }) {
  const { state, transport } = session;
  const chip = el("i", { class: "lp-chip", aria: { hidden: true } });
  const place = el("span");
  const shares = el("span", { class: "lp-dim lp-shares" });
  const next = el("span", { class: "lp-dim lp-next" });
  const time = el("span", { class: "lp-dim lp-time" });
  let color = ""; // of what has come
  const view = createLaneRolls({
    session,
    playback: { clip: () => session.clipAt(session.audibleIndex()) },
    label: "What changes",
    draw: (ctx, /** @type {Omit<Difference, "own">} */ notes, look) => drawDifference(ctx, notes, { ...look, color }),
    disposables,
    isDark,
  });
  const legend = el(
    "span",
    { class: "lp-dim lp-legend", aria: { hidden: true } },
    el("i", { class: "lp-stays" }),
    el("span", { text: "stays" }),
    el("i", { class: "lp-comes", text: "+" }),
    el("span", { text: "has come" }),
    el("i", { class: "lp-goes" }),
    el("span", { text: "has gone" }),
  );
  const { steps } = state.get("end_clips")[0];
  let page = pageAt(0, { steps, zoom: PAGE_BARS });

  const element = el(
    "section",
    { class: "lp-card lp-step-card", aria: { label: "Playing" } },
    el("div", { class: "lp-row lp-nowrap lp-head" }, chip, el("h4", { class: "lp-title" }, place), shares, next, el("span", { class: "lp-space" }), time, grip),
    el("div", { class: "lp-music" }, view.element),
    el("div", { class: "lp-row lp-nowrap lp-foot" }, legend),
  );

  /** The difference of the step that sounds from the one before it; the first has none before. */
  function difference() {
    const index = session.audibleIndex();
    const settings = { lanes: state.lanes, locks: state.get("locks"), accents: state.get("accents") };
    const [before, now] = [index ? session.clipAt(index - 1) : null, session.clipAt(index)].map((clip) => clip && playedClip(clip, settings));
    return now ? compareClips(before, now) : { stay: [], come: [], gone: [] };
  }

  function show() {
    const index = session.audibleIndex();
    const n = session.rows.table.length;
    const weights = weightsOfStep(index, n);
    chip.style.background = fieldColor(weights, isDark());
    setText(place, `${transport.sounding ? "Playing" : "Chosen"}: step ${index + 1} of ${n}`);
    setText(shares, formatShares(index, n));
    const chosen = session.chosenIndex();
    setText(next, transport.sounding && chosen !== index ? `next: step ${chosen + 1}` : "");
    color = markColor(weights, isDark());
    element.style.setProperty("--lp-come", color);
    view.show({ notes: difference(), ...page });
  }

  return {
    element,
    show,
    difference,
    /** @param {number} step   the audible one of the clip, or -1 */
    movePlayhead(step) {
      const turned = pageAt(step, { steps, zoom: PAGE_BARS });
      if (step >= 0 && turned.from !== page.from) {
        page = turned;
        show();
      }
      view.movePlayhead(step);
      const bar = Math.floor(step / STEPS_PER_BAR) + 1;
      const words = steps > PAGE_BARS * STEPS_PER_BAR ? formatPage(page) : step < 0 ? "" : `bar ${bar} · beat ${(Math.floor(step / 4) % 4) + 1}`;
      setText(time, words);
    },
  };
}
