// Card of what plays: in the color of its cell, each stream in its own way, with the playhead.
/** @import { Disposables, LaneCommands, Playback, State } from "../../types.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { playedClip } from "../../state/clip.js";
import { cellCenter, weightsAt } from "../../state/geometry.js";
import { LETTERS, cornerWeights, fieldColor, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { createMusicView } from "./musicview.js";

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Playback} options.playback
 * @param {LaneCommands} options.commands
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 * @param {HTMLElement} options.grip   of its clip
 */
export function createPlayingCard({ state, playback, commands, disposables, isDark, grip }) {
  const chip = el("i", { class: "lp-chip", aria: { hidden: true } });
  const verb = el("span", { class: "lp-tabbed" }); // its tab says the same
  const place = el("span");
  const next = el("span", { class: "lp-dim lp-next" });
  const time = el("span", { class: "lp-dim lp-time" });
  const music = createMusicView({ state, playback, commands, disposables, isDark });
  const bars = state.steps / STEPS_PER_BAR;
  const element = el(
    "section",
    { class: "lp-card lp-playing", aria: { label: "Playing" } },
    el(
      "div",
      { class: "lp-row lp-nowrap lp-head" },
      chip,
      el("h4", { class: "lp-title" }, verb, place),
      next,
      el("span", { class: "lp-space" }),
      time,
      music.pager,
      grip,
    ),
    music.element,
  );

  return {
    element,
    show() {
      const { cell, corner, clip } = playback.audible();
      const weights = corner === null ? weightsAt(...cellCenter(cell.row, cell.col, state.size)) : cornerWeights(corner);
      chip.style.background = fieldColor(weights, isDark());
      setText(verb, playback.sounding ? "Playing: " : "Selected: ");
      setText(place, formatPlace({ cell, corner }));
      const chosen = { cell: playback.cell(), corner: playback.corner };
      const waits = playback.sounding && formatPlace(chosen) !== formatPlace({ cell, corner });
      setText(next, waits ? `next: ${formatPlace(chosen)}` : clip ? "" : "not decoded yet");
      // Muted lanes are shown as well, struck through; what a lock replaces is not.
      const { lanes, get } = state;
      const played = playedClip(clip ?? { steps: state.steps, notes: [] }, { lanes, locks: get("locks"), accents: get("accents") });
      music.show(played, { color: markColor(weights, isDark()), mutes: get("mutes") });
    },
    /** @param {number} step   the audible one, or -1 */
    movePlayhead(step) {
      music.movePlayhead(step);
      const bar = Math.floor(step / STEPS_PER_BAR) + 1;
      const beat = (Math.floor(step / 4) % 4) + 1;
      const where = bars > 4 ? ` of ${bars}` : bars > 2 ? "" : ` · beat ${beat}`;
      setText(time, step < 0 ? "" : `bar ${bar}${where}`);
    },
  };
}

/**
 * @param {{ cell: { row: number, col: number }, corner: number | null }} place
 */
const formatPlace = ({ cell, corner }) =>
  corner === null ? `row ${cell.row + 1}, column ${cell.col + 1}` : `corner ${LETTERS[corner]}`;
