// Card of the feel: how much timing, how much velocity, swing; another drummer.
/** @import { GrooveSession } from "../../types.js" */

import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { createNumberField } from "../numberfield.js";
import { createSegments } from "../segments.js";

/**
 * @param {object} options
 * @param {GrooveSession} options.session
 * @param {() => string} options.unavailable   why there can be no other drummer, or ""
 */
export function createFeelCard({ session, unavailable }) {
  const { state, actions } = session;
  const sliders = [
    createSlider({ session, trait: "timing", label: "Timing", max: 2, usual: 1, title: "0 % is as written, 100 % as the drummer plays" }),
    createSlider({ session, trait: "velocity", label: "Velocity", max: 2, usual: 1, title: "0 % is as written, 100 % as the drummer plays" }),
    createSlider({ session, trait: "swing", label: "Swing", max: 1, usual: 0, title: "How late every second one is: 67 % is a triplet, 100 % dotted" }),
  ];
  const swingOf = createSegments({
    label: "What swings",
    choices: [
      ["sixteenths", "16ths", "Sixteenths swing"],
      ["eighths", "8ths", "Eighths swing"],
    ],
    onChoose: (value) => value !== state.get("swing_of") && actions.setFeel({ swing_of: value }),
  });
  const spread = createNumberField({ label: "T", name: "How far from the most likely drummer", min: 0, max: 4, step: 0.1, value: state.get("spread") || 1, width: 3 });
  const seed = createNumberField({ label: "#", name: "Seed of the drummer", min: 0, max: 999999, value: state.get("seed") + 1, width: 3 });
  const another = el(
    "button",
    { class: "lp-control", type: "button", title: "The same hits with other timing and velocities (key d)", aria: { label: "Another drummer" }, on: { click: () => void ask() } },
    icon("dice"),
    el("span", { text: "Another drummer" }),
  );
  async function ask() {
    if (unavailable() || session.asking()) return;
    const used = seed.value;
    await actions.humanize(spread.value, used);
    seed.value = used + 1;
  }
  const element = el(
    "section",
    { class: "lp-card lp-feel", aria: { label: "Feel" } },
    ...sliders.map((slider) => slider.element),
    el("div", { class: "lp-row lp-nowrap lp-swing-of" }, el("span", { class: "lp-dim", text: "swings:" }), swingOf.element),
    el("div", { class: "lp-row lp-sources" }, el("div", { class: "lp-joined" }, another, spread.element, seed.element)),
  );
  return {
    element,
    ask,
    show() {
      sliders.forEach((slider) => slider.show());
      swingOf.show(state.get("swing_of"));
      const reason = unavailable();
      for (const control of [another, spread.input, seed.input]) {
        control.disabled = Boolean(reason || (control === another && session.asking()));
        if (reason) control.title = reason;
      }
    },
  };
}

/**
 * @param {{ session: GrooveSession, trait: string, label: string, max: number, usual: number, title: string }} options
 */
function createSlider({ session, trait, label, max, usual, title }) {
  const { state, history, actions } = session;
  const input = el("input", { type: "range", min: 0, max: 100 * max, step: 1, aria: { label } });
  const value = el("output", { class: "lp-amount" });
  input.addEventListener("input", (event) => {
    actions.setFeel({ [trait]: Number(input.value) / 100 }, history.continues(trait, event.timeStamp));
  });
  input.addEventListener("dblclick", () => actions.setFeel({ [trait]: usual }));
  return {
    element: el("label", { class: "lp-slider", title: `${title}. Double click: ${100 * usual} %.` }, el("span", { text: label }), input, value),
    show() {
      const percent = Math.round(100 * state.get(trait));
      input.value = String(percent);
      input.setAttribute("aria-valuetext", `${percent} percent`);
      setText(value, `${percent} %`);
    },
  };
}
