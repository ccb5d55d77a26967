// The ends of a mixer or a slider as places whose clips are copied, and into which clips are pasted.
/** @import { EndCard, EndsSession, Spot, SpotAt } from "../../types.js" */

import { LETTERS } from "../color.js";
import { outlined } from "../clipboard.js";
import { pasteClip } from "../pasting.js";

/**
 * @param {object} options
 * @param {EndsSession} options.session
 * @param {() => Pick<EndCard, "element" | "read">[]} options.cards
 * @param {() => Spot} options.chosen                   what plays, or would
 * @param {() => number | null} [options.edited]        the end whose editor is open
 * @param {(element: Element) => HTMLElement | null} options.lineOf   what lies between the ends: there, the nearest one takes it
 */
export function createEndSpots({ session: { state, ends }, cards, chosen, edited, lineOf }) {
  /**
   * @param {number} k
   * @returns {Spot}
   */
  const end = (k) => ({
    name: `end ${LETTERS[k]}`,
    copy: () => ({ clip: ends.clip(k), label: state.get("labels")[k] }),
    paste: (copied) =>
      pasteClip(copied, {
        state,
        steps: ends.steps,
        put: (clip, label) => ends.put(k, clip, label),
        load: (file) => cards()[k].read([file]),
      }),
    mark: outlined(cards()[k].element),
  });
  /** @type {SpotAt} */
  function at(element, point) {
    const own = /** @type {HTMLElement | null} */ (element?.closest(".lp-end, .lp-end-tile"));
    if (own) return end(Number(own.dataset.corner));
    const line = element && lineOf(element);
    if (!point) return edited?.() == null ? chosen() : end(/** @type {number} */ (edited()));
    if (!line) return null;
    const { left, width } = line.getBoundingClientRect();
    return end(point.clientX - left > width / 2 ? 1 : 0);
  }
  return { at, end };
}
