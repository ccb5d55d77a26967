// One of the latent sliders: its number, a track on which a triangle says where the music lies, its amount, a lock.
/** @import { LatentSession } from "../../types.js" */

import { REACH } from "../../state/latentsession.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { formatAmount } from "./words.js";

const PARTS = 100; // of a standard deviation
const STEP = 0.1; // of an arrow key
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * @param {object} options
 * @param {LatentSession} options.session
 * @param {number} options.index
 * @param {(index: number) => void} options.onFocus
 */
export function createSliderRow({ session, index, onFocus }) {
  const { state, history, actions } = session;
  const name = el("span", { class: "lp-slider-name" });
  const input = el("input", { type: "range", min: -REACH * PARTS, max: REACH * PARTS, step: 1 });
  const mark = el("i", { class: "lp-slider-start", aria: { hidden: true } });
  const value = el("span", { class: "lp-amount", aria: { hidden: true } });
  const hold = el(
    "button",
    { class: "lp-mini lp-hold", type: "button", aria: { pressed: false }, on: { click: () => actions.toggleHeld(index) } },
    icon("locked"),
  );
  input.addEventListener("input", (event) => {
    actions.moveTo(index, Number(input.value) / PARTS, history.continues(`slider ${index}`, event.timeStamp));
  });
  input.addEventListener("keydown", (event) => {
    const turn = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (turn) {
      const amount = turn * (event.shiftKey ? STEP / 10 : STEP);
      actions.nudge(index, amount, history.continues(`slider ${index} by keys`, event.timeStamp));
    } else if (event.key === "Backspace" || event.key === "Delete") actions.restore(index);
    else if (event.key.toLowerCase() === "l") actions.toggleHeld(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("dblclick", () => actions.restore(index));
  input.addEventListener("focus", () => onFocus(index));
  const element = el("div", { class: "lp-latent-row" }, name, el("span", { class: "lp-slider-track" }, mark, input), value, hold);
  return {
    element,
    input,
    /** @param {{ start: number, label: string, title: string }} place   of the music along it, and what it is called */
    show({ start, label, title }) {
      const amount = state.get("values")[index];
      const isHeld = session.isHeld(index);
      const at = Math.min(Math.max(start + amount, -REACH), REACH);
      setText(name, label);
      element.title = `${title}. Double click: as the music is.`;
      const shown = String(Math.round(at * PARTS));
      if (input.value !== shown) input.value = shown;
      input.disabled = session.isStill();
      input.setAttribute("aria-label", title);
      input.setAttribute("aria-valuetext", `${formatAmount(at)}, ${amount ? `${formatAmount(amount)} from the music` : "as the music is"}`);
      const share = (Math.min(Math.max(start, -REACH), REACH) + REACH) / (2 * REACH);
      mark.style.setProperty("--lp-start", String(share));
      setText(value, formatAmount(amount));
      element.classList.toggle("lp-moved", amount !== 0);
      element.classList.toggle("lp-held", isHeld);
      hold.setAttribute("aria-pressed", String(isHeld));
      hold.setAttribute("aria-label", `${isHeld ? "Let go of" : "Hold"} slider ${index + 1}`);
      hold.title = isHeld ? "Held still when the others fall at random (key l)" : "Hold it still when the others fall at random (key l)";
    },
  };
}
