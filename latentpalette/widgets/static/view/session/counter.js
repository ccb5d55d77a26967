// Where the music is: bar and beat, and the beats of the bar as dots.

import { STEPS_PER_BAR, STEPS_PER_BEAT } from "../../audio/clock.js";
import { el, setText } from "../dom.js";

export function createCounter() {
  const words = el("b", { class: "lp-count" });
  const dots = Array.from({ length: STEPS_PER_BAR / STEPS_PER_BEAT }, () => el("i"));
  const element = el("span", { class: "lp-counter", title: "Bar and beat", aria: { hidden: true } }, words, el("span", { class: "lp-beats" }, ...dots));
  return {
    element,
    /** @param {number} step   the audible one, or -1 */
    show(step) {
      const beat = step < 0 ? -1 : Math.floor((step % STEPS_PER_BAR) / STEPS_PER_BEAT);
      setText(words, step < 0 ? "" : `${Math.floor(step / STEPS_PER_BAR) + 1}.${beat + 1}`);
      dots.forEach((dot, index) => dot.classList.toggle("lp-on", index === beat));
    },
  };
}
