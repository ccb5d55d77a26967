// Reasons why there is no window of some bars, or of a piece, in words.
/** @import { LeftOut } from "../../types.js" */

const SINGULAR = new Map([["are", "is"], ["do", "does"], ["have", "has"], ["repeat", "repeats"]]);

/**
 * @param {string} reason          the words that follow the bars, in the plural; all of them where no bars are meant
 * @param {[number, number]} [bars]   the first and the last
 * @returns {LeftOut}
 */
export const leftOut = (reason, bars) => ({ reason, first: bars?.[0] ?? null, last: bars?.[1] ?? null });

/** @param {LeftOut} leftOut */
export function describeLeftOut({ reason, first, last }) {
  if (first === null || last === null) return reason;
  const [verb] = reason.split(" ", 1);
  const words = last <= first ? (SINGULAR.get(verb) ?? verb) + reason.slice(verb.length) : reason;
  return `${barsInWords(first, last)} ${words}`;
}

/**
 * "bar 3", "bars 3 and 4" or "bars 3 to 8".
 * @param {number} first
 * @param {number} last
 */
export function barsInWords(first, last) {
  if (last <= first) return `bar ${first}`;
  return `bars ${first} ${last === first + 1 ? "and" : "to"} ${last}`;
}

/**
 * Join adjacent bars that were left out for the same reason, in the order of bars.
 * @param {LeftOut[]} items
 */
export function mergeLeftOut(items) {
  /** @type {LeftOut[]} */
  const joined = [];
  const byBars = (/** @type {LeftOut} */ one, /** @type {LeftOut} */ other) =>
    (one.first ?? 0) - (other.first ?? 0) || (one.last ?? 0) - (other.last ?? 0);
  for (const item of [...items].sort(byBars)) {
    const before = joined.at(-1);
    const { first, last } = item;
    if (before?.reason === item.reason && before.last !== null && first !== null && first <= before.last + 1) {
      joined[joined.length - 1] = { ...before, last: Math.max(before.last, last ?? 0) };
    } else {
      joined.push(item);
    }
  }
  return joined;
}
