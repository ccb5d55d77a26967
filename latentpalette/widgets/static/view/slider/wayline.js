// The card of the slider’s steps: how many steps, whether it stands on them, whether they are even, how long a ride takes.
/** @import { SliderSession } from "../../types.js" */

import { STEPS_PER_BAR, stepSeconds } from "../../audio/clock.js";
import { MAX_N, MIN_N } from "../../state/slidersession.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";
import { formatMinutes } from "../status.js";

const BARS = [1, 2, 4, 8, 16, 32, 64];

/**
 * @param {object} options
 * @param {SliderSession} options.session
 * @param {(text: string) => void} options.onNotice
 */
export function createWayLine({ session, onNotice }) {
  const { state, commands, actions } = session;
  const bars = el(
    "select",
    { class: "lp-control lp-small", aria: { label: "Bars from A to B" } },
    ...BARS.map((count) => el("option", { value: count, text: count === 1 ? "1 bar" : `${count} bars` })),
  );
  bars.addEventListener("change", () => commands.change({ autoplay_bars: Number(bars.value) }));
  const ride = el("label", { class: "lp-way-bars" }, icon("toandfro"), el("span", { class: "lp-dim lp-word", text: "to and fro, one way in" }), bars);
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
  /**
   * @param {string} trait
   * @param {string} text
   * @param {string} title
   */
  const toggle = (trait, text, title) =>
    el("button", {
      class: "lp-control lp-small lp-toggle",
      type: "button",
      text,
      title,
      aria: { pressed: false },
      on: { click: () => commands.change({ [trait]: !state.get(trait) }) },
    });
  const snap = toggle("snap", "Snap", "The slider stands on steps; with Shift held it moves freely");
  const even = toggle("even_steps", "Even steps", "Place the steps so that each changes equally much");
  return {
    element: el("section", { class: "lp-card lp-way-line", aria: { label: "Steps" } }, steps.element, snap, even, el("span", { class: "lp-break" }), ride),
    show() {
      const count = state.get("autoplay_bars");
      bars.value = String(count);
      ride.title = `To and fro: ${formatMinutes(count * STEPS_PER_BAR * stepSeconds(state.get("qpm")))} from A to B`;
      const focused = /** @type {Document | ShadowRoot} */ (steps.element.getRootNode()).activeElement;
      if (focused !== steps.input) steps.value = state.get("n");
      snap.setAttribute("aria-pressed", String(state.get("snap")));
      even.setAttribute("aria-pressed", String(state.get("even_steps")));
    },
  };
}
