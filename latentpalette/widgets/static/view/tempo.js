// Tempo: a number to type, and a button to tap it.
/** @import { InstrumentSession, InstrumentState } from "../types.js" */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { createNumberField } from "./numberfield.js";

export const QPM = { min: 20, max: 400 };

/**
 * Tempo of a series of taps.
 * @param {number[]} taps     times [milliseconds]
 * @param {number} [pause]    one that starts a new series [milliseconds]
 * @returns {number | null}   quarter notes per minute, within `QPM`; null before the second tap
 */
export function tapTempo(taps, pause = 2000) {
  let first = taps.length - 1;
  while (first > 0 && taps[first] - taps[first - 1] < pause) first--;
  const series = taps.slice(Math.max(first, taps.length - 5));
  if (series.length < 2) return null;
  const beat = (series[series.length - 1] - series[0]) / (series.length - 1);
  return Math.min(QPM.max, Math.max(QPM.min, Math.round(60000 / beat)));
}

/**
 * A function that sets the tempo; what is typed, stepped or tapped without a pause is undone at once.
 * @param {Pick<InstrumentSession, "state" | "commands" | "history">} session
 */
export const tempoSetter = ({ state, commands, history }) => (/** @type {number} */ qpm) => {
  if (qpm !== state.get("qpm")) commands.change({ qpm }, history.continues("tempo", performance.now()));
};

/**
 * Set the tempo to that of taps: a function that takes the time of each [milliseconds].
 * @param {(qpm: number) => void} setTempo
 */
export function createTapper(setTempo) {
  /** @type {number[]} */
  let taps = [];
  return (/** @type {number} */ time) => {
    taps = [...taps.slice(-7), time];
    const tempo = tapTempo(taps);
    if (tempo) setTempo(tempo);
  };
}

/**
 * @param {object} options
 * @param {InstrumentState} options.state
 * @param {(qpm: number) => void} options.setTempo
 * @param {(time: number) => void} options.tap
 * @param {(text: string) => void} options.onNotice
 */
export function createTempo({ state, setTempo, tap, onNotice }) {
  const field = createNumberField({
    label: "qpm",
    name: "Tempo in quarter notes per minute",
    ...QPM,
    value: state.get("qpm"),
    onInput: setTempo,
    onClamp: onNotice,
  });
  field.element.classList.add("lp-tempo");
  const button = el(
    "button",
    { class: "lp-inline", type: "button", title: "Tap the tempo", aria: { label: "Tap tempo" } },
    icon("tap"),
    el("span", { class: "lp-word", text: "tap" }),
  );
  button.addEventListener("click", (event) => {
    event.preventDefault();
    tap(event.timeStamp);
  });
  field.element.append(button);
  return {
    element: field.element,
    show() {
      const focused = /** @type {Document | ShadowRoot} */ (field.element.getRootNode()).activeElement;
      if (focused !== field.input) field.value = Math.round(state.get("qpm") * 10) / 10;
    },
  };
}
