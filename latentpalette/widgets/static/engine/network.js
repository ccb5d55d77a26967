// A model in the page: its weights in the engine's memory, and what is asked of it.
/** @import { Memory } from "./memory.js" */
/** @import { WeightsMeta } from "./weights.js" */
/** @import { CellKind } from "./cells.js" */
/** @import { Core } from "./decoder.js" */
/** @import { Drawing } from "./heads/head.js" */
import { conduct, decodeCore, readCore } from "./decoder.js";
import { buildHeads } from "./heads/build.js";
import { readStack } from "./stack.js";
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
 * @property {number} nade_hidden
 * @property {CellKind} cell
 * @property {boolean} deterministic
 */

/** @typedef {{ config: NetworkMeta, weights: WeightsMeta }} ModelMeta */

/**
 * @typedef {object} DecodeOptions
 * @property {number | null} [temperature]   null: arg-max
 * @property {Float32Array | null} [uniforms]  [n, steps, numUniforms] from 0 to below 1, needed with a temperature
 * @property {Float32Array | null} [controls]  [n, steps, control_depth], of a model with controls
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
  }

  /**
   * Decode z [n, z_size] to tokens [n, steps, tokenWidth]: class numbers (int32), or frames (float32).
   * @param {Float32Array} z
   * @param {DecodeOptions} [options]
   * @returns {Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>}
   */
  decode(z, { temperature = null, uniforms = null, controls = null } = {}) {
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
    const tokens = this.isClasses ? new Int32Array(count * width) : new Float32Array(count * width);
    for (let start = 0; start < count; start += BATCH) {
      const stop = Math.min(start + BATCH, count);
      /** @param {Float32Array} all */
      const own = (all) => all.subarray((start * all.length) / count, (stop * all.length) / count);
      const drawing = temperature !== null && uniforms ? { temperature, uniforms: own(uniforms) } : null;
      const part = this.decodeBatch(own(z), stop - start, drawing, controls && own(controls));
      tokens.set(part, start * width);
    }
    return tokens;
  }

  /**
   * @param {Float32Array} z
   * @param {number} count
   * @param {{ temperature: number, uniforms: Float32Array } | null} drawn
   * @param {Float32Array | null} given
   */
  decodeBatch(z, count, drawn, given) {
    const { memory, tokenWidth, numUniforms } = this;
    const { steps, z_size: size, control_depth: depth, decoder_levels: levels } = this.config;
    const [segments, segmentSteps] = levels.length ? levels : [1, steps];
    return memory.borrow(() => {
      const rows = memory.copyIn(z, size);
      const embeddings = this.conductor ? conduct(memory, this.conductor, rows, count, segments) : [rows];
      /** @type {Drawing | null} */
      const drawing = drawn && { ...drawn, uniforms: memory.copyIn(drawn.uniforms, steps * numUniforms) };
      const controls = given && memory.copyIn(given, steps * depth);
      const tokens = memory.rows(count, steps * tokenWidth);
      const batch = { count, segmentSteps, embeddings, tokens, width: tokenWidth, drawing, numUniforms, controls };
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

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
