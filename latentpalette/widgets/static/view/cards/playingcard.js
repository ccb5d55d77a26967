// Card of what plays: in the color of its cell, each stream in its own way, with the playhead.
/** @import { Playback, State } from "../../types.js" */

import { LETTERS, cornerWeights, fieldColor, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { cellCenter, weightsAt } from "../../state/geometry.js";
import { playedClip } from "../../state/clip.js";
import { createLanesView } from "./lanesview.js";

const STEPS_PER_BAR = 16;

/** @param {{ state: State, playback: Playback, isDark: () => boolean }} options */
export function createPlayingCard({ state, playback, isDark }) {
  const chip = el("i", { class: "lp-chip", aria: { hidden: true } });
  const title = el("h4", { class: "lp-title" });
  const time = el("span", { class: "lp-dim lp-time" });
  const music = createLanesView({ state, playback });
  const element = el(
    "section",
    { class: "lp-card lp-playing", aria: { label: "Playing" } },
    el("div", { class: "lp-row lp-nowrap" }, chip, title, el("span", { class: "lp-space" }), time),
    music.element,
  );
  let bars = 2;

  return {
    element,
    show() {
      const { row, col } = playback.cell();
      const { corner } = playback;
      const weights = corner === null ? weightsAt(...cellCenter(row, col, state.size)) : cornerWeights(corner);
      const what = corner === null ? `row ${row + 1}, column ${col + 1}` : `corner ${LETTERS[corner]}`;
      chip.style.background = fieldColor(weights, isDark());
      setText(title, `${playback.sounding ? "Playing" : "Selected"}: ${what}`);
      const clip = playback.clip();
      if (!clip) return;
      bars = clip.steps / STEPS_PER_BAR;
      // Muted lanes are shown as well, struck through; what a lock replaces is not.
      const { lanes, get } = state;
      const played = playedClip(clip, { lanes, locks: get("locks"), accents: get("accents") });
      music.show(played, { color: markColor(weights, isDark()), mutes: get("mutes") });
    },
    /** @param {number} step   the audible one, or -1 */
    movePlayhead(step) {
      music.movePlayhead(step);
      const bar = Math.floor(step / STEPS_PER_BAR) + 1;
      const beat = (Math.floor(step / 4) % 4) + 1;
      setText(time, step < 0 ? "" : bars > 4 ? `bar ${bar} of ${bars}` : `bar ${bar} · beat ${beat}`);
    },
  };
}
