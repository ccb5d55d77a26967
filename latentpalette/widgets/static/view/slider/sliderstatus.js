// Status line of a slider: in words what both cards show, for screen readers as well.
/** @import { SliderSession } from "../../types.js" */

import { formatWeight } from "../../state/geometry.js";
import { NO_ANSWER } from "../../state/kernellink.js";
import { canAsk } from "../../state/requests.js";
import { NUM_PLACES } from "../../state/slidersession.js";
import { el, setText } from "../dom.js";
import { formatPercent } from "./words.js";

/** @param {{ session: SliderSession, words: () => string }} options */
export function createSliderStatus({ session, words }) {
  const { state } = session;
  const place = el("b");
  const notes = el("span", { class: "lp-counts" });
  const tempo = el("span");
  const notice = el("span");
  const decoded = el("span", { class: "lp-decoded" });
  const spoken = el("span", { class: "lp-spoken", role: "status" });
  const element = el("div", { class: "lp-status" }, el("div", { class: "lp-facts" }, place, notes, tempo, notice, decoded), spoken);
  return {
    element,
    showNotice: (/** @type {string} */ text) => setText(notice, text),
    clearNotice: () => setText(notice, ""),
    show() {
      const { t, plays } = session.audible();
      const at = plays === "model" ? `Model at ${formatWeight(t)}` : `Cross-fade, ${formatPercent(t)}`;
      setText(place, at);
      setText(notes, words());
      setText(tempo, state.get("tempo_note"));
      setText(decoded, decoding(t));
      if (!state.get("autoplay") || !state.get("playing")) setText(spoken, `${at}. ${words()}.`);
    },
  };

  /** @param {number} t */
  function decoding(t) {
    const now = session.decodeState();
    if (session.rows.isStale) {
      if (!canAsk(state, "decode")) return "the last ends play: other ends need Python";
      if (now === "lost") return NO_ANSWER;
      return now === "idle" ? "" : "decoding the way …";
    }
    const { progress } = session.rows;
    if (progress) return `${progress[0]} of ${progress[1]} places decoded`;
    if (session.isExact(t) || state.get("plays") === "crossfade") return "";
    return canAsk(state, "place") ? "" : `nearest of ${NUM_PLACES}`;
  }
}
