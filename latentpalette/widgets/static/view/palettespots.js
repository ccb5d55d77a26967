// The places of a palette whose clips are copied, and where clips are pasted: its corners and its cells. What is pasted on the
// board goes into the corner of that quarter.
/** @import { Board, CornerCard, CornerTags, Session, Spot, SpotAt } from "../types.js" */

import { cellAt } from "../state/geometry.js";
import { LETTERS } from "./color.js";
import { outlined } from "./clipboard.js";
import { pasteClip } from "./pasting.js";

/**
 * @param {object} options
 * @param {Session} options.session
 * @param {Pick<Board, "element" | "cornerAt">} options.board
 * @param {Pick<CornerCard, "element" | "corner" | "places" | "read">} options.cornerCard
 * @param {CornerTags} options.tags
 */
export function createPaletteSpots({ session: { state, playback }, board, cornerCard, tags }) {
  /**
   * @param {number} k
   * @returns {Spot}
   */
  const corner = (k) => ({
    name: `corner ${LETTERS[k]}`,
    copy: () => ({ clip: state.cornerClip(k), label: state.get("labels")[k] }),
    paste: (copied) =>
      pasteClip(copied, {
        state,
        steps: state.steps,
        put: (clip, label) => cornerCard.places.put(k, clip, label),
        load: (file) => cornerCard.read([file], k),
      }),
    mark: outlined(tags.elements[k]),
  });
  /** @returns {Spot} */
  function chosen() {
    if (playback.corner !== null) return corner(playback.corner);
    const { row, col } = cellAt(...state.get("puck"), state.size);
    const clip = playback.exactClip() ?? state.clipAt(row, col);
    return { name: `row ${row + 1}, column ${col + 1}`, copy: () => clip && { clip, label: `Cell ${row + 1}, ${col + 1}` } };
  }
  /** @param {number} k */
  const quarter = (k) => ({
    ...corner(k),
    mark: (/** @type {boolean} */ on) => (on ? void (board.element.dataset.drop = String(k)) : void delete board.element.dataset.drop),
  });
  /** @type {SpotAt} */
  function at(element, point) {
    const tagged = /** @type {HTMLElement | null} */ (element?.closest(".lp-tag, .lp-tab"));
    if (tagged) return corner(Number(tagged.dataset.corner));
    if (element && cornerCard.element.contains(element)) return { ...corner(cornerCard.corner), mark: outlined(cornerCard.element) };
    if (point) return element && board.element.contains(element) ? quarter(board.cornerAt(point)) : null;
    if (playback.corner !== null) return corner(playback.corner);
    const [x, y] = state.get("puck"); // what the keys paste goes into the corner that the puck is nearest to
    const { name: into, paste } = corner((y > 0.5 ? 2 : 0) + (x > 0.5 ? 1 : 0));
    return { ...chosen(), into, paste };
  }
  return { at, chosen, corner };
}
