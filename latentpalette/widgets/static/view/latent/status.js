// Status line of latent sliders: in words what the sliders did, for screen readers as well.
/** @import { LatentSession } from "../../types.js" */

import { el, setText } from "../dom.js";
import { formatPercentile } from "./words.js";

const NORM_HELP =
  "How far this place is from the middle of latent space, among random samples of the model. What is very near tends to be plain, what is very far to be odd.";

/** @param {{ session: LatentSession, words: () => string }} options   what became of the music */
export function createLatentStatus({ session, words }) {
  const { state } = session;
  const place = el("b");
  const notes = el("span", { class: "lp-counts" });
  const norm = el("span", { title: NORM_HELP });
  const tempo = el("span");
  const notice = el("span");
  const spoken = el("span", { class: "lp-spoken", role: "status" });
  const element = el("div", { class: "lp-status" }, el("div", { class: "lp-facts" }, place, notes, norm, tempo, notice), spoken);
  return {
    element,
    showNotice: (/** @type {string} */ text) => setText(notice, text),
    clearNotice: () => setText(notice, ""),
    show() {
      const values = /** @type {number[]} */ (state.get("values"));
      const moved = values.filter(Boolean).length;
      const isMusic = state.get("plays") === "music";
      const what = isMusic ? `${state.get("labels")[0]}, as it was` : moved ? `${moved} of ${values.length} sliders moved` : "No slider moved";
      setText(place, what);
      const change = isMusic ? "" : session.isExact() || session.isStill() ? words() : "decoding …";
      setText(notes, change);
      setText(norm, formatPercentile(session.percentile()));
      norm.hidden = isMusic;
      setText(tempo, state.get("tempo_note"));
      setText(spoken, `${[what, change, isMusic ? "" : formatPercentile(session.percentile())].filter(Boolean).join(". ")}.`);
    },
  };
}
