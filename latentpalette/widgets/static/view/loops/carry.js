// Loops that are carried with the pointer from one part of Latent Loops to another.
/** @import { Where } from "../../state/loopssession.js" */

import { el } from "../dom.js";

const MIN_DISTANCE = 6; // [pixels] before a press becomes a carry

/**
 * A part that takes loops. `over` shows where a loop would go; null: it is no longer over it.
 * @typedef {{ element: HTMLElement, over: (point: { x: number, y: number } | null) => void, drop: (where: Where, point: { x: number, y: number }) => void }} Taker
 */

/** @typedef {ReturnType<typeof createCarrier>} Carrier */

export function createCarrier() {
  /** @type {Taker[]} */
  const takers = [];
  const ghost = el("div", { class: "lp-ghost", hidden: true, aria: { hidden: true } });

  /** @param {{ x: number, y: number }} point */
  const takerAt = ({ x, y }) =>
    takers.find(({ element }) => {
      const box = element.getBoundingClientRect();
      return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    });

  return {
    /** What follows the pointer. */
    element: ghost,
    /** @param {Taker} taker */
    addTaker: (taker) => void takers.push(taker),
    /**
     * Let loops be carried from an element.
     * @param {HTMLElement} element
     * @param {object} source
     * @param {(event: PointerEvent) => Where | null} source.whereOf
     * @param {(where: Where) => string} source.colorOf                        of what follows the pointer
     * @param {(where: Where, canvas: HTMLCanvasElement) => void} source.draw   its music
     * @param {boolean} [source.byTouch]                                        false where a finger does something else
     */
    addSource(element, { whereOf, colorOf, draw, byTouch = true }) {
      /** @type {{ pointer: number, x: number, y: number, where: Where, carries: boolean } | null} */
      let held = null;
      /** @type {Taker | undefined} */
      let under;
      const leave = () => {
        under?.over(null);
        under = undefined;
        ghost.hidden = true;
        held = null;
      };
      element.addEventListener("pointerdown", (event) => {
        const where = event.button === 0 && (byTouch || event.pointerType !== "touch") ? whereOf(event) : null;
        held = where && { pointer: event.pointerId, x: event.clientX, y: event.clientY, where, carries: false };
      });
      element.addEventListener("pointermove", (event) => {
        if (!held || event.pointerId !== held.pointer) return;
        const point = { x: event.clientX, y: event.clientY };
        if (!held.carries) {
          if (Math.hypot(point.x - held.x, point.y - held.y) < MIN_DISTANCE) return;
          held.carries = true;
          element.setPointerCapture(event.pointerId);
          ghost.hidden = false;
          ghost.style.background = colorOf(held.where);
          const canvas = el("canvas");
          ghost.replaceChildren(canvas);
          draw(held.where, canvas);
        }
        ghost.style.transform = `translate(${point.x + 8}px, ${point.y + 8}px)`;
        const next = takerAt(point);
        if (next !== under) under?.over(null);
        under = next;
        under?.over(point);
      });
      element.addEventListener("pointerup", (event) => {
        if (!held || event.pointerId !== held.pointer) return;
        const { where, carries } = held;
        const taker = under;
        leave();
        if (!carries) return;
        // The click that follows is the end of the carry, and chooses nothing.
        element.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => element.removeEventListener("click", swallow, true));
        taker?.drop(where, { x: event.clientX, y: event.clientY });
      });
      for (const type of ["pointercancel", "lostpointercapture"]) element.addEventListener(type, () => held?.carries && leave());
      element.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && held?.carries) leave();
      });
    },
  };
}

/** @param {Event} event */
function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
