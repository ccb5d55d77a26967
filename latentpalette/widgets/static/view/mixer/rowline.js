// The line below the row: how many steps, how long that lasts, how the row repeats, whether its steps are even.
/** @import { MixerSession } from "../../types.js" */

import { STEPS_PER_BAR, stepSeconds } from "../../audio/clock.js";
import { playbackOrder } from "../../audio/pathorder.js";
import { el, setText } from "../dom.js";
import { createStepControls } from "../ends/stepcontrols.js";
import { createSegments } from "../segments.js";
import { formatMinutes } from "../status.js";

/**
 * @param {object} options
 * @param {MixerSession} options.session
 * @param {() => string} options.unavailable          why there can be no other row, or ""
 * @param {(text: string) => void} options.onNotice
 */
export function createRowLine({ session, unavailable, onNotice }) {
  const { state, commands } = session;
  const steps = createStepControls({ session, unavailable, onNotice });
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
  const element = el(
    "div",
    { class: "lp-row-line" },
    el("span", { class: "lp-dim lp-pull-hint", text: "pull the ends apart" }),
    steps.steps,
    length,
    mode.element,
    steps.even,
  );
  return {
    element,
    show() {
      const n = state.get("n");
      const lap = playbackOrder(n, state.get("row_mode")).length * state.get("end_clips")[0].steps;
      setText(length, `${lap / STEPS_PER_BAR} bars · ${formatMinutes(lap * stepSeconds(state.get("qpm")))}`);
      steps.show();
      mode.show(state.get("row_mode"));
    },
  };
}
