// Volume: a slider in the bar; where the bar is narrow, a button that opens it.
/** @import { Disposables, InstrumentState } from "../types.js" */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { createMenu } from "./menus/menu.js";

/** @param {{ state: InstrumentState, disposables: Disposables }} options */
export function createVolume({ state, disposables }) {
  const sliders = ["", "lp-in-menu"].map((name) => {
    const slider = el("input", { class: name, type: "range", min: 0, max: 1, step: 0.01, aria: { label: "Volume" } });
    slider.addEventListener("input", () => state.set({ volume: Number(slider.value) }));
    return slider;
  });
  const button = el(
    "button",
    { class: "lp-control lp-square", type: "button", title: "Volume", aria: { label: "Volume" } },
    icon("volume"),
  );
  const panel = el("div", { role: "dialog", aria: { label: "Volume" } }, sliders[1]);
  const menu = createMenu({ disposables, button, panel });
  menu.element.classList.add("lp-volume-menu");
  return {
    elements: [el("label", { class: "lp-field lp-volume" }, icon("volume"), sliders[0]), menu.element],
    show() {
      for (const slider of sliders) slider.value = String(state.get("volume"));
    },
  };
}
