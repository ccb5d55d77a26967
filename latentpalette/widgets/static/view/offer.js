// What was edited before: an offer to restore it where a cell was run again, a notice where a page has it already.
/** @import { InstrumentSession } from "../types.js" */

import { el, setText } from "./dom.js";

const OFFER = "The cell was run again. What you had edited before is still here.";
const NOTICE = "This page is as you left it: what you changed is kept in this browser.";

/** @param {Pick<InstrumentSession, "edits" | "commands">} options */
export function createOffer({ edits, commands }) {
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
  return {
    element,
    show() {
      element.hidden = !edits.offered && !edits.restored;
      if (element.hidden) return;
      setText(text, edits.offered ? OFFER : NOTICE);
      setText(accept, edits.offered ? "Restore" : "Start again");
      setText(close, edits.offered ? "Discard" : "Keep it");
    },
  };
}
