// The chords that the music is decoded over, as they are typed: "C Am F G". For models that are conditioned on chords.
/** @import { InstrumentSession, InstrumentState } from "../types.js" */

import { canAsk } from "../state/requests.js";
import { el } from "./dom.js";

const HELP =
  "Chords that the music is made over, evenly spaced and read as triads. Type others, separated by spaces, and press Enter: C Am F G";

/**
 * @param {object} options
 * @param {InstrumentState} options.state
 * @param {NonNullable<InstrumentSession["request"]>} options.request
 * @param {() => string[]} options.get
 * @param {(chords: string[]) => void} options.set
 * @param {(text: string) => void} options.onNotice    says which chords are read as simpler ones
 * @param {InstrumentSession["onError"]} options.onError
 */
export function createChordField({ state, request, get, set, onNotice, onError }) {
  const input = el("input", {
    type: "text",
    maxlength: 1000,
    spellcheck: false,
    autocomplete: "off",
    aria: { label: "Chords" },
  });
  const element = el("label", { class: "lp-field lp-chords" }, el("span", { class: "lp-dim", text: "Chords" }), input);
  let asked = 0; // what is typed last counts
  const text = () => get().join(" ");
  const isTyping = () => /** @type {Document | ShadowRoot} */ (element.getRootNode()).activeElement === input;

  async function apply() {
    const own = ++asked;
    const typed = input.value.trim();
    if (typed === text()) return mark(null);
    try {
      const { body } = await request("chords", { text: typed });
      if (own !== asked) return;
      mark(null);
      input.value = body.chords.join(" ");
      if (input.value !== text()) set(body.chords);
      if (body.notice) onNotice(body.notice);
    } catch (problem) {
      if (own === asked) mark(problem);
    }
  }
  /** Show what is wrong with what was typed, which stays to be mended. @param {unknown} problem */
  function mark(problem) {
    input.setAttribute("aria-invalid", String(Boolean(problem)));
    onError(problem);
  }
  input.addEventListener("change", () => void apply());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") void apply();
    else if (event.key === "Escape" && input.value !== text()) {
      input.value = text();
      mark(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  let last = "";
  return {
    element,
    show() {
      const can = canAsk(state, "chords");
      input.disabled = !can;
      element.title = can ? HELP : `Other chords need Python: ${state.get("origin") ? "run the cell again" : "open the instrument in a notebook"}`;
      if (text() === last && (isTyping() || input.getAttribute("aria-invalid") === "true")) return;
      last = text();
      input.value = last;
      input.setAttribute("aria-invalid", "false");
    },
  };
}
