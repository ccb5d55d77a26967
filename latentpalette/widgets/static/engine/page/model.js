// A model of the page as its instruments use it: clips in, clips out.
/** @import { Clip, ClipJson, EngineMusic, ModelConverter, PackedModel, Posterior } from "../../types.js" */
/** @import { Network } from "../network.js" */

import { readLoops } from "../../files/fileloops.js";
import { clipFromJson } from "../../state/clip.js";
import { encodeClips } from "../encoding.js";
import { blendCorners, blendEnds } from "../interpolation.js";
import { openModel } from "../model.js";
import { normPercentiles, samplePercentiles } from "../percentiles.js";
import { sampleClips, similarClips } from "../sampling.js";
import { fromPageText } from "./text.js";

const NO_ENCODER =
  'This page carries the decoder alone: it plays its own corners and what it samples. Write it with model="full" to edit music, too.';

/**
 * Open a model that a page carries (widgets/page_model.py).
 * @param {Uint8Array<ArrayBuffer>} kernels
 * @param {PackedModel} packed
 * @returns {Promise<EngineMusic>}
 */
export async function openPageModel(kernels, { meta, weights }) {
  const [matrices, vectors, ...prior] = await Promise.all(weights.map(({ text, width }) => fromPageText(text, width)));
  const model = await openModel({
    kernels,
    network: { meta: meta.network, matrices, vectors },
    converter: meta.converter,
    prior: meta.prior && { meta: meta.prior, matrices: prior[0], vectors: prior[1] },
  }).catch((problem) => {
    throw new Error(`This browser cannot run the model of this page (${problem.message}). Try a newer one.`);
  });
  const { network, converter, flow } = model;
  const posteriors = createPosteriors(network, converter, meta.known);
  const { steps } = converter;
  const { streams } = meta.converter;
  const zSize = network.config.z_size;

  /** @param {Float32Array<ArrayBuffer>} z */
  function decode(z) {
    const tokens = network.decode(z);
    return Array.from({ length: z.length / zSize }, (_, index) => converter.clip(tokens, index));
  }
  return {
    steps,
    zSize,
    streams,
    encode: posteriors.encode,
    decode,
    check: converter.check,
    blendCorners: (corners, size, interpolation) => blendCorners(corners, size, interpolation, flow),
    blendEnds: (ends, positions, interpolation) => blendEnds(ends, positions, interpolation, flow),
    percentiles(z, sigma, size) {
      if (flow) return samplePercentiles(z, zSize, flow.sampleNorms);
      const variance = blendCorners(sigma.map((deviation) => deviation ** 2), size, "lerp", null);
      return normPercentiles(z, variance, zSize);
    },
    sample: (n, options) => sampleClips(model, n, options),
    readLoops: (file, name) => readLoops(converter, file, name),
    similar: (mu, n, similarity, seed) => similarClips(model, mu, n, similarity, seed),
  };
}

/**
 * The posteriors of clips: encoded, or known where there is no encoder.
 * @param {Network} network
 * @param {ModelConverter} converter
 * @param {{ clip: ClipJson, mu: number[], sigma: number[] }[]} packed
 */
function createPosteriors(network, converter, packed) {
  const known = new Map(packed.map(({ clip, mu, sigma }) => [keyOf(clipFromJson(clip)), { mu, sigma }]));
  return {
    /**
     * @param {Clip[]} clips
     * @returns {Posterior}
     */
    encode(clips) {
      clips.forEach((clip) => converter.check(clip, "A loop"));
      if (network.canEncode) return encodeClips(network, converter, clips);
      const found = clips.map((clip) => known.get(keyOf(clip)));
      if (found.includes(undefined)) throw new RangeError(NO_ENCODER);
      const joined = (/** @type {"mu" | "sigma"} */ part) => Float32Array.from(found.flatMap((each) => each?.[part] ?? []));
      return { mu: joined("mu"), sigma: joined("sigma") };
    },
  };
}

/** @param {Clip} clip */
const keyOf = ({ steps, notes }) => JSON.stringify([steps, notes.map(({ step, pitch, stream }) => [step, pitch, stream])]);
