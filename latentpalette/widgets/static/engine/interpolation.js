// Interpolation between latent vectors: great circles, straight lines, and along a learned prior's flow, in doubles as in
// Python's latent/paths.py, grids.py and flow_paths.py. Vectors lie one after the other in an array.

import { weightsAt } from "../state/geometry.js";

const MIN_ANGLE = 1e-4; // radians: below, a sine is too small to divide by

/**
 * A great circle, a straight line, or a time of a flow from 0 (noise) to 1 (music).
 * @typedef {"slerp" | "lerp" | number} Interpolation
 */
/** @typedef {ArrayLike<number>} Numbers */
/**
 * An invertible map between latent vectors and where they come from at a time; flow.js has it.
 * @typedef {(z: Float32Array, time: number) => Float32Array<ArrayBuffer>} Carry
 * @typedef {{ toTime: Carry, fromTime: Carry }} Flow
 */

/**
 * @param {number} n
 * @returns {number[]}   evenly spaced from 0 to 1, both included; of one it is 0
 */
export function evenPositions(n) {
  const step = 1 / (n - 1);
  return Array.from({ length: n }, (_, k) => (k && k === n - 1 ? 1 : k * (n > 1 ? step : 0)));
}

/**
 * Interpolate between two latent vectors.
 * @param {Float32Array} ends       [2, size]
 * @param {number[]} positions      0 gives exactly the first, 1 the second
 * @param {Interpolation} interpolation
 * @param {Flow | null} flow
 * @returns {Float64Array<ArrayBuffer>}   [positions, size]
 */
export function blendEnds(ends, positions, interpolation, flow) {
  const size = ends.length / 2;
  const [a, b] = rowsOf(ends, size);
  if (typeof interpolation === "string") return (interpolation === "slerp" ? slerp : lerp)(a, b, positions);
  if (!flow) throw new RangeError("Without a learned prior, ends are blended by slerp or lerp.");
  const [start, stop] = rowsOf(flow.toTime(ends, interpolation), size);
  const z = Float64Array.from(flow.fromTime(Float32Array.from(slerp(start, stop, positions)), interpolation));
  positions.forEach((position, k) => {
    if (position === 0 || position === 1) z.set(position ? b : a, k * size);
  });
  return z;
}

/**
 * Interpolate four corners A, B, C, D over a square grid. Along a flow, the blends at its time are scaled to the blend of
 * the corners' norms, so that the middle is as far from the origin as they are.
 * @param {Float32Array} corners    [4, size]
 * @param {number} cells            along a side; the corners are cells themselves
 * @param {Interpolation} interpolation
 * @param {Flow | null} flow
 * @returns {Float64Array<ArrayBuffer>}   [cells, cells, size], row by row
 */
export function blendCorners(corners, cells, interpolation, flow) {
  const positions = evenPositions(cells);
  const points = positions.flatMap((y) => positions.map((x) => [x, y]));
  return blendPoints(corners, points, interpolation, flow);
}

/**
 * Blend four corners at some points (x, y), 0 to 1 each; see `blendCorners`.
 * @param {Float32Array} corners    [4, size]
 * @param {number[][]} points
 * @param {Interpolation} interpolation
 * @param {Flow | null} flow
 * @returns {Float64Array<ArrayBuffer>}   [points, size]
 */
export function blendPoints(corners, points, interpolation, flow) {
  const size = corners.length / 4;
  const weights = points.map(([x, y]) => weightsAt(x, y));
  if (typeof interpolation === "string") return mix(rowsOf(corners, size), weights);
  if (!flow) throw new RangeError("Without a learned prior, corners are blended by lerp.");
  const sources = rowsOf(flow.toTime(corners, interpolation), size);
  const norms = sources.map(norm);
  const blends = mix(sources, weights);
  weights.forEach((shares, k) => {
    const blend = blends.subarray(k * size, (k + 1) * size);
    const factor = dot(shares, norms) / Math.max(norm(blend), 1e-12);
    for (let i = 0; i < size; i++) blend[i] *= factor;
  });
  const z = Float64Array.from(flow.fromTime(Float32Array.from(blends), interpolation));
  weights.forEach((shares, k) => {
    const corner = shares.indexOf(1); // exactly as it is given
    if (corner >= 0) z.set(corners.subarray(corner * size, (corner + 1) * size), k * size);
  });
  return z;
}

/**
 * Vary a latent vector: mix it with noise as it is mixed at a time of the flow, and carry the mixtures forward. Without a
 * flow, mix it with samples.
 * @param {Float32Array} z            [size]
 * @param {Float32Array} noise        [n, size]; without a flow, samples of the prior
 * @param {number} similarity         1 gives z itself n times, 0 samples
 * @param {Flow | null} flow
 * @returns {Float32Array<ArrayBuffer>}   [n, size]
 */
export function vary(z, noise, similarity, flow) {
  const size = z.length;
  const [share, rest] = [Math.fround(similarity), Math.fround(1 - Math.fround(similarity))];
  if (!flow) return Float32Array.from(noise, (number, k) => Math.fround(share * z[k % size]) + Math.fround(rest * number));
  if (share === 1) return Float32Array.from(noise, (_, k) => z[k % size]);
  const piece = flow.toTime(z, 1);
  const mixture = Float32Array.from(noise, (number, k) => Math.fround(share * piece[k % size]) + (1 - share) * number);
  return flow.fromTime(mixture, share);
}

/**
 * @param {Numbers} a
 * @param {Numbers} b
 * @param {number[]} positions
 */
export function lerp(a, b, positions) {
  return mix([a, b], positions.map((t) => [1 - t, t]));
}

/**
 * Interpolate along a great circle; norms may differ, and are interpolated, too. Between opposite directions, where it is
 * not unique, it leads through the axis along which `a` is smallest.
 * @param {Numbers} a
 * @param {Numbers} b
 * @param {number[]} positions
 * @returns {Float64Array<ArrayBuffer>}
 */
export function slerp(a, b, positions) {
  const norms = norm(a) * norm(b);
  const angle = norms ? Math.acos(Math.min(1, Math.max(-1, dot(a, b) / norms))) : 0;
  if (angle < MIN_ANGLE) return lerp(a, b, positions);
  if (angle > Math.PI - MIN_ANGLE) return detour(a, b, positions);
  const sine = Math.sin(angle);
  const weights = positions.map((t) => [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine]);
  return mix([a, b], weights);
}

/**
 * @param {Numbers} a
 * @param {Numbers} b
 * @param {number[]} positions
 */
function detour(a, b, positions) {
  const size = a.length;
  if (size < 2) return lerp(a, b, positions);
  const [length, other] = [norm(a), norm(b)];
  const axis = smallest(a);
  const across = Float64Array.from(a, (number, k) => Number(k === axis) - (a[axis] / length) * (number / length));
  const scale = (length + other) / 2 / norm(across);
  const middle = across.map((number) => number * scale);
  const z = new Float64Array(positions.length * size);
  positions.forEach((t, k) => z.set(t < 0.5 ? slerp(a, middle, [2 * t]) : slerp(middle, b, [2 * t - 1]), k * size));
  return z;
}

/**
 * Weighted sums of vectors.
 * @param {Numbers[]} vectors
 * @param {number[][]} weights   one list for each sum
 * @returns {Float64Array<ArrayBuffer>}   [weights, size]
 */
function mix(vectors, weights) {
  const size = vectors[0].length;
  const sums = new Float64Array(weights.length * size);
  weights.forEach((shares, row) => {
    vectors.forEach((vector, from) => {
      for (let k = 0; k < size; k++) sums[row * size + k] += shares[from] * vector[k];
    });
  });
  return sums;
}

/**
 * @param {Float32Array} array
 * @param {number} size
 */
function rowsOf(array, size) {
  return Array.from({ length: array.length / size }, (_, row) => array.subarray(row * size, (row + 1) * size));
}

/**
 * @param {Numbers} a
 * @param {Numbers} b
 */
function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** @param {Numbers} vector */
export const norm = (vector) => Math.sqrt(dot(vector, vector));

/** @param {Numbers} vector */
function smallest(vector) {
  let best = 0;
  for (let k = 1; k < vector.length; k++) if (Math.abs(vector[k]) < Math.abs(vector[best])) best = k;
  return best;
}
