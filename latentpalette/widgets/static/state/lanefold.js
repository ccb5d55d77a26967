// Which lanes of many are shown: a model of sixty drums plays ten of them in a loop.
/** @import { Lane } from "../types.js" */

export const MAX_LANES = 16; // up to here all are shown
const ALWAYS = [36, 38, 42]; // kick, snare and closed hat, so that an empty loop has lanes

/** @param {Lane[]} lanes */
export function createLaneFold(lanes) {
  const basic = lanes.map(({ pitches }) => ALWAYS.some((pitch) => pitches?.includes(pitch)));
  let known = basic; // those that have played: a lane does not go while others come
  return {
    /** True if there are more than are shown at once. */
    isLong: lanes.length > MAX_LANES,
    /**
     * @param {boolean[]} plays   the lanes that have a note
     * @param {boolean[]} kept    and those that are shown in any case, as they are muted
     * @returns {boolean[]}
     */
    shown(plays, kept = []) {
      if (lanes.length <= MAX_LANES) return lanes.map(() => true);
      const now = lanes.map((_, lane) => Boolean(basic[lane] || plays[lane] || kept[lane]));
      const both = now.map((own, lane) => own || known[lane]);
      known = both.filter(Boolean).length > MAX_LANES ? now : both;
      return known;
    },
  };
}
