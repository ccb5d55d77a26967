// Rounding as Python does it: of two numbers that are equally near the even one.

/** @param {number} value */
export function roundHalfEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/**
 * A number with so many decimals.
 * @param {number} value
 * @param {number} decimals   up to 17
 */
export function roundDecimals(value, decimals) {
  const scale = 10 ** decimals;
  const doubled = value * 2 * scale;
  // It lies in the middle only if it is a multiple of 2 ** -(decimals + 1); then the product is exact.
  const isHalf = Number.isInteger(value * 2 ** (decimals + 1)) && Math.abs(doubled % 2) === 1;
  return isHalf ? (roundHalfEven(doubled / 2) / scale) : Number(value.toFixed(decimals));
}
