// A model of the page as its instruments use it: clips in, clips out.
/** @import { Clip, ClipJson, EngineMusic, ModelConverter, PackedModel, Posterior } from "../../types.js" */
/** @import { ModelMeta, MusicNetwork } from "../network.js" */
/** @import { Model } from "../sampling.js" */

import { readLoops } from "../../files/fileloops.js";
import { clipFromJson } from "../../state/clip.js";
import { createConverter } from "../converters/registry.js";
import { encodeClips } from "../encoding.js";
import { Flow } from "../flow.js";
import { blendCorners, blendEnds, blendPoints } from "../interpolation.js";
import { startMemory } from "../memory.js";
import { Network } from "../network.js";
import { decodeInParts, rowsOfPart } from "../parts.js";
import { normPercentiles, samplePercentiles } from "../percentiles.js";
import { sampleClips, similarClips } from "../sampling.js";
import { Style, StylePrior, networkOfStyle } from "../style.js";
import { fromPageText } from "./text.js";

const NO_ENCODER =
  'This page carries the decoder alone: it plays its own corners and what it samples. Write it with model="full" to edit music, too.';

/**
 * Open a model that a page carries (widgets/page_model.py).
 * @param {Uint8Array<ArrayBuffer>} kernels
 * @param {PackedModel} packed
 * @returns {Promise<EngineMusic>}
 */
export async function openPageModel(kernels, packed) {
  const { model, sampler, placeOf } = await openModel(kernels, packed).catch((problem) => {
    throw new Error(`This browser cannot run the model of this page (${problem.message}). Try a newer one.`);
  });
  const { network, converter, flow } = model;
  const posteriors = createPosteriors(network, converter, packed.meta.known);
  const { steps } = converter;
  const { streams } = packed.meta.converter;
  const zSize = network.config.z_size;

  return {
    model,
    steps,
    zSize,
    streams,
    rowsOfPart: rowsOfPart(network),
    encode: posteriors.encode,
    *decode(z) {
      const tokens = yield* decodeInParts(network, z);
      return Array.from({ length: z.length / zSize }, (_, index) => converter.clip(tokens, index));
    },
    check: converter.check,
    blendCorners: (corners, size, interpolation) => blendCorners(corners, size, interpolation, flow),
    blendPoints: (corners, points, interpolation) => blendPoints(corners, points, interpolation, flow),
    blendEnds: (ends, positions, interpolation) => blendEnds(ends, positions, interpolation, flow),
    percentiles(z, sigma, size) {
      if (flow) return samplePercentiles(z, zSize, flow.sampleNorms);
      const variance = blendCorners(sigma.map((deviation) => deviation ** 2), size, "lerp", null);
      return normPercentiles(z, variance, zSize);
    },
    *sample(n, options) {
      const places = new Map();
      const clips = yield* sampleClips(sampler, n, { ...options, places });
      for (const clip of clips) posteriors.learn(clip, placeOf(places.get(clip)));
      return clips;
    },
    readLoops: (file, name, track) => readLoops(converter, file, name, track),
    similar: (mu, n, similarity, seed) => similarClips(model, mu, n, similarity, seed),
  };
}

/**
 * @param {Uint8Array<ArrayBuffer>} kernels
 * @param {PackedModel} packed
 * @returns {Promise<{ model: Model, sampler: Model, placeOf: (z: Float32Array<ArrayBuffer>) => Float32Array }>}   what draws samples:
 *   that of a style is the model it is based on; and the place of its z in the space of the model
 */
async function openModel(kernels, { meta, weights }) {
  const [matrices, vectors, ...more] = await Promise.all(
    weights.map(({ bytes, text = "", width }) => bytes ?? fromPageText(text, width)),
  );
  const memory = await startMemory(kernels);
  const network = new Network(memory, /** @type {ModelMeta} */ (meta.network), matrices, vectors);
  const converter = createConverter(meta.converter);
  if (!meta.style) {
    const model = { network, converter, flow: meta.prior && new Flow(memory, meta.prior, more[0], more[1]) };
    return { model, sampler: model, placeOf: (z) => z };
  }
  const style = new Style(memory, meta.style, more[2]);
  const flow = new StylePrior(memory, meta.prior, more[0], more[1], style);
  return {
    model: { network: networkOfStyle(network, style), converter, flow: null },
    sampler: { network, converter, flow },
    placeOf: (z) => style.encode(z).mu,
  };
}

/**
 * The posteriors of clips: encoded, or known where there is no encoder. Those of samples are the places where they were
 * drawn.
 * @param {MusicNetwork} network
 * @param {ModelConverter} converter
 * @param {{ clip: ClipJson, mu: number[], sigma: number[] }[]} packed
 */
function createPosteriors(network, converter, packed) {
  const known = new Map(packed.map(({ clip, mu, sigma }) => [keyOf(clipFromJson(clip)), { mu, sigma }]));
  return {
    /**
     * Know a sample from now on.
     * @param {Clip} clip
     * @param {ArrayLike<number>} place
     */
    learn(clip, place) {
      const sigma = packed[0]?.sigma ?? []; // as sure as of the music that the page came with
      if (!network.canEncode) known.set(keyOf(clip), { mu: Array.from(place), sigma });
    },
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
