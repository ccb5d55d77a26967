// The instruments of a session side by side; where there is room for one, one of them with tabs.
/** @import { Disposables, Model } from "../../types.js" */
/** @import { createMember } from "./member.js" */

import { offerSlot } from "../../state/ensemble.js";
import { el } from "../dom.js";
import { createSegments } from "../segments.js";

/**
 * @param {object} options
 * @param {Model} options.model                             of the session
 * @param {ReturnType<typeof createMember>[]} options.members
 * @param {string[]} options.names
 * @param {Disposables} options.disposables
 */
export function createColumns({ model, members, names, disposables }) {
  const list = el("ul", { class: "lp-members" }, ...members.map(({ element }) => element));
  const tabs = createSegments({ label: "Instrument that is shown", choices: names.map((name, index) => [index, name]), onChoose: open });
  tabs.element.classList.add("lp-member-tabs");
  tabs.element.hidden = members.length < 2;

  /** @param {number} shown   in a narrow place */
  function open(shown) {
    members.forEach(({ element }, index) => element.classList.toggle("lp-tabbed-away", index !== shown));
    tabs.show(shown);
  }
  open(0);
  for (const { id, slot } of members) {
    disposables.add(offerSlot(id, slot));
    void showIn(model, id, slot, disposables);
  }
  return { element: el("div", { class: "lp-columns" }, tabs.element, list) };
}

/**
 * Show an instrument in its place, where Jupyter makes views.
 * @param {Model} model
 * @param {string} id
 * @param {HTMLElement} slot
 * @param {Disposables} disposables
 */
async function showIn({ widget_manager: manager }, id, slot, disposables) {
  if (!manager?.get_model || !manager.create_view) return;
  let open = true;
  disposables.add(() => (open = false));
  try {
    const view = await manager.create_view(await manager.get_model(id));
    if (!open) return view.remove();
    slot.append(view.el);
    disposables.add(() => view.remove());
  } catch {
    // its model is gone: the row says that it is not shown
  }
}
