// Status line of Latent Loops: in words what is heard, for screen readers as well.
/** @import { LoopsSession } from "../../types.js" */

import { NO_ANSWER } from "../../state/kernellink.js";
import { canAsk } from "../../state/requests.js";
import { keyName } from "../../state/scales.js";
import { LETTERS } from "../color.js";
import { el, setText } from "../dom.js";

/** @param {LoopsSession} session */
export function createLoopsStatus(session) {
  const { state } = session;
  const place = el("b");
  const more = el("span");
  const key = el("span");
  const next = el("span", { class: "lp-counts" });
  const tempo = el("span");
  const notice = el("span");
  const count = el("span", { class: "lp-decoded" });
  const spoken = el("span", { class: "lp-spoken", role: "status" });
  const element = el("div", { class: "lp-status" }, el("div", { class: "lp-facts" }, place, more, key, next, tempo, notice, count), spoken);
  let lastSpoken = "";

  function words() {
    const places = state.get("places");
    const sounding = session.sounding();
    if (sounding) {
      const { place: index, turn } = sounding;
      const { repeats, transpose, label, drums } = places[index] ?? { repeats: 1, transpose: 0, label: "", drums: null };
      const times = repeats === 1 ? "" : `, ${ordinal(turn + 1)} time`;
      const by = transpose ? `${transpose > 0 ? "up" : "down"} ${Math.abs(transpose)} semitone${Math.abs(transpose) === 1 ? "" : "s"}` : label;
      const after = places[index + 1] ? `place ${index + 2}` : state.get("song_mode") === "loop" ? "place 1" : "the end";
      return { name: `Place ${index + 1}${times}`, about: [by, drums?.label].filter(Boolean).join(" · "), then: turn + 1 < repeats ? "" : `next: ${after}` };
    }
    const where = session.audible();
    if (where.kind === "clip") return { name: `Slot ${where.index + 1}`, about: state.get("clips")[where.index].label, then: "" };
    if (where.kind === "place") return { name: `Place ${where.index + 1}`, about: places[where.index].label, then: "" };
    const last = session.side() - 1;
    const isCorner = [0, last].includes(where.row) && [0, last].includes(where.col);
    const corner = (where.row ? 2 : 0) + (where.col ? 1 : 0);
    if (isCorner) return { name: `Corner ${LETTERS[corner]}`, about: state.get("labels")[corner], then: "" };
    return { name: `Row ${where.row + 1}, column ${where.col + 1}`, about: "", then: "" };
  }

  return {
    element,
    showNotice: (/** @type {string} */ text) => setText(notice, text),
    clearNotice: () => setText(notice, ""),
    show() {
      const { name, about, then } = words();
      setText(place, name);
      setText(more, about);
      setText(key, keyName(session.key()));
      setText(next, then);
      setText(tempo, state.get("tempo_note"));
      setText(count, decoding());
      const now = `${name}. ${about}`;
      if (now === lastSpoken) return;
      lastSpoken = now;
      setText(spoken, now);
    },
  };

  function decoding() {
    const now = session.decodeState();
    const { isStale, table } = session.rows;
    if (!isStale && table.missing.length) return `${table.length - table.missing.length} of ${table.length} loops decoded`;
    if (!isStale) return `${state.get("size")} by ${state.get("size")} loops`;
    if (!canAsk(state, "decode")) return "the last grid plays: another one needs Python";
    if (now === "lost") return NO_ANSWER;
    return `decoding ${state.get("size") ** 2} loops …`;
  }
}

/** @param {number} count */
const ordinal = (count) => ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"][count - 1] ?? `${count}th`;
