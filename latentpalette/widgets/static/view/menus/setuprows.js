// Rows of Set up: a label, and what is set at its right.
/** @import { InstrumentState, SetupRow } from "../../types.js" */

import { el, setText } from "../dom.js";
import { createNumberField } from "../numberfield.js";

/** @returns {SetupRow} */
export const dividerRow = () => ({ element: el("hr", { class: "lp-divider" }), show() {} });

/**
 * One of several values of a trait.
 * @param {object} options
 * @param {Pick<InstrumentState, "get" | "set">} options.state
 * @param {string} options.trait
 * @param {string} options.label
 * @param {[value: string, text: string][]} options.choices
 * @param {string} [options.title]
 * @returns {SetupRow}
 */
export function choiceRow({ state, trait, label, choices, title = "" }) {
  const select = el(
    "select",
    { aria: { label } },
    ...choices.map(([value, text]) => el("option", { value, text })),
  );
  select.addEventListener("change", () => state.set({ [trait]: select.value }));
  return {
    element: el("label", { class: "lp-item", title }, el("span", { text: label }), select),
    show: () => void (select.value = String(state.get(trait))),
  };
}

/**
 * When a change takes over.
 * @param {object} options
 * @param {Pick<InstrumentState, "get" | "set">} options.state
 * @param {string} options.title
 * @param {string} [options.step]   the words for the shortest wait
 */
export function launchRow({ state, title, step = "next sixteenth" }) {
  /** @type {[value: string, text: string][]} */
  const choices = [["step", step], ["beat", "next beat"], ["bar", "next bar"], ["loop", "loop’s end"]];
  return choiceRow({ state, trait: "launch_quantization", label: "Change at", title, choices });
}

/**
 * A trait that is off or on.
 * @param {object} options
 * @param {Pick<InstrumentState, "get" | "set">} options.state
 * @param {string} options.trait
 * @param {string} options.label
 * @param {string} [options.title]
 * @param {[off: unknown, on: unknown]} [options.values]   of the trait; any but the first is on
 * @returns {SetupRow}
 */
export function switchRow({ state, trait, label, title = "", values: [off, on] = [false, true] }) {
  const isOn = () => state.get(trait) !== off;
  const value = el("span", { class: "lp-value" });
  const element = el(
    "button",
    {
      class: "lp-item",
      type: "button",
      role: "switch",
      title,
      aria: { label, checked: false },
      on: { click: () => state.set({ [trait]: isOn() ? off : on }) },
    },
    el("span", { text: label }),
    value,
  );
  return {
    element,
    show() {
      element.setAttribute("aria-checked", String(isOn()));
      value.dataset.on = String(isOn());
      setText(value, isOn() ? "on" : "off");
    },
  };
}

/**
 * A number.
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.name                  for assistive technology
 * @param {number} options.min
 * @param {number} options.max
 * @param {() => number} options.get
 * @param {(value: number) => void} options.set
 * @param {() => string} options.unavailable     why it cannot be set, or ""
 * @param {(text: string) => void} options.onNotice
 * @returns {SetupRow}
 */
export function numberRow({ label, name, min, max, get, set, unavailable, onNotice }) {
  const field = createNumberField({ label: "", name, min, max, value: get(), width: 3, onInput: set, onClamp: onNotice });
  const element = el("div", { class: "lp-item" }, el("span", { text: label, aria: { hidden: true } }), field.element);
  return {
    element,
    show() {
      const reason = unavailable();
      field.input.disabled = Boolean(reason);
      element.title = reason;
      const focused = /** @type {Document | ShadowRoot} */ (element.getRootNode()).activeElement;
      if (focused !== field.input) field.value = get();
    },
  };
}

/**
 * Something to do.
 * @param {object} options
 * @param {string} options.label
 * @param {(event: MouseEvent) => void} options.run
 * @param {() => boolean} [options.canRun]
 * @param {() => string} [options.value]       what is set there, in words
 * @param {boolean} [options.narrowOnly]       where the bar has the same, unless it is narrow
 * @returns {SetupRow}
 */
export function actionRow({ label, run, canRun = () => true, value = () => "", narrowOnly = false }) {
  const detail = el("span", { class: "lp-value" });
  const element = el(
    "button",
    { class: `lp-item${narrowOnly ? " lp-narrow-only" : ""}`, type: "button", on: { click: run } },
    el("span", { text: label }),
    detail,
  );
  return {
    element,
    show() {
      element.disabled = !canRun();
      setText(detail, value());
    },
  };
}
