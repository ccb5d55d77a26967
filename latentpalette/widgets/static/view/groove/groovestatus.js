// Status line of a groove panel: what of the drummer is played, in words and numbers.
/** @import { Clip, GrooveSession } from "../../types.js" */

import { stepSeconds } from "../../audio/clock.js";
import { el, setText } from "../dom.js";

/** @param {{ session: GrooveSession }} options */
export function createGrooveStatus({ session }) {
  const { state } = session;
  const name = el("b");
  const facts = el("span", { class: "lp-counts" });
  const tempo = el("span");
  const notice = el("span");
  const asking = el("span", { class: "lp-decoded" });
  const spoken = el("span", { class: "lp-spoken", role: "status" });
  const element = el("div", { class: "lp-status" }, el("div", { class: "lp-facts" }, name, facts, tempo, notice, asking), spoken);
  let lastSpoken = "";
  return {
    element,
    showNotice: (/** @type {string} */ text) => setText(notice, text),
    clearNotice: () => setText(notice, ""),
    show() {
      const bars = session.bars();
      setText(name, `${state.get("label")}, ${bars} bar${bars === 1 ? "" : "s"}`);
      const words = formatFeel(session.written(), session.clip(), state.get("qpm"));
      setText(facts, words);
      setText(tempo, state.get("tempo_note"));
      const asked = session.asking();
      setText(asking, asked ? `${state.get("has_kernel") ? "Python" : "The page"} makes ${asked} …` : session.isTapping() ? "tap along with the click" : "");
      const now = `${state.get("plays") === "written" ? "As written" : "As played"}. ${state.get("label")}. ${asked ? `Waiting for ${asked}.` : words}`;
      if (now === lastSpoken) return;
      lastSpoken = now;
      setText(spoken, now);
    },
  };
}

/**
 * How early or late, and how loud the hits are: "29 hits · 6 ms early on average, up to 18 · velocity 16 to 117".
 * @param {Pick<Clip, "notes">} written
 * @param {Pick<Clip, "notes">} played
 * @param {number} qpm
 */
export function formatFeel(written, played, qpm) {
  const count = played.notes.length;
  if (!count) return "silence";
  const milliseconds = 1000 * stepSeconds(qpm);
  const sum = (/** @type {Pick<Clip, "notes">} */ clip) => clip.notes.reduce((total, { step, offset }) => total + step + offset, 0);
  const mean = Math.round(((sum(played) - sum(written)) / count) * milliseconds);
  const largest = Math.round(Math.max(...played.notes.map(({ offset }) => Math.abs(offset))) * milliseconds);
  const velocities = played.notes.map(({ velocity }) => velocity);
  const [low, high] = [Math.min(...velocities), Math.max(...velocities)];
  const timing = largest === 0 ? "on the grid" : `${Math.abs(mean)} ms ${mean < 0 ? "early" : "late"} on average, up to ${largest}`;
  return `${count} hit${count === 1 ? "" : "s"} · ${timing} · velocity ${low === high ? low : `${low} to ${high}`}`;
}
