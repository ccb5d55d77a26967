// Sampling in the page, with the numbers that Python draws in models/sampling.py and music_sampler.py: z from the prior,
// refined by Gibbs steps where none is learned; silent and static samples again; of several the one that rates best.
// The music is the same, too, but for one loop in a thousand or so: sums in another order end in another digit, and now
// and then a random number lies between the two. A velocity or an offset of a performance may be the next one.
/** @import { Clip, ModelConverter } from "../types.js" */
/** @import { Asked } from "./conditions.js" */
/** @import { Flow } from "./flow.js" */
/** @import { MusicNetwork } from "./network.js" */
/** @import { Task } from "./tasks.js" */
import { askOfZ, splitAsked } from "./conditions.js";
import { isDegenerate } from "./degenerate.js";
import { encodeClips } from "./encoding.js";
import { vary } from "./interpolation.js";
import { decodeInParts } from "./parts.js";
import { createRandom } from "./random.js";
import { chooseBest } from "./rating.js";

const MIN_TEMPERATURE = 1e-6;

/**
 * A model of the page.
 * @typedef {{ network: MusicNetwork, converter: ModelConverter, flow: Flow | null }} Model
 */

/**
 * @typedef {object} PriorOptions
 * @property {Asked} [conditions]    what the model, or its learned prior, is asked for
 * @property {number} [guidance]     weight of that
 * @property {number} [gibbsSteps]   that refine each z; by default the model's own, none with a learned prior
 */

/**
 * @typedef {object} SampleOptions
 * @property {number} seed                   the same seed gives the same music, and the same as in Python
 * @property {number | null} [temperature]   null: arg-max
 * @property {number} [skip]                 leaves out the first clips, so many of n
 * @property {number} [bestOf]               samples for each clip, of which the one that rates best is kept
 * @property {number} [maxAttempts]          at each sample while it is silent or static; by default the model's own
 * @property {Map<Clip, Float32Array>} [places]   gets the z of each clip
 */

/**
 * Draw n clips, as ``model.sample(n, seed=seed, ...)`` does.
 * @param {Model} model
 * @param {number} n
 * @param {SampleOptions & PriorOptions} options
 * @returns {Task<Clip[]>}
 */
export function* sampleClips(model, n, options) {
  const { network, converter } = model;
  const { seed, temperature = 1, bestOf = 1, skip = 0, maxAttempts = network.config.max_attempts } = options;
  const count = n * bestOf;
  const [width, noiseWidth] = [network.tokenWidth, network.numUniforms].map((each) => each * network.config.steps);
  const tokens = new (network.isClasses ? Int32Array : Float32Array)(count * width);
  const all = Array.from({ length: count }, (_, index) => index).slice(skip * bestOf);
  let drawn = all;
  const zSize = network.config.z_size;
  const places = new Float32Array(count * zSize);
  for (let attempt = 0; attempt < maxAttempts && drawn.length; attempt++) {
    const z = sampleZ(model, count, seed, { ...options, attempt, only: drawn });
    drawn.forEach((index, k) => places.set(z.subarray(k * zSize, (k + 1) * zSize), index * zSize));
    let decoding = {};
    if (temperature !== null) {
      // Of all samples, so that one does not depend on which others are drawn again.
      const uniforms = pick(createRandom(seed, "frames", attempt).uniform(count * noiseWidth), noiseWidth, drawn);
      decoding = { temperature: Math.max(temperature, MIN_TEMPERATURE), uniforms };
    }
    const decoded = yield* decodeInParts(network, z, decoding);
    drawn.forEach((index, k) => tokens.set(decoded.subarray(k * width, (k + 1) * width), index * width));
    drawn = drawn.filter((index) => isDegenerate(converter, tokens, index));
  }
  const clips = all.map((index) => converter.clip(tokens, index));
  clips.forEach((clip, k) => options.places?.set(clip, places.slice(all[k] * zSize, (all[k] + 1) * zSize)));
  return chooseBest(clips, bestOf, converter.meta.streams);
}

/**
 * Draw variations on a piece, arg-max, as ``model.similar(z, n, similarity, seed=seed)`` does.
 * @param {Model} model
 * @param {Float32Array} z        of the piece
 * @param {number} n
 * @param {number} similarity     1 gives the reconstruction of the piece, 0 samples
 * @param {number} seed
 * @returns {Task<Clip[]>}
 */
export function* similarClips(model, z, n, similarity, seed) {
  const { network, converter, flow } = model;
  const noise = flow ? createRandom(seed, "z").normal(n * z.length) : sampleZ(model, n, seed);
  const tokens = yield* decodeInParts(network, vary(z, noise, similarity, flow));
  return Array.from({ length: n }, (_, index) => converter.clip(tokens, index));
}

/**
 * Draw latent vectors, as ``model.sample_z(n, seed=seed, ...)`` does.
 * @param {Model} model
 * @param {number} n
 * @param {number} seed
 * @param {PriorOptions & { attempt?: number, only?: number[] }} [options]   the attempt at them, and the indices of
 *   those that are wanted
 * @returns {Float32Array<ArrayBuffer>}   [only, size]
 */
export function sampleZ(model, n, seed, { attempt = 0, only, ...options } = {}) {
  const { network, flow } = model;
  const { z_size: size, gibbs_steps } = network.config;
  const { gibbsSteps = flow ? 0 : gibbs_steps } = options;
  const own = network.config.conditions ?? [];
  const { ofModel, ofPrior } = splitAsked(own, options.conditions ?? {});
  const wanted = only ?? Array.from({ length: n }, (_, index) => index);
  const width = flow ? flow.noiseSize : size;
  const noise = pick(createRandom(seed, "z", attempt).normal(n * width), width, wanted);
  let z = flow ? flow.sample(noise, { ...options, conditions: ofPrior }) : noise;
  askOfZ(z, size, own, ofModel);
  if (!gibbsSteps) return z;
  const epsilon = pick(createRandom(seed, "gibbs", attempt).normal(n * gibbsSteps * size), gibbsSteps * size, wanted);
  for (let step = 0; step < gibbsSteps; step++) {
    const own = epsilon.filter((_, k) => Math.floor(k / size) % gibbsSteps === step);
    z = gibbsStep(model, z, own);
  }
  return z;
}

/**
 * Decode z, encode the music, and sample from its posterior. Where the music is silent, z is drawn anew.
 * @param {Model} model
 * @param {Float32Array} z           [n, size]
 * @param {Float32Array<ArrayBuffer>} epsilon   standard normal [n, size]
 */
function gibbsStep({ network, converter }, z, epsilon) {
  const { z_size: size, conditions = [] } = network.config;
  const tokens = network.decode(z);
  const clips = Array.from({ length: z.length / size }, (_, index) => converter.clip(tokens, index));
  const sounding = [...clips.keys()].filter((index) => clips[index].notes.length);
  const { mu, sigma } = encodeClips(network, converter, sounding.map((index) => clips[index]));
  const refined = epsilon.slice();
  sounding.forEach((index, k) => {
    for (let i = 0; i < size; i++) {
      const at = index * size + i;
      refined[at] = mu[k * size + i] + Math.fround(sigma[k * size + i] * epsilon[at]);
    }
  });
  const kept = size - conditions.length; // what is asked for is not refined away
  for (let at = 0; at < z.length; at++) if (at % size >= kept) refined[at] = z[at];
  return refined;
}

/**
 * Some rows of an array.
 * @param {Float32Array<ArrayBuffer>} array
 * @param {number} width
 * @param {number[]} rows
 */
function pick(array, width, rows) {
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, k) => picked.set(array.subarray(row * width, (row + 1) * width), k * width));
  return picked;
}
