// Status line of a sampler: in words what is chosen, for screen readers as well.
/** @import { SamplerSession } from "../types.js" */

import { formatAttribute } from "../state/attributes.js";
import { el, setText } from "./dom.js";
import { formatClip } from "./status.js";

/** @param {SamplerSession} session */
export function createSamplerStatus({ state, tiles }) {
  const place = el("span", { class: "lp-blend" });
  const contents = el("span", { class: "lp-counts" });
  const values = el("span");
  const source = el("span", { class: "lp-decoded" });
  const news = el("span", { class: "lp-news" });
  const spoken = el("span", { class: "lp-spoken", role: "status", aria: { live: "polite", atomic: true } });
  const element = el("div", { class: "lp-status" }, el("div", { class: "lp-facts" }, place, contents, values, source), news, spoken);
  let lastAnnounced = "";
  return {
    element,
    /** @param {string} text */
    showNotice(text) {
      setText(news, text);
      setText(spoken, text);
    },
    clearNotice: () => setText(news, ""),
    show() {
      const index = state.get("tile");
      const { clip, label, values: numbers, isWaiting } = tiles.at(index);
      const { temperature, ranges } = tiles.drawing;
      setText(place, `Tile ${index + 1} of ${tiles.count}`);
      const missing = isWaiting ? "it is on its way" : label ? "it was not drawn yet: it needs Python" : "empty: no sample was found in the ranges";
      const text = clip ? formatClip(clip, state) : missing;
      setText(contents, text);
      contents.title = text;
      const attributes = state.get("attributes");
      setText(values, numbers.map((value, k) => formatAttribute(attributes[k], value)).slice(1).join(" · "));
      const tried = Object.keys(ranges).length ? `${state.get("tried")} tried` : label;
      const { count, numAwaited } = tiles;
      const there = numAwaited ? `${count - numAwaited} of ${count} tiles` : tiles.isRolling ? "rolling …" : `${tried} · T ${temperature}`;
      setText(source, there);
      const announced = `Tile ${index + 1} of ${tiles.count}. ${text}.`;
      if (announced === lastAnnounced) return;
      lastAnnounced = announced;
      setText(spoken, announced);
    },
  };
}
