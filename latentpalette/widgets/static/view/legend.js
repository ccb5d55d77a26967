// Legend: the names of the tracks and their colors.
import { el } from "./dom.js";

/** @param {{ name: string, color: string }[]} entries */
export function createLegend(entries) {
  const items = entries.map(({ name, color }) =>
    el("li", {}, el("i", { class: "lp-rolls-swatch", style: { background: color } }), el("span", { text: name })),
  );
  return el("ul", { class: "lp-rolls-legend", aria: { label: "Colors of the tracks" } }, ...items);
}
