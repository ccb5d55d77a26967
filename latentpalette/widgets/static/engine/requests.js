// What can be asked of a model, each as a task that yields its result in parts.
/** @import { Clip } from "../types.js" */
/** @import { Interpolation } from "./interpolation.js" */
/** @import { DecodeOptions, EncodeOptions } from "./network.js" */
/** @import { Model, PriorOptions, SampleOptions } from "./sampling.js" */
/** @import { Task } from "./tasks.js" */
import { encodeClips } from "./encoding.js";
import { blendCorners } from "./interpolation.js";
import { sampleClips, similarClips } from "./sampling.js";

const CHUNK = 4; // sequences: as fast as many at once, and soon there

/**
 * z [n, z_size], and in which order its rows are needed; all of them in theirs by default.
 * @typedef {DecodeOptions & { z: Float32Array, order?: number[] }} DecodeBody
 *
 * The rows that are there, and their tokens [rows, steps, tokenWidth].
 * @typedef {{ rows: number[], tokens: Int32Array | Float32Array }} Decoded
 *
 * The rows that are there, and their music.
 * @typedef {{ rows: number[], clips: Clip[] }} DecodedClips
 *
 * @typedef {EncodeOptions & { frames: Float32Array, count: number }} EncodeBody
 */

/** @type {{ [kind: string]: (model: Model, body: any) => Task }} */
export const REQUESTS = {
  decode,
  *clips(model, body) {
    for (const { rows, tokens } of decode(model, body)) {
      yield { rows, clips: rows.map((_, k) => model.converter.clip(tokens, k)) };
    }
  },
  *encode({ network }, /** @type {EncodeBody} */ { frames, count, ...options }) {
    yield network.encode(frames, count, options);
  },
  *posterior({ network, converter }, /** @type {{ clips: Clip[] }} */ { clips }) {
    yield encodeClips(network, converter, clips);
  },
  *sample(model, /** @type {SampleOptions & PriorOptions & { n: number }} */ { n, ...options }) {
    yield sampleClips(model, n, options);
  },
  *similar(model, /** @type {{ z: Float32Array, n: number, similarity: number, seed: number }} */ body) {
    yield similarClips(model, body.z, body.n, body.similarity, body.seed);
  },
  *blend({ flow }, /** @type {{ corners: Float32Array, size: number, interpolation: Interpolation }} */ body) {
    yield blendCorners(body.corners, body.size, body.interpolation, flow);
  },
};

/**
 * Decode in chunks: the first row alone, so that the first sound does not wait for others.
 * @param {Model} model
 * @param {DecodeBody} body
 * @returns {Generator<Decoded, void, void>}
 */
function* decode({ network }, { z, order, temperature, uniforms, controls, given }) {
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
 * @param {Float32Array} all
 * @param {number[]} rows
 * @param {number} width
 */
function gather(all, rows, width) {
  const out = new Float32Array(rows.length * width);
  for (const [k, row] of rows.entries()) out.set(all.subarray(row * width, (row + 1) * width), k * width);
  return out;
}
