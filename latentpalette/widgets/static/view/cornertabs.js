// The four letters of the corners as tabs: which one is edited.

import { LETTERS } from "./color.js";
import { el } from "./dom.js";

const TURNS = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: 3, ArrowUp: 3 });

/**
 * @param {object} options
 * @param {string} options.label                     of all of them
 * @param {(letter: string) => string} options.nameOf   of one
 * @param {(corner: number) => void} options.onSelect
 */
export function createCornerTabs({ label, nameOf, onSelect }) {
  const tabs = LETTERS.map((letter, k) =>
    el("button", {
      class: "lp-tab",
      type: "button",
      role: "radio",
      text: letter,
      data: { corner: k },
      title: nameOf(letter),
      aria: { label: nameOf(letter), checked: k === 0 },
      tabindex: k === 0 ? 0 : -1,
      on: { click: () => onSelect(k) },
    }),
  );
  const element = el("div", { class: "lp-tabs", role: "radiogroup", aria: { label } }, ...tabs);
  element.addEventListener("keydown", (event) => {
    const turn = TURNS[event.key];
    if (!turn || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (tabs.indexOf(/** @type {any} */ (event.target)) + turn) % 4;
    onSelect(next);
    tabs[next].focus();
  });
  return {
    element,
    /** @param {number | null} corner   that is edited; null: none is */
    show(corner) {
      tabs.forEach((tab, k) => {
        tab.setAttribute("aria-checked", String(k === corner));
        tab.tabIndex = k === (corner ?? 0) ? 0 : -1;
      });
    },
  };
}
