// A style in the page: a few dimensions for the latent vectors of a model, as models/style.py and style_prior.py have it.
/** @import { Memory } from "./memory.js" */
/** @import { FlowOptions } from "./flow.js" */
/** @import { MusicNetwork, Network, Posterior } from "./network.js" */
/** @import { PriorMeta } from "./velocity.js" */
/** @import { WeightsMeta } from "./weights.js" */
import { Flow } from "./flow.js";
import { Weights } from "./weights.js";

/** @typedef {{ size: number, z_size: number, width: number, similarity: number, weights: WeightsMeta }} StyleMeta */
/** @typedef {{ weight: Float32Array, bias: Float32Array | null }} Layer */

export class Style {
  /**
   * @param {Memory} memory
   * @param {StyleMeta} meta
   * @param {Uint8Array} vectors
   */
  constructor(memory, meta, vectors) {
    const { size, z_size, width } = meta;
    const weights = new Weights(meta.weights, new Uint8Array(0), vectors, memory);
    const read = (/** @type {string} */ name, /** @type {number} */ count) => memory.floats(weights.vector(name), count).slice();
    /** @returns {Layer} */
    const layer = (/** @type {string} */ name, /** @type {number} */ inputs, /** @type {number} */ outputs, hasBias = true) => ({
      weight: read(`${name}.weight`, inputs * outputs),
      bias: hasBias ? read(`${name}.bias`, outputs) : null,
    });
    this.size = size;
    this.zSize = z_size;
    this.similarity = meta.similarity;
    this.mean = read("mean", z_size);
    this.scale = read("scale", 1)[0];
    this.logRest = read("log_rest", z_size);
    this.hidden = layer("hidden", z_size, width);
    this.mu = layer("mu", width, size);
    this.logSigma = layer("log_sigma", width, size);
    this.straight = layer("straight", size, z_size);
    this.bend = layer("bend", size, width);
    this.bent = layer("bent", width, z_size, false);
  }

  /**
   * Encode latent vectors [n, z_size] to places of the style [n, size].
   * @param {Float32Array} z
   * @returns {Posterior}
   */
  encode(z) {
    const { mean, scale, zSize } = this;
    const hidden = product(z.map((number, k) => (number - mean[k % zSize]) / scale), this.hidden, zSize).map(silu);
    const width = this.bend.bias?.length ?? 0;
    return { mu: product(hidden, this.mu, width), sigma: product(hidden, this.logSigma, width).map(Math.exp) };
  }

  /**
   * The latent vectors [n, z_size] that places [n, size] stand for.
   * @param {Float32Array} places
   */
  decode(places) {
    const { mean, scale, size, zSize, straight, bend, bent } = this;
    const curve = product(product(places, bend, size).map(silu), bent, bend.bias?.length ?? 0);
    return product(places, straight, size).map((number, k) => (number + curve[k]) * scale + mean[k % zSize]);
  }
}

/**
 * A network whose latent space is that of a style.
 * @param {Network} network
 * @param {Style} style
 * @returns {MusicNetwork}
 */
export function networkOfStyle(network, style) {
  const { cores, tokenWidth, numUniforms, isClasses, canEncode } = network;
  return {
    ...{ cores, tokenWidth, numUniforms, isClasses, canEncode },
    config: { ...network.config, z_size: style.size, gibbs_steps: 0, conditions: [] },
    decode: (z, options) => network.decode(style.decode(z), options),
    encode: (frames, count, options) => style.encode(network.encode(frames, count, options).mu),
  };
}

/** A prior whose samples are in a style: places of it, completed by the learned prior of the model that it belongs to. */
export class StylePrior extends Flow {
  /**
   * @param {Memory} memory
   * @param {PriorMeta} meta
   * @param {Uint8Array} matrices
   * @param {Uint8Array} vectors
   * @param {Style} style
   */
  constructor(memory, meta, matrices, vectors, style) {
    super(memory, meta, matrices, vectors);
    this.style = style;
  }

  /** Standard normal numbers that a sample is made of: its place in the style, then what is open. */
  get noiseSize() {
    return this.style.size + this.size;
  }

  /**
   * @override
   * @param {Float32Array} noise   [n, noiseSize]
   * @param {FlowOptions} [options]
   */
  sample(noise, options) {
    const { style, size, mean, std } = this;
    const time = style.similarity;
    const count = noise.length / this.noiseSize;
    const [places, rest] = [new Float32Array(count * style.size), new Float32Array(count * size)];
    for (let row = 0; row < count; row++) {
      const own = noise.subarray(row * this.noiseSize, (row + 1) * this.noiseSize);
      places.set(own.subarray(0, style.size), row * style.size);
      rest.set(own.subarray(style.size), row * size);
    }
    // The sum of two kinds of noise: around the place, and of the flow at this time.
    const deviation = style.logRest.map((log, k) => Math.hypot((time * Math.exp(log) * style.scale) / std[k], 1 - time));
    const vectors = style.decode(places);
    const mixture = vectors.map((number, k) => (time * (number - mean[k % size])) / std[k % size] + deviation[k % size] * rest[k]);
    return this.toMusic(this.transport(mixture, time, 1, options));
  }
}

/** @param {number} x */
const silu = (x) => x / (1 + Math.exp(-x));

/**
 * x weight^T + bias, summed in doubles.
 * @param {Float32Array} x   [n, inputs]
 * @param {Layer} layer      whose weight is [outputs, inputs]
 * @param {number} inputs
 * @returns {Float32Array<ArrayBuffer>}   [n, outputs]
 */
function product(x, { weight, bias }, inputs) {
  const outputs = weight.length / inputs;
  const out = new Float32Array((x.length / inputs) * outputs);
  for (let at = 0; at < out.length; at++) {
    const [row, output] = [Math.floor(at / outputs), at % outputs];
    let sum = bias ? bias[output] : 0;
    for (let k = 0; k < inputs; k++) sum += x[row * inputs + k] * weight[output * inputs + k];
    out[at] = sum;
  }
  return out;
}
