// Directions through latent space, as Python finds them (widgets/music_directions.py), and how far along them music lies.

import { toBytes } from "./bytes.js";

/**
 * One kind of directions: weights and steps, a row for each.
 * @typedef {object} Directions
 * @property {Float32Array[]} weights
 * @property {Float32Array[]} steps
 */

/**
 * Read what `MusicDirections.packed` wrote: the mean, then for both kinds weights and steps, as many of each.
 * @param {ArrayBufferView<ArrayBuffer>} table
 * @param {number} zSize
 */
export function readDirections(table, zSize) {
  const numbers = new Float32Array(toBytes(table).buffer);
  const count = (numbers.length / zSize - 1) / 4;
  const row = (/** @type {number} */ index) => numbers.subarray(index * zSize, (index + 1) * zSize);
  const rows = (/** @type {number} */ first) => Array.from({ length: count }, (_, index) => row(first + index));
  /** @param {number} first @returns {Directions} */
  const kind = (first) => ({ weights: rows(first), steps: rows(first + count) });
  return { count, mean: row(0), principal: kind(1), dimensions: kind(1 + 2 * count) };
}

/**
 * Move z along directions, one after the other as `Directions.move` in Python does: with the same bits.
 * @param {Float32Array} z
 * @param {number[]} amounts   [standard deviations]
 * @param {Float32Array[]} steps
 */
export function moveAlong(z, amounts, steps) {
  const moved = Float64Array.from(z);
  amounts.forEach((amount, k) => {
    for (let i = 0; i < moved.length; i++) moved[i] += amount * steps[k][i];
  });
  return Float32Array.from(moved);
}

/**
 * Where z lies along directions [standard deviations from the mean].
 * @param {Float32Array} z
 * @param {Float32Array} mean
 * @param {Float32Array[]} weights
 */
export const coordinatesOf = (z, mean, weights) =>
  weights.map((weight) => weight.reduce((sum, each, i) => sum + each * (z[i] - mean[i]), 0));

/**
 * How many of a hundred samples lie nearer to the middle of latent space.
 * @param {Float32Array} z
 * @param {number[]} norms   percentiles 0 to 100 of the distance of samples
 */
export function normPercentile(z, norms) {
  const distance = Math.sqrt(z.reduce((sum, each) => sum + each * each, 0));
  return Math.min(100, norms.filter((each) => each < distance).length);
}
