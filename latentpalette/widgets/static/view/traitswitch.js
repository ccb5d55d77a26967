// A switch in the bar: one of a few values of a trait, each with a sign and a word.
/** @import { InstrumentState } from "../types.js" */

import { el } from "./dom.js";

/**
 * @param {object} options
 * @param {Pick<InstrumentState, "get" | "set">} options.state
 * @param {string} options.trait
 * @param {string} options.label
 * @param {{ value: string, text: string, sign: Element, title: string, name?: string }[]} options.choices   `name` for assistive technology
 */
export function createTraitSwitch({ state, trait, label, choices }) {
  const buttons = choices.map(({ value, text, sign, title, name = text }) =>
    el(
      "button",
      { type: "button", title, data: { value }, aria: { label: name, pressed: false }, on: { click: () => state.set({ [trait]: value }) } },
      sign,
      el("span", { class: "lp-word", text }),
    ),
  );
  return {
    element: el("div", { class: "lp-seg", role: "group", aria: { label } }, ...buttons),
    show() {
      for (const button of buttons) button.setAttribute("aria-pressed", String(state.get(trait) === button.dataset.value));
    },
    /** Choose the next value. */
    turn() {
      const present = choices.findIndex(({ value }) => value === state.get(trait));
      state.set({ [trait]: choices[(present + 1) % choices.length].value });
    },
  };
}

/**
 * The letter of one of two that are compared, where a switch has no room for words.
 * @param {string} text
 */
export const letterSign = (text) => el("b", { class: "lp-letter", text, aria: { hidden: true } });
