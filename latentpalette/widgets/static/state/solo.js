// Solo: one lane plays, all others are muted.

/**
 * True if a lane plays alone.
 * @param {boolean[]} mutes
 * @param {number} lane
 */
export const isSolo = (mutes, lane) => mutes.length > 1 && mutes.every((muted, index) => muted === (index !== lane));

/**
 * The mutes after a press of a lane's solo button: it alone plays; if it does already, all play.
 * @param {boolean[]} mutes
 * @param {number} lane
 * @returns {boolean[]}
 */
export function toggleSolo(mutes, lane) {
  const solo = isSolo(mutes, lane);
  return mutes.map((_, index) => !solo && index !== lane);
}
