// A model in the page: its weights in the engine's memory, and what is asked of it.
/** @import { Memory } from "./memory.js" */
/** @import { WeightsMeta } from "./weights.js" */
/** @import { CellKind } from "./cells.js" */
/** @import { NumberCondition } from "./conditions.js" */
/** @import { Core } from "./decoder.js" */
/** @import { Drawing } from "./heads/head.js" */
/** @import { Bidirectional } from "./encoder.js" */
/** @import { Linear } from "./stack.js" */
import { conduct, decodeCore, readCore } from "./decoder.js";
import { embed, readEncoder } from "./encoder.js";
import { buildHeads } from "./heads/build.js";
import { multiplyArray } from "./matrix.js";
import { readLinear, readStack } from "./stack.js";
import { Weights } from "./weights.js";

const BATCH = 16; // sequences that are decoded together; more are not faster, and take more memory

/**
 * The sizes of a model, as models/config.py has them.
 * @typedef {object} NetworkMeta
 * @property {string} name
 * @property {number} steps
 * @property {number} z_size
 * @property {number} input_depth
 * @property {number} output_depth
 * @property {number} control_depth
 * @property {number[]} encoder_levels
 * @property {number[]} decoder_levels
 * @property {number[]} enc_rnn_size
 * @property {number[]} dec_rnn_size
 * @property {string} head
 * @property {number[]} output_depths
 * @property {boolean} separate_decoders
 * @property {number} expression_weight
 * @property {number} nade_hidden
 * @property {CellKind} cell
 * @property {boolean} deterministic
 * @property {number} gibbs_steps    that refine a sampled z, without a learned prior
 * @property {number} max_attempts   at a sample while it is silent or static
 * @property {NumberCondition[]} [conditions]   features that are the last numbers of z
 */

/** @typedef {{ config: NetworkMeta, weights: WeightsMeta }} ModelMeta */

/**
 * @typedef {object} DecodeOptions
 * @property {number | null} [temperature]   null: arg-max
 * @property {Float32Array | null} [uniforms]  [n, steps, numUniforms] from 0 to below 1, needed with a temperature
 * @property {Float32Array | null} [controls]  [n, steps, control_depth], of a model with controls
 * @property {Float32Array | null} [given]     [n, steps, output_depth], of a groove: values that it must have, NaN where
 *   the model decides
 */

/**
 * @typedef {object} EncodeOptions
 * @property {ArrayLike<number> | null} [lengths]   valid steps of each sequence [n], or of each segment [n, segments]
 * @property {Float32Array | null} [controls]       [n, steps, control_depth], of a model with controls
 */

/**
 * A Gaussian over z for each sequence, both [n, z_size].
 * @typedef {{ mu: Float32Array<ArrayBuffer>, sigma: Float32Array<ArrayBuffer> }} Posterior
 */

/**
 * What decodes and encodes music: a network, or one with the latent space of a style (style.js).
 * @typedef {Pick<Network, "config" | "cores" | "tokenWidth" | "numUniforms" | "isClasses" | "canEncode" | "decode" | "encode">} MusicNetwork
 */

export class Network {
  /**
   * @param {Memory} memory
   * @param {ModelMeta} meta
   * @param {Uint8Array} matrices
   * @param {Uint8Array} vectors
   */
  constructor(memory, meta, matrices, vectors) {
    const { config } = meta;
    const weights = new Weights(meta.weights, matrices, vectors, memory);
    const layers = config.dec_rnn_size.length;
    this.memory = memory;
    this.config = config;
    this.conductor = config.decoder_levels.length ? readStack(config.cell, weights, "conductor", layers) : null;
    /** @type {Core[]} */
    this.cores = buildHeads(config, weights).map((head, k) =>
      readCore(config.cell, weights, `decoder.${k}`, layers, head),
    );
    this.tokenWidth = sum(this.cores.map(({ head }) => head.width)); // numbers of a step's token
    this.numUniforms = sum(this.cores.map(({ head }) => head.numUniforms)); // that a step's draw takes
    this.isClasses = this.cores[0].head.isClasses;
    this.canEncode = weights.has("mu");
    const levels = config.encoder_levels.length || 1;
    /** @type {Bidirectional[][]} */
    this.encoder = this.canEncode ? readEncoder(config.cell, weights, levels, config.enc_rnn_size.length) : [];
    /** @type {Linear | null} */
    this.mu = this.canEncode ? readLinear(weights, "mu") : null;
    /** @type {Linear | null} */
    this.sigma = weights.has("sigma") ? readLinear(weights, "sigma") : null;
  }

  /**
   * Encode frames [n, t, input_depth].
   * @param {Float32Array} frames
   * @param {number} count   of sequences
   * @param {EncodeOptions} [options]
   * @returns {Posterior}
   */
  encode(frames, count, { lengths = null, controls = null } = {}) {
    const { input_depth: width, control_depth: extra, encoder_levels: levels, z_size: size } = this.config;
    if (!this.mu) throw new Error(`${this.config.name} has no encoder here: it decodes, but cannot encode music.`);
    if (!count) return { mu: new Float32Array(0), sigma: new Float32Array(0) };
    const steps = frames.length / (count * width);
    if (!Number.isInteger(steps)) throw new Error(`Frames have ${width} numbers; got ${frames.length} in ${count}.`);
    if ((controls?.length ?? 0) !== count * steps * extra) {
      throw new Error(`The controls have ${extra} numbers a step; got ${controls?.length ?? 0}.`);
    }
    const inputs = controls ? sideBySide(frames, width, controls, extra) : frames;
    const sequences = { frames: inputs, count, steps, depth: width + extra };
    const segments = levels.slice(1).reduce((product, level) => product * level, 1);
    const valid = lengths && segmentLengths(lengths, count, segments);
    const embedding = embed(this.memory, this.encoder, sequences, levels.length ? levels : [steps], valid);
    /** @param {Linear} linear */
    const project = ({ matrix, bias }) =>
      firstColumns(multiplyArray(this.memory, embedding, matrix, bias), matrix.outputs, size);
    const mu = project(this.mu);
    const sigma = this.sigma ? project(this.sigma).map(softplus) : new Float32Array(mu.length);
    const free = size - (this.config.conditions?.length ?? 0); // what comes after is measured, not guessed
    return { mu, sigma: sigma.map((deviation, at) => (at % size < free ? deviation : 0)) };
  }

  /**
   * Decode z [n, z_size] to tokens [n, steps, tokenWidth]: class numbers (int32), or frames (float32).
   * @param {Float32Array} z
   * @param {DecodeOptions} [options]
   * @returns {Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>}
   */
  decode(z, { temperature = null, uniforms = null, controls = null, given = null } = {}) {
    const { steps, z_size: size, control_depth: depth } = this.config;
    const count = z.length / size;
    if (!Number.isInteger(count)) throw new Error(`z has ${size} numbers for each sequence; got ${z.length}.`);
    if (temperature !== null && uniforms?.length !== count * steps * this.numUniforms) {
      throw new Error(`Drawing takes ${this.numUniforms} uniform numbers a step; got ${uniforms?.length}.`);
    }
    if ((controls?.length ?? 0) !== count * steps * depth) {
      throw new Error(`The controls have ${depth} numbers a step; got ${controls?.length ?? 0}.`);
    }
    const width = steps * this.tokenWidth;
    if (given && (this.config.head !== "groove" || given.length !== count * width)) {
      throw new Error(`Values are given for grooves, ${width} numbers for each; got ${given.length}.`);
    }
    const tokens = this.isClasses ? new Int32Array(count * width) : new Float32Array(count * width);
    for (let start = 0; start < count; start += BATCH) {
      const stop = Math.min(start + BATCH, count);
      /** @param {Float32Array} all */
      const own = (all) => all.subarray((start * all.length) / count, (stop * all.length) / count);
      const drawing = temperature !== null && uniforms ? { temperature, uniforms: own(uniforms) } : null;
      const part = this.decodeBatch(own(z), stop - start, drawing, controls && own(controls), given && own(given));
      tokens.set(part, start * width);
    }
    return tokens;
  }

  /**
   * @param {Float32Array} z
   * @param {number} count
   * @param {{ temperature: number, uniforms: Float32Array } | null} drawn
   * @param {Float32Array | null} conditions
   * @param {Float32Array | null} values
   */
  decodeBatch(z, count, drawn, conditions, values) {
    const { memory, tokenWidth, numUniforms } = this;
    const { steps, z_size: size, control_depth: depth, decoder_levels: levels } = this.config;
    const [segments, segmentSteps] = levels.length ? levels : [1, steps];
    return memory.borrow(() => {
      const rows = memory.copyIn(z, size);
      const embeddings = this.conductor ? conduct(memory, this.conductor, rows, count, segments) : [rows];
      /** @type {Drawing | null} */
      const drawing = drawn && { ...drawn, uniforms: memory.copyIn(drawn.uniforms, steps * numUniforms) };
      const controls = conditions && memory.copyIn(conditions, steps * depth);
      const given = values && memory.copyIn(values, steps * tokenWidth);
      const tokens = memory.rows(count, steps * tokenWidth);
      const batch = { count, segmentSteps, embeddings, tokens, width: tokenWidth, drawing, numUniforms, controls, given };
      let [column, uniformColumn] = [0, 0];
      for (const core of this.cores) {
        memory.borrow(() => decodeCore(memory, core, batch, column, uniformColumn));
        column += core.head.width;
        uniformColumn += core.head.numUniforms;
      }
      const length = count * steps * tokenWidth;
      return (this.isClasses ? memory.integers(tokens, length) : memory.floats(tokens, length)).slice();
    });
  }
}

/**
 * Frames with the controls of each beside it.
 * @param {Float32Array} frames
 * @param {number} width
 * @param {Float32Array} controls
 * @param {number} extra
 */
function sideBySide(frames, width, controls, extra) {
  const out = new Float32Array(frames.length + controls.length);
  for (let row = 0; row < frames.length / width; row++) {
    out.set(frames.subarray(row * width, (row + 1) * width), row * (width + extra));
    out.set(controls.subarray(row * extra, (row + 1) * extra), row * (width + extra) + width);
  }
  return out;
}

/**
 * The lengths of all segments: those of whole sequences are divided evenly.
 * @param {ArrayLike<number>} lengths
 * @param {number} count
 * @param {number} segments
 */
function segmentLengths(lengths, count, segments) {
  if (lengths.length === count * segments) return lengths;
  if (lengths.length !== count) throw new Error(`There are ${count * segments} segments, but ${lengths.length} lengths.`);
  return Array.from({ length: count * segments }, (_, k) => lengths[Math.floor(k / segments)] / segments);
}

/**
 * @param {Float32Array} rows   [n, stride]
 * @param {number} stride
 * @param {number} columns
 */
function firstColumns(rows, stride, columns) {
  const out = new Float32Array((rows.length / stride) * columns);
  for (let row = 0; row < rows.length / stride; row++) {
    out.set(rows.subarray(row * stride, row * stride + columns), row * columns);
  }
  return out;
}

/** log(1 + exp(x)), without overflow. @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
