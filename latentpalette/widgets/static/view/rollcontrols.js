// What a sampler does, in its bar: roll all tiles that have no star, at a temperature and with a seed.
/** @import { SamplerSession, SetupRow } from "../types.js" */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { numberRow } from "./menus/setuprows.js";
import { createNumberField } from "./numberfield.js";

const MAX_SEED = 2 ** 31;

/**
 * @param {object} options
 * @param {SamplerSession} options.session
 * @param {(text: string) => void} options.onNotice
 */
export function createRollControls({ session, onNotice }) {
  const { tiles, state } = session;
  const setTemperature = (/** @type {number} */ value) => {
    if (value !== tiles.drawing.temperature) tiles.redraw({ temperature: value });
  };
  const setSeed = (/** @type {number} */ value) => {
    if (Math.round(value) !== tiles.drawing.seed) tiles.redraw({ seed: Math.round(value) });
  };
  const button = el(
    "button",
    {
      class: "lp-control lp-reroll",
      type: "button",
      title: "Roll all tiles that have no star",
      aria: { label: "Roll again" },
      on: { click: () => tiles.rollFree() },
    },
    icon("dice"),
    el("b", { class: "lp-word", text: "Re-roll" }),
    el("b", { class: "lp-word lp-wide-only", text: "all but" }, icon("star")),
  );
  const temperature = createNumberField({
    label: "T",
    name: "Temperature",
    min: 0.05,
    max: 3,
    step: 0.05,
    value: state.get("temperature"),
    width: 3.5,
    onClamp: onNotice,
  });
  const seed = createNumberField({ label: "seed", name: "Seed", min: 0, max: MAX_SEED, value: state.get("seed"), width: 3.5, onClamp: onNotice });
  temperature.input.addEventListener("change", () => setTemperature(temperature.value));
  seed.input.addEventListener("change", () => setSeed(seed.value));
  const isFocused = (/** @type {HTMLInputElement} */ input) =>
    /** @type {Document | ShadowRoot} */ (input.getRootNode()).activeElement === input;

  /** @type {SetupRow[]} */
  const rows = [
    numberRow({
      label: "Temperature",
      name: "Temperature of the tiles",
      min: 0.05,
      max: 3,
      get: () => tiles.drawing.temperature,
      set: setTemperature,
      unavailable: () => "",
      onNotice,
    }),
    numberRow({
      label: "Seed",
      name: "Seed of the tiles",
      min: 0,
      max: MAX_SEED,
      get: () => tiles.drawing.seed,
      set: setSeed,
      unavailable: () => "",
      onNotice,
    }),
  ];
  for (const { element } of rows) element.classList.add("lp-narrow-only", "lp-rolled-from");

  return {
    element: el("div", { class: "lp-joined lp-rolling" }, button, temperature.element, seed.element),
    /** The same fields for Set up, where the bar is too narrow for them. */
    rows,
    show() {
      button.classList.toggle("lp-busy", tiles.isRolling);
      button.setAttribute("aria-busy", String(tiles.isRolling));
      if (!isFocused(temperature.input)) temperature.value = tiles.drawing.temperature;
      if (!isFocused(seed.input)) seed.value = tiles.drawing.seed;
    },
  };
}
