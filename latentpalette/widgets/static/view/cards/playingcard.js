// Card of the playing pattern: its nine lanes in the color of its cell, the playhead, a mute and a padlock for each lane.
/** @import { Playback, State } from "../../types.js" */

import { LETTERS, cornerWeights, fieldColor, markColor } from "../color.js";
import { el, setText } from "../dom.js";
import { cellCenter, weightsAt } from "../../state/geometry.js";
import { icon } from "../icons.js";
import { applyLocks, velocityLanes } from "../../state/pattern.js";
import { createStepGrid } from "../stepgrid.js";

/**
 * @template T
 * @param {T[]} list
 * @param {number} index
 * @param {T} value
 */
const replaced = (list, index, value) => list.map((item, i) => (i === index ? value : item));

/** @param {{ state: State, playback: Playback, isDark: () => boolean }} options */
export function createPlayingCard({ state, playback, isDark }) {
  const drums = state.get("drums");
  const buttons = drums.map((name, drum) => {
    const mute = el(
      "button",
      { class: "lp-mini", type: "button", title: `Mute ${name}`, aria: { label: `Mute ${name}`, pressed: false } },
      icon("volume"),
      icon("muted"),
    );
    const lock = el(
      "button",
      {
        class: "lp-mini",
        type: "button",
        title: `Lock ${name}: keep this lane while the palette moves`,
        aria: { label: `Lock ${name}`, pressed: false },
      },
      icon("unlocked"),
      icon("locked"),
    );
    mute.addEventListener("click", () => {
      state.set({ mutes: replaced(state.get("mutes"), drum, !state.get("mutes")[drum]) });
    });
    lock.addEventListener("click", () => {
      const locks = state.get("locks");
      const lane = Array.from(playback.tokens(), (token) => (token >> drum) & 1);
      state.set({ locks: replaced(locks, drum, locks[drum] ? null : lane) });
    });
    return { mute, lock };
  });
  const chip = el("i", { class: "lp-chip", aria: { hidden: true } });
  const title = el("h4", { class: "lp-title" });
  const time = el("span", { class: "lp-dim lp-time" });
  const grid = createStepGrid({
    names: drums,
    label: "What is playing",
    laneControls: (drum) => el("span", { class: "lp-minis" }, buttons[drum].mute, buttons[drum].lock),
  });
  const element = el(
    "section",
    { class: "lp-card lp-playing", aria: { label: "Playing" } },
    el("div", { class: "lp-row" }, chip, title, el("span", { class: "lp-space" }), time),
    grid.element,
  );

  return {
    element,
    show() {
      const { row, col } = playback.cell();
      const { corner } = playback;
      const weights = corner === null ? weightsAt(...cellCenter(row, col, state.size)) : cornerWeights(corner);
      const [mutes, locks] = [state.get("mutes"), state.get("locks")];
      const what = corner === null ? `row ${row + 1}, column ${col + 1}` : `corner ${LETTERS[corner]}`;
      chip.style.background = fieldColor(weights, isDark());
      setText(title, `${playback.sounding ? "Playing" : "Selected"}: ${what}`);
      grid.show(velocityLanes(applyLocks(playback.tokens(), locks), state.get("accents"), drums), {
        color: markColor(weights, isDark()),
        mutes,
      });
      buttons.forEach(({ mute, lock }, drum) => {
        mute.setAttribute("aria-pressed", String(mutes[drum]));
        lock.setAttribute("aria-pressed", String(Boolean(locks[drum])));
      });
    },
    /** @param {number} step   the audible one, or -1 */
    movePlayhead(step) {
      grid.movePlayhead(step);
      setText(time, step < 0 ? "" : `bar ${Math.floor(step / 16) + 1} · beat ${(Math.floor(step / 4) % 4) + 1}`);
    },
  };
}
