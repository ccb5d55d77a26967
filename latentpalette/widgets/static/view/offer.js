// Offer to restore what was edited before the cell was run again.
/** @import { InstrumentSession } from "../types.js" */

import { el } from "./dom.js";

/** @param {Pick<InstrumentSession, "edits" | "commands">} options */
export function createOffer({ edits, commands }) {
  const restore = el("button", { class: "lp-control", type: "button", text: "Restore" });
  const discard = el("button", { class: "lp-control", type: "button", text: "Discard" });
  restore.addEventListener("click", () => {
    if (edits.offered) commands.restoreEdits(edits.offered);
    edits.withdraw();
  });
  discard.addEventListener("click", () => edits.withdraw());
  const text = el("span", { text: "The cell was run again. What you had edited before is still here." });
  const element = el("div", { class: "lp-offer", role: "status", hidden: true }, text, restore, discard);
  return {
    element,
    show() {
      element.hidden = !edits.offered;
    },
  };
}
