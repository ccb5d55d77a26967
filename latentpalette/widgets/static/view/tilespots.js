// The tiles of a sampler, whose clips are copied and into which clips are pasted; and the variation that plays instead of one.
/** @import { SamplerSession, Spot, SpotAt } from "../types.js" */

import { outlined } from "./clipboard.js";
import { firstLoop, pasteClip } from "./pasting.js";

/** @param {{ session: SamplerSession, steps: number }} options */
export function createTileSpots({ session, steps }) {
  const { state, tiles, variations, request } = session;
  /**
   * @param {number} index
   * @param {Element} [element]
   * @returns {Spot}
   */
  const tile = (index, element) => ({
    name: `tile ${index + 1}`,
    copy() {
      const { clip, label } = tiles.at(index);
      return clip && { clip, label };
    },
    paste: (copied) =>
      pasteClip(copied, {
        state,
        steps,
        put: (clip, label) => tiles.take(index, { clip, label }),
        async load(file) {
          await tiles.take(index, await firstLoop(file, request));
          return true;
        },
      }),
    mark: element && outlined(element),
  });
  /** @returns {Spot} */
  function chosen() {
    const own = tile(state.get("tile"));
    const clip = variations.chosen();
    if (variations.playing === null || !clip) return own;
    return { ...own, name: `variation ${variations.playing + 1}`, copy: () => ({ clip, label: `like tile ${state.get("tile") + 1}` }), into: own.name };
  }
  /** @type {SpotAt} */
  function at(element, point) {
    const own = /** @type {HTMLElement | null} */ (element?.closest("[data-tile]"));
    if (own) return tile(Number(own.dataset.tile), own);
    const card = element?.closest(".lp-tile-card");
    return card || !point ? { ...chosen(), mark: card ? outlined(card) : undefined } : null;
  }
  return { at, chosen };
}
