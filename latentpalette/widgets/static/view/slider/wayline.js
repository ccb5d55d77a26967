// The card of the slider’s steps: how many steps, whether it stands on them, whether they are even, how long a ride takes.
/** @import { SliderSession } from "../../types.js" */

import { STEPS_PER_BAR, stepSeconds } from "../../audio/clock.js";
import { el } from "../dom.js";
import { createStepControls, createTraitToggle } from "../ends/stepcontrols.js";
import { icon } from "../icons.js";
import { formatMinutes } from "../status.js";

const BARS = [1, 2, 4, 8, 16, 32, 64];

/**
 * @param {object} options
 * @param {SliderSession} options.session
 * @param {(text: string) => void} options.onNotice
 */
export function createWayLine({ session, onNotice }) {
  const { state, commands } = session;
  const bars = el(
    "select",
    { class: "lp-control lp-small", aria: { label: "Bars from A to B" } },
    ...BARS.map((count) => el("option", { value: count, text: count === 1 ? "1 bar" : `${count} bars` })),
  );
  bars.addEventListener("change", () => commands.change({ autoplay_bars: Number(bars.value) }));
  const ride = el("label", { class: "lp-way-bars" }, icon("toandfro"), el("span", { class: "lp-dim lp-word", text: "to and fro, one way in" }), bars);
  const steps = createStepControls({ session, onNotice });
  const snap = createTraitToggle(session, { trait: "snap", text: "Snap", title: "The slider stands on steps; with Shift held it moves freely" });
  return {
    element: el("section", { class: "lp-card lp-way-line", aria: { label: "Steps" } }, steps.steps, snap.element, steps.even, el("span", { class: "lp-break" }), ride),
    show() {
      const count = state.get("autoplay_bars");
      bars.value = String(count);
      ride.title = `To and fro: ${formatMinutes(count * STEPS_PER_BAR * stepSeconds(state.get("qpm")))} from A to B`;
      steps.show();
      snap.show();
    },
  };
}
