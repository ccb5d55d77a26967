// A corner of several streams: it is listened to, and replaced.
/** @import { Disposables, Playback, State } from "../../types.js" */

import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createOverview } from "./overview.js";

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Playback} options.playback
 * @param {Disposables} options.disposables
 * @param {() => boolean} options.isDark
 */
export function createListener({ state, playback, disposables, isDark }) {
  const overview = createOverview({ state, disposables, isDark });
  let corner = 0;
  const word = el("span");
  const listen = el(
    "button",
    { class: "lp-control lp-small", type: "button", aria: { pressed: false } },
    icon("headphones"),
    word,
  );
  const isPlayed = () => playback.corner === corner && playback.sounding;
  listen.addEventListener("click", () => {
    if (isPlayed()) return playback.playCorner(null);
    playback.playCorner(corner);
    if (!state.get("playing")) playback.start();
  });
  return {
    element: el("div", { class: "lp-listener" }, overview.element, el("div", { class: "lp-row" }, listen)),
    /**
     * @param {number} which   corner
     * @param {string} color
     */
    show(which, color) {
      corner = which;
      const clip = state.cornerClip(corner);
      overview.show(clip, { color, page: { from: 0, steps: clip.steps } });
      listen.setAttribute("aria-pressed", String(isPlayed()));
      setText(word, isPlayed() ? "Back to the board" : "Listen");
    },
    /** Turns the bars that are shown; null where all are, or where another control does it. */
    pager: null,
    /** @param {number} step   the audible one, or -1 */
    movePlayhead: overview.movePlayhead,
  };
}
