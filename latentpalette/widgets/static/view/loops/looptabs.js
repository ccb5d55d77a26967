// In a narrow place the matrix, the grid and the clipboard are one place with three tabs.

import { el } from "../dom.js";

/** @param {{ name: string, text: string, element: HTMLElement }[]} parts */
export function createLoopTabs(parts) {
  const tabs = parts.map(({ name, text }) => el("button", { type: "button", text, aria: { pressed: false }, on: { click: () => open(name) } }));
  const element = el("div", { class: "lp-seg lp-small lp-looptabs", role: "group", aria: { label: "Part that is shown" } }, ...tabs);
  /** @param {string} name */
  function open(name) {
    parts.forEach((part, index) => {
      part.element.classList.toggle("lp-open", part.name === name);
      tabs[index].setAttribute("aria-pressed", String(part.name === name));
    });
  }
  open("grid");
  return { element, open };
}
