// One of several choices, side by side.

import { el } from "./dom.js";

/**
 * @template Value
 * @param {object} options
 * @param {string} options.label
 * @param {[value: Value, text: string, name?: string][]} options.choices   `name` for assistive technology
 * @param {(value: Value) => void} options.onChoose
 */
export function createSegments({ label, choices, onChoose }) {
  const buttons = choices.map(([value, text, name = text]) =>
    el("button", {
      type: "button",
      text,
      aria: { label: name, pressed: false },
      on: { click: () => onChoose(value) },
    }),
  );
  return {
    element: el("div", { class: "lp-seg lp-small", role: "group", aria: { label } }, ...buttons),
    /** @param {Value} value */
    show(value) {
      choices.forEach(([own], index) => buttons[index].setAttribute("aria-pressed", String(own === value)));
    },
  };
}
