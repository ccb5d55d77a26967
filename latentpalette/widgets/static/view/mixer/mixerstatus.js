// Status line of a mixer: in words what the row shows, for screen readers as well.
/** @import { MixerSession } from "../../types.js" */
/** @import { Difference } from "../draw/difference.js" */

import { STEPS_PER_BAR } from "../../audio/clock.js";
import { NO_ANSWER } from "../../state/kernellink.js";
import { canAsk } from "../../state/requests.js";
import { el, setText } from "../dom.js";
import { formatDifference, formatShares } from "./steps.js";

/** @param {{ session: MixerSession, difference: () => Difference }} options */
export function createMixerStatus({ session, difference }) {
  const { state } = session;
  const place = el("b");
  const bar = el("span");
  const notes = el("span", { class: "lp-counts" });
  const tempo = el("span");
  const notice = el("span");
  const size = el("span", { class: "lp-decoded" });
  const spoken = el("span", { class: "lp-spoken", role: "status" });
  const element = el("div", { class: "lp-status" }, el("div", { class: "lp-facts" }, place, bar, notes, tempo, notice, size), spoken);
  let lastSpoken = "";
  return {
    element,
    showNotice: (/** @type {string} */ text) => setText(notice, text),
    clearNotice: () => setText(notice, ""),
    show() {
      const index = session.audibleIndex();
      const n = session.rows.table.length;
      const bars = state.get("end_clips")[0].steps / STEPS_PER_BAR;
      setText(place, `Step ${index + 1} of ${n}`);
      setText(bar, bars === 1 ? `bar ${index + 1} of ${n}` : `bars ${index * bars + 1} to ${(index + 1) * bars} of ${n * bars}`);
      const words = formatDifference(difference());
      setText(notes, index ? words : "where the row begins");
      setText(tempo, state.get("tempo_note"));
      setText(size, decoding() || `${bars} bar${bars === 1 ? "" : "s"} a step`);
      const now = `Step ${index + 1} of ${n}. ${formatShares(index, n)}. ${index ? words : ""}`;
      if (now === lastSpoken) return;
      lastSpoken = now;
      setText(spoken, now);
    },
  };

  function decoding() {
    const now = session.decodeState();
    const { progress, table } = session.rows;
    if (!session.rows.isStale && progress) {
      const [done, all] = progress;
      return all > table.length ? `even steps: ${done} of ${all} places decoded` : `${done} of ${all} steps decoded`;
    }
    if (!session.rows.isStale) return "";
    if (!canAsk(state, "decode")) return "the last row plays: other steps need Python";
    if (now === "lost") return NO_ANSWER;
    return now === "idle" ? "" : `decoding ${state.get("n")} steps …`;
  }
}
