// Notes on a corner or an end: what it could not take of its music, and the tempo of the file it is from.
/** @import { InstrumentState } from "../../types.js" */

import { el, setText } from "../dom.js";
import { QPM } from "../tempo.js";

/**
 * A list of what was left out; hidden where that is nothing.
 * @param {string} name
 */
export function createLeftOutList(name) {
  const element = el("ul", { class: "lp-left-out", hidden: true, aria: { label: name } });
  let shown = "";
  return {
    element,
    /** @param {string[]} sentences */
    show(sentences) {
      const key = sentences.join("\n");
      if (key === shown) return;
      shown = key;
      element.hidden = !sentences.length;
      element.replaceChildren(...sentences.map((text) => el("li", { text })));
    },
  };
}

/**
 * The offer to play at the tempo of a file: the instrument does not change it by itself.
 * @param {{ state: Pick<InstrumentState, "get">, commands: { change(values: { qpm: number }): void } }} session
 */
export function createTempoOffer({ state, commands }) {
  const words = el("span");
  const button = el("button", { class: "lp-window", type: "button", text: "Play at its tempo" });
  const element = el("div", { class: "lp-row lp-tempo-offer", hidden: true }, words, button);
  /** @type {number | null} */
  let tempo = null;
  button.addEventListener("click", () => {
    if (tempo !== null) commands.change({ qpm: tempo });
    element.hidden = true;
  });
  return {
    element,
    /** @param {number | null} qpm   of the file */
    offer(qpm) {
      const present = state.get("qpm");
      tempo = qpm === null ? null : Math.min(QPM.max, Math.max(QPM.min, qpm));
      element.hidden = tempo === null || formatQpm(tempo) === formatQpm(present);
      if (tempo === null) return;
      setText(words, `It is at ${formatQpm(tempo)} qpm, you play at ${formatQpm(present)}.`);
      setText(button, `Play at ${formatQpm(tempo)}`);
    },
  };
}

/** @param {number} qpm */
const formatQpm = (qpm) => String(Math.round(qpm * 100) / 100);
