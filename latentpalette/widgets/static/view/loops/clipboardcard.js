// The clipboard: eight slots for loops. A click on a free one keeps the loop that is chosen.
/** @import { Disposables, LoopsSession } from "../../types.js" */
/** @import { Where } from "../../state/loopssession.js" */
/** @import { LoopDrawing } from "./loopdrawing.js" */
/** @import { Carrier } from "./carry.js" */

import { el } from "../dom.js";
import { createLoopTile } from "./looptile.js";
import { makeTileSource } from "./tilesource.js";

const SLOTS = 8;

/**
 * @param {object} options
 * @param {LoopsSession} options.session
 * @param {Disposables} options.disposables
 * @param {LoopDrawing} options.drawing
 * @param {Carrier} options.carrier
 * @param {(where: Where) => void} options.onEdit
 * @param {HTMLElement} options.grip                   of the loop that is chosen
 */
export function createClipboardCard({ session, disposables, drawing, carrier, onEdit, grip }) {
  const { state, actions } = session;
  const tiles = Array.from({ length: SLOTS }, (_, index) => {
    /** @type {Where} */
    const where = { kind: "clip", index };
    const isFilled = () => Boolean(state.get("clips")[index]);
    const tile = createLoopTile({
      disposables,
      drawing,
      number: index + 1,
      remove: `Take slot ${index + 1} off the clipboard`,
      onClick: () => (isFilled() ? session.choose(where) : actions.keep(session.focused(), index)),
      onRemove: () => actions.discard(index),
    });
    tile.element.dataset.slot = String(index);
    makeTileSource({ tile, session, carrier, drawing, where, isFilled, onEdit });
    carrier.addTaker({
      element: tile.element,
      over: (point) => tile.element.classList.toggle("lp-drop", point !== null),
      drop(dropped) {
        tile.element.classList.remove("lp-drop");
        actions.keep(dropped, index);
      },
    });
    tile.main.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !isFilled()) return;
      if (event.key === "Delete" || event.key === "Backspace") actions.discard(index);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return tile;
  });
  const element = el(
    "section",
    { class: "lp-clipboard", aria: { label: "Clipboard" } },
    el("div", { class: "lp-row lp-nowrap lp-head" }, el("h4", { class: "lp-title", text: "Clipboard" }), el("span", { class: "lp-space" }), el("span", { class: "lp-dim lp-hint", text: "drag in and out" }), grip),
    el("div", { class: "lp-slots" }, ...tiles.map((tile) => tile.element)),
  );
  return {
    element,
    show() {
      const where = session.audible();
      tiles.forEach((tile, index) => {
        const slot = state.get("clips")[index];
        const isChosen = state.get("plays") === "loop" && where.kind === "clip" && where.index === index;
        tile.show({
          clip: slot && session.clipOf(slot.clip),
          color: drawing.color(slot?.at ?? null),
          name: slot ? `Slot ${index + 1}: ${slot.label}` : `Slot ${index + 1}, free: keep the chosen loop here`,
          title: slot?.label ?? "Free: a click keeps the chosen loop here",
          isChosen,
        });
      });
    },
    redraw: () => tiles.forEach((tile) => tile.redraw()),
  };
}
