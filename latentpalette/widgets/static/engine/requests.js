// What can be asked of a network, each as a task that yields its result in parts.
/** @import { DecodeOptions, EncodeOptions, Network } from "./network.js" */
/** @import { Task } from "./tasks.js" */

const CHUNK = 4; // sequences: as fast as many at once, and soon there

/**
 * z [n, z_size], and in which order its rows are needed; all of them in theirs by default.
 * @typedef {DecodeOptions & { z: Float32Array, order?: number[] }} DecodeBody
 *
 * The rows that are there, and their tokens [rows, steps, tokenWidth].
 * @typedef {{ rows: number[], tokens: Int32Array | Float32Array }} Decoded
 *
 * @typedef {EncodeOptions & { frames: Float32Array, count: number }} EncodeBody
 */

/** @type {{ [kind: string]: (network: Network, body: any) => Task }} */
export const REQUESTS = { decode, encode };

/**
 * Decode in chunks: the first row alone, so that the first sound does not wait for others.
 * @param {Network} network
 * @param {DecodeBody} body
 * @returns {Generator<Decoded, void, void>}
 */
function* decode(network, { z, order, temperature, uniforms, controls, given }) {
  const count = z.length / network.config.z_size;
  const needed = order ?? Array.from({ length: count }, (_, row) => row);
  let start = 0;
  while (start < needed.length) {
    const stop = start < CHUNK ? Math.min(start * (CHUNK - 1) + 1, CHUNK) : start + CHUNK; // 1, 4, 8, 12 ...
    const rows = needed.slice(start, stop);
    /** @param {Float32Array | null | undefined} all */
    const chosen = (all) => all && gather(all, rows, all.length / count);
    const options = { temperature, uniforms: chosen(uniforms), controls: chosen(controls), given: chosen(given) };
    yield { rows, tokens: network.decode(gather(z, rows, network.config.z_size), options) };
    start = stop;
  }
}

/**
 * @param {Network} network
 * @param {EncodeBody} body
 * @returns {Task}
 */
function* encode(network, { frames, count, ...options }) {
  yield network.encode(frames, count, options);
}

/**
 * @param {Float32Array} all
 * @param {number[]} rows
 * @param {number} width
 */
function gather(all, rows, width) {
  const out = new Float32Array(rows.length * width);
  for (const [k, row] of rows.entries()) out.set(all.subarray(row * width, (row + 1) * width), k * width);
  return out;
}
