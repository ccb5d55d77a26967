// In a narrow place the two cards are one with two tabs.

import { el } from "../dom.js";

/**
 * @param {HTMLElement} playing   the cards
 * @param {HTMLElement} corner
 */
export function createCardTabs(playing, corner) {
  const tabs = /** @type {const} */ ([["playing", "Playing"], ["corner", "Corner"]]).map(([name, text]) => {
    const button = el("button", { type: "button", text, aria: { pressed: false }, on: { click: () => open(name) } });
    return { name, button };
  });
  const row = el(
    "div",
    { class: "lp-seg lp-small lp-cardtabs", role: "group", aria: { label: "Card that is shown" } },
    ...tabs.map(({ button }) => button),
  );
  const element = el("div", { class: "lp-side" }, row, playing, corner);
  /** @param {"playing" | "corner"} name */
  function open(name) {
    element.dataset.tab = name;
    for (const tab of tabs) tab.button.setAttribute("aria-pressed", String(tab.name === name));
  }
  open("playing");
  return { element, open };
}
