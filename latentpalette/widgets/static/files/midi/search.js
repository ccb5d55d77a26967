// Search in ordered lists, and division, as Python does them.

/**
 * How many of some ordered values are at or before a limit.
 * @template T
 * @param {ArrayLike<T>} items
 * @param {number} limit
 * @param {(item: T) => number} valueOf
 */
export function countUpTo(items, limit, valueOf) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limit < valueOf(items[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * How many of some ordered values are before a limit.
 * @template T
 * @param {ArrayLike<T>} items
 * @param {number} limit
 * @param {(item: T) => number} valueOf
 */
export function countBefore(items, limit, valueOf) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueOf(items[middle]) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How often a number goes into another, rounded down: exact where the quotient, rounded, would be the next whole number.
 * @param {number} dividend
 * @param {number} divisor   above 0
 */
export function floorDivide(dividend, divisor) {
  const rest = dividend % divisor;
  const quotient = (dividend - rest) / divisor - (rest < 0 ? 1 : 0);
  const whole = Math.floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}
