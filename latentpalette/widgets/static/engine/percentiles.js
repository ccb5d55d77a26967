// How far from the origin the cells of a grid lie, beside samples of the prior: what widgets/grid_decoding.py computes.

import { roundHalfEven } from "./converters/rounding.js";
import { norm } from "./interpolation.js";

/**
 * The share of samples of a learned prior that lie nearer to the origin than each z [percent].
 * @param {Float64Array} z          [n, size]
 * @param {number} size
 * @param {Float32Array} norms      of samples, in ascending order
 * @returns {number[]}
 */
export function samplePercentiles(z, size, norms) {
  return rowsOf(z, size).map((row) => {
    const distance = norm(row);
    const rank = norms.filter((each) => each < distance).length;
    return roundHalfEven((100 * rank) / norms.length);
  });
}

/**
 * The share of samples of N(0, I) that lie nearer to the origin than a typical z of each cell [percent]. The squared norm
 * has a chi-square distribution, computed by the cube root of Wilson and Hilferty (1931).
 * @param {Float64Array} mu         [n, size]
 * @param {Float64Array} variance   [n, size]
 * @param {number} size
 * @returns {number[]}
 */
export function normPercentiles(mu, variance, size) {
  const spread = Math.sqrt(2 / (9 * size));
  const variances = rowsOf(variance, size);
  return rowsOf(mu, size).map((row, k) => {
    const square = norm(row) ** 2 + variances[k].reduce((sum, number) => sum + number, 0);
    const score = (Math.cbrt(square / size) - (1 - spread ** 2)) / spread;
    return roundHalfEven(50 * (1 + erf(score / Math.SQRT2)));
  });
}

/**
 * The error function, by its series without changing signs.
 * @param {number} x
 */
function erf(x) {
  const square = x * x;
  if (square > 36) return Math.sign(x); // 1 to the last bit
  let term = x;
  let sum = 0;
  for (let k = 1; Math.abs(term) > Math.abs(sum) * 1e-17; k++) {
    sum += term;
    term *= (2 * square) / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
}

/**
 * @param {Float64Array} array
 * @param {number} size
 */
const rowsOf = (array, size) =>
  Array.from({ length: array.length / size }, (_, row) => array.subarray(row * size, (row + 1) * size));
