// Slider of how the corners are blended: from smooth to musical. For models with a learned prior.
/** @import { Commands, History, SetupRow, State } from "../../types.js" */

import { canAsk } from "../../state/requests.js";
import { el } from "../dom.js";

const HELP =
  "How the corners are blended. Smooth: neighbors differ little. Musical: every blend is closer to real loops, and some neighbors differ more.";

/**
 * Say where a slider stands.
 * @param {number} musical   0 to 1
 */
export function describeBlend(musical) {
  if (musical <= 0) return "smooth";
  if (musical >= 1) return "musical";
  return `${Math.round(musical * 100)} % from smooth to musical`;
}

/**
 * @param {{ state: State, commands: Commands, history: History, where: string }} options   `where` there is Python, if there is none
 * @returns {SetupRow}
 */
export function blendRow({ state, commands, history, where }) {
  const input = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    aria: { label: "How the corners are blended, from smooth to musical" },
  });
  const element = el(
    "label",
    { class: "lp-item lp-blending" },
    el("span", { text: "Blend" }),
    el(
      "span",
      { class: "lp-value" },
      el("span", { text: "smooth" }),
      input,
      el("span", { text: "musical" }),
    ),
  );
  input.addEventListener("input", (event) => {
    const time = Math.round((1 - Number(input.value)) * 100) / 100;
    commands.setInterpolation(time, history.continues("blend", event.timeStamp));
  });
  return {
    element,
    show() {
      const time = state.get("interpolation");
      const musical = time === "lerp" ? 0 : 1 - time;
      element.hidden = !state.get("has_prior");
      input.value = String(musical);
      input.setAttribute("aria-valuetext", describeBlend(musical));
      input.disabled = !canAsk(state, "decode");
      element.title = input.disabled ? `Other blends need Python: ${where}` : HELP;
    },
  };
}
