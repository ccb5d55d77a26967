// What was edited before: an offer to restore it where a cell was run again, a notice where a page has it already. Both say
// what it is.
/** @import { InstrumentSession } from "../types.js" */

import { describeChangeIn } from "../state/changewords.js";
import { el, setText } from "./dom.js";

const OFFER = "The cell was run again. What you had edited before is still here.";
const NOTICE = "This page is as you left it: what you changed is kept in this browser.";

/** @typedef {Record<string, any>} Values */

/** @param {Pick<InstrumentSession, "state" | "edits" | "commands">} options */
export function createOffer({ state, edits, commands }) {
  const accept = el("button", { class: "lp-control", type: "button", text: "Restore" });
  const close = el("button", { class: "lp-control", type: "button", text: "Discard" });
  accept.addEventListener("click", () => {
    const traits = edits.offered ?? edits.initial;
    if (traits) commands.restoreEdits(traits);
    putAway();
  });
  close.addEventListener("click", putAway);
  function putAway() {
    if (edits.offered) edits.withdraw();
    else edits.dismiss?.();
  }
  const text = el("span");
  const element = el("div", { class: "lp-offer", role: "status", hidden: true }, text, accept, close);
  /** @type {{ values: Values, words: string } | null} */
  let described = null; // once: what is edited from now on is not what it speaks of
  /** @param {Values} values   that are offered, or that the page has */
  function describe(values) {
    const before = edits.offered ? Object.fromEntries(Object.keys(values).map((name) => [name, state.get(name)])) : (edits.initial ?? {});
    if (described?.values !== values) described = { values, words: describeChangeIn(state, before, values) };
    return described.words;
  }
  const present = edits.restored ? (edits.present?.() ?? {}) : {};
  return {
    element,
    show() {
      element.hidden = !edits.offered && !edits.restored;
      if (element.hidden) return;
      setText(text, `${edits.offered ? OFFER : NOTICE} Changed: ${describe(edits.offered ?? present)}.`);
      setText(accept, edits.offered ? "Restore" : "Start again");
      setText(close, edits.offered ? "Discard" : "Keep it");
    },
  };
}
