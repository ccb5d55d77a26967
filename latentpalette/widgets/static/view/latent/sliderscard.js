// Card of the sliders: a row for each, and the button that puts them back.
/** @import { LatentSession } from "../../types.js" */

import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createSliderRow } from "./sliderrow.js";

/**
 * @param {object} options
 * @param {LatentSession} options.session
 * @param {() => string} options.unavailable          why the sliders cannot be moved, or ""
 * @param {(index: number) => void} options.onFocus   a slider has the focus
 */
export function createSlidersCard({ session, unavailable, onFocus }) {
  const { state, actions } = session;
  const title = el("h4", { class: "lp-title" });
  const reset = el(
    "button",
    { class: "lp-control lp-small", type: "button", title: "All sliders back to where the music lies", aria: { label: "Reset" }, on: { click: actions.reset } },
    icon("undo"),
    el("span", { text: "Reset" }),
  );
  const random = el(
    "button",
    { class: "lp-control lp-small", type: "button", title: "Sliders that are not held fall at random (key r)", aria: { label: "Randomize" }, on: { click: actions.randomize } },
    icon("dice"),
    el("span", { text: "Random" }),
  );
  const rows = el("div", { class: "lp-latent-rows", role: "group", aria: { label: "Sliders" } });
  const why = el("span", { class: "lp-dim lp-why", hidden: true });
  /** @type {ReturnType<typeof createSliderRow>[]} */
  let sliders = [];
  return {
    element: el(
      "section",
      { class: "lp-card lp-sliders", aria: { label: "Sliders" } },
      el("div", { class: "lp-row lp-nowrap lp-head" }, title, why, el("span", { class: "lp-space" }), random, reset),
      rows,
    ),
    /** Give a slider the focus. @param {number} index */
    focus: (index) => sliders[index]?.input.focus(),
    show() {
      const starts = session.startPlaces();
      if (sliders.length !== starts.length) {
        sliders = starts.map((_, index) => createSliderRow({ session, index, onFocus }));
        rows.replaceChildren(...sliders.map(({ element }) => element));
        rows.classList.toggle("lp-many", sliders.length > 10);
      }
      setText(title, state.get("directions") === "dimensions" ? "Dimensions" : "Directions");
      const names = session.names();
      sliders.forEach((slider, index) => slider.show({ start: starts[index], ...names[index] }));
      reset.disabled = !state.get("values").some(Boolean) || session.isStill();
      const reason = unavailable();
      random.disabled = Boolean(reason);
      why.hidden = !reason;
      setText(why, reason);
    },
  };
}
