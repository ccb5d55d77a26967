// What a tile of Latent Loops does while it has a loop: it sounds under the pointer, opens to be edited, and is carried.
/** @import { LoopsSession } from "../../types.js" */
/** @import { Where } from "../../state/loopssession.js" */
/** @import { Carrier } from "./carry.js" */
/** @import { LoopDrawing } from "./loopdrawing.js" */
/** @import { LoopTile } from "./looptile.js" */

/**
 * @param {object} options
 * @param {LoopTile} options.tile
 * @param {LoopsSession} options.session
 * @param {Carrier} options.carrier
 * @param {LoopDrawing} options.drawing
 * @param {Where} options.where
 * @param {() => boolean} options.isFilled
 * @param {(where: Where) => void} options.onEdit
 */
export function makeTileSource({ tile, session, carrier, drawing, where, isFilled, onEdit }) {
  tile.element.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "touch" && !event.buttons && isFilled()) session.hover(where);
  });
  tile.element.addEventListener("pointerleave", () => session.hover(null));
  tile.main.addEventListener("dblclick", () => isFilled() && onEdit(where));
  carrier.addSource(tile.main, {
    whereOf: () => (isFilled() ? where : null),
    colorOf: (own) => drawing.colorOf(own),
    draw: (own, canvas) => drawing.drawGhost(own, canvas),
  });
}
