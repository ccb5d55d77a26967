// The line below the row: how many steps, how long that lasts, how the row repeats, whether its steps are even.
/** @import { MixerSession } from "../../types.js" */

import { STEPS_PER_BAR, stepSeconds } from "../../audio/clock.js";
import { playbackOrder } from "../../audio/pathorder.js";
import { MAX_N, MIN_N } from "../../state/mixersession.js";
import { el, setText } from "../dom.js";
import { createNumberField } from "../numberfield.js";
import { createSegments } from "../segments.js";
import { formatMinutes } from "../status.js";

/**
 * @param {object} options
 * @param {MixerSession} options.session
 * @param {() => string} options.unavailable          why there can be no other row, or ""
 * @param {(text: string) => void} options.onNotice
 */
export function createRowLine({ session, unavailable, onNotice }) {
  const { state, commands, actions } = session;
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
  const length = el("span", { class: "lp-dim" });
  const mode = createSegments({
    label: "How the row repeats",
    choices: [
      ["once", "once", "Row once"],
      ["loop", "loop", "Row again and again"],
      ["ping-pong", "to and fro", "Row to and fro"],
    ],
    onChoose: (value) => value !== state.get("row_mode") && commands.change({ row_mode: value }),
  });
  const even = el("button", {
    class: "lp-control lp-small lp-toggle",
    type: "button",
    text: "Even steps",
    aria: { pressed: false },
    on: { click: () => commands.change({ even_steps: !state.get("even_steps") }) },
  });
  const element = el(
    "div",
    { class: "lp-row-line" },
    el("span", { class: "lp-dim lp-pull-hint", text: "pull the ends apart" }),
    steps.element,
    length,
    mode.element,
    even,
  );
  return {
    element,
    show() {
      const n = state.get("n");
      const lap = playbackOrder(n, state.get("row_mode")).length * state.get("end_clips")[0].steps;
      setText(length, `${lap / STEPS_PER_BAR} bars · ${formatMinutes(lap * stepSeconds(state.get("qpm")))}`);
      const focused = /** @type {Document | ShadowRoot} */ (element.getRootNode()).activeElement;
      if (focused !== steps.input) steps.value = n;
      mode.show(state.get("row_mode"));
      even.setAttribute("aria-pressed", String(state.get("even_steps")));
      const reason = unavailable();
      steps.input.disabled = even.disabled = Boolean(reason);
      steps.element.title = reason;
      even.title = reason || "Place the steps so that each changes equally much";
    },
  };
}
