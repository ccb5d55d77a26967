// What a row and a slider say of their steps: how many there are, and whether each changes equally much.
/** @import { EndsSession } from "../../types.js" */

import { MAX_N, MIN_N } from "../../state/rows.js";
import { el } from "../dom.js";
import { createNumberField } from "../numberfield.js";

/**
 * A button that turns a trait on and off.
 * @param {Pick<EndsSession, "state"> & { commands: { change(values: Record<string, any>): void } }} session
 * @param {{ trait: string, text: string, title: string }} options
 */
export function createTraitToggle({ state, commands }, { trait, text, title }) {
  const element = el("button", {
    class: "lp-control lp-small lp-toggle",
    type: "button",
    text,
    title,
    aria: { pressed: false },
    on: { click: () => commands.change({ [trait]: !state.get(trait) }) },
  });
  return { element, show: () => element.setAttribute("aria-pressed", String(state.get(trait))) };
}

/**
 * @param {object} options
 * @param {Pick<EndsSession, "state"> & { commands: { change(values: Record<string, any>): void }, actions: { setN(n: number): void } }} options.session
 * @param {() => string} [options.unavailable]          why there can be no other steps, or ""
 * @param {(text: string) => void} options.onNotice
 */
export function createStepControls({ session, unavailable = () => "", onNotice }) {
  const { state, actions } = session;
  const steps = createNumberField({
    label: "steps",
    name: "Number of steps",
    min: MIN_N,
    max: MAX_N,
    value: state.get("n"),
    width: 2,
    onInput: (value) => actions.setN(value),
    onClamp: onNotice,
  });
  const title = "Place the steps so that each changes equally much";
  const even = createTraitToggle(session, { trait: "even_steps", text: "Even steps", title });
  return {
    steps: steps.element,
    even: even.element,
    show() {
      const focused = /** @type {Document | ShadowRoot} */ (steps.element.getRootNode()).activeElement;
      if (focused !== steps.input) steps.value = state.get("n");
      even.show();
      const reason = unavailable();
      steps.input.disabled = even.element.disabled = Boolean(reason);
      steps.element.title = reason;
      even.element.title = reason || title;
    },
  };
}
