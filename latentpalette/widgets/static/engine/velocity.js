// The velocity field of a learned prior, as models/flow.py has it: that of a Gaussian's flow, corrected by a residual MLP.
/** @import { Memory, Rows } from "./memory.js" */
/** @import { Matrix } from "./matrix.js" */
/** @import { WeightsMeta } from "./weights.js" */
/** @import { Condition } from "./conditions.js" */
import { multiply, multiplyArray } from "./matrix.js";
import { padded, skip } from "./memory.js";
import { Weights } from "./weights.js";

/** @typedef {{ z_size: number, width: number, blocks: number, conditions: Condition[], weights: WeightsMeta }} PriorMeta */

/** @typedef {{ matrix: Matrix, bias: Float32Array<ArrayBuffer>, norm: Norm }} Block */
/** @typedef {{ weight: Float32Array<ArrayBuffer>, bias: Float32Array<ArrayBuffer> }} Norm */

const EPSILON = 1e-5; // of torch's layer norm

export class VelocityField {
  /**
   * @param {Memory} memory
   * @param {PriorMeta} meta
   * @param {Uint8Array} matrices
   * @param {Uint8Array} vectors
   */
  constructor(memory, { z_size, width, blocks, weights: meta }, matrices, vectors) {
    const weights = new Weights(meta, matrices, vectors, memory);
    const sizes = new Map(meta.vectors.map(({ name, size }) => [name, size]));
    const vector = (/** @type {string} */ name) => memory.floats(weights.vector(name), sizes.get(name) ?? 0).slice();
    const norm = (/** @type {string} */ name) => ({ weight: vector(`${name}.weight`), bias: vector(`${name}.bias`) });
    this.memory = memory;
    this.size = z_size;
    this.width = width;
    this.weights = weights;
    this.vector = vector;
    this.input = { matrix: weights.matrix("input"), bias: vector("input.bias") };
    this.output = { matrix: weights.matrix("output"), bias: weights.vector("output.bias"), norm: norm("output_norm") };
    /** @type {Block[]} */
    this.blocks = Array.from({ length: blocks }, (_, k) => ({
      matrix: weights.matrix(`layer.${k}`),
      bias: vector(`layer.${k}.bias`),
      norm: norm(`norm.${k}`),
    }));
    this.variance = vector("variance");
    this.frequencies = vector("frequencies");
  }

  /**
   * What the network reads of a time, and of what is asked for.
   * @param {number} time                       0 to 1
   * @param {Float32Array | null} [conditions]  columns
   * @returns {Float32Array<ArrayBuffer>}       [width]
   */
  embed(time, conditions = null) {
    const phases = this.frequencies.map((frequency) => time * frequency);
    const waves = Float32Array.from([...phases.map(Math.sin), ...phases.map(Math.cos)]);
    const { memory, weights } = this;
    return memory.borrow(() => {
      const embedding = multiplyArray(memory, waves, weights.matrix("time"), weights.vector("time.bias"));
      if (!conditions) return embedding;
      return multiplyArray(memory, conditions, weights.matrix("condition"), memory.copyIn(embedding, 0));
    });
  }

  /**
   * The velocities of some vectors at one time.
   * @param {Float32Array} z          [count, size]
   * @param {number} time             0 to 1
   * @param {Float32Array} embedding  of that time; see `embed`
   * @returns {Float32Array<ArrayBuffer>}   [count, size]
   */
  at(z, time, embedding) {
    const { memory, size, width, variance, input, output, blocks } = this;
    const count = z.length / size;
    const spread = variance.map((number) => Math.sqrt(time * time * number + (1 - time) ** 2));
    return memory.borrow(() => {
      const rowWidth = padded(width);
      const x = memory.copyIn(z.map((number, k) => number / spread[k % size]), size);
      const start = memory.copyIn(input.bias.map((number, k) => number + embedding[k]), 0);
      const hidden = memory.rows(count, rowWidth);
      const normed = memory.rows(count, rowWidth);
      const gates = memory.rows(count, rowWidth);
      const correction = memory.rows(count, output.matrix.outputs);
      multiply(memory, count, x, input.matrix, start, hidden);
      for (const { matrix, bias, norm } of blocks) {
        this.normalize(hidden, normed, count, norm, embedding, bias);
        memory.kernels.sigmoids(gates.pointer, normed.pointer, count * rowWidth);
        weigh(memory.floats(normed, count * rowWidth), memory.floats(gates, count * rowWidth));
        multiply(memory, count, normed, matrix, hidden, hidden);
      }
      this.normalize(hidden, normed, count, output.norm);
      multiply(memory, count, normed, output.matrix, output.bias, correction);
      const corrections = memory.floats(correction, count * output.matrix.outputs);
      const velocity = new Float32Array(z.length);
      for (let row = 0, at = 0; row < count; row++) {
        for (let k = 0; k < size; k++, at++) {
          const known = ((time * variance[k] - (1 - time)) / spread[k] ** 2) * z[at];
          velocity[at] = known + (corrections[row * output.matrix.outputs + k] * Math.sqrt(variance[k])) / spread[k];
        }
      }
      return velocity;
    });
  }

  /**
   * The layer norm of rows, plus a vector.
   * @param {Rows} from
   * @param {Rows} to
   * @param {number} count
   * @param {Norm} norm
   * @param {Float32Array} [added]
   * @param {Float32Array} [bias]   added to `from` itself: that of the layer which leads back to it
   */
  normalize(from, to, count, { weight, bias: offset }, added, bias) {
    const { memory, width } = this;
    const offsets = added ? offset.map((number, k) => number + added[k]) : offset;
    for (let row = 0; row < count; row++) {
      const numbers = memory.floats(skip(from, row * from.stride), width);
      const out = memory.floats(skip(to, row * to.stride), width);
      let [sum, squares] = [0, 0]; // in doubles, which hold the squares of float32 exactly
      for (let k = 0; k < width; k++) {
        const number = numbers[k];
        sum += number;
        squares += number * number;
      }
      const mean = sum / width;
      const scale = 1 / Math.sqrt(Math.max(0, squares / width - mean * mean) + EPSILON);
      for (let k = 0; k < width; k++) out[k] = (numbers[k] - mean) * scale * weight[k] + offsets[k];
      if (bias) for (let k = 0; k < width; k++) numbers[k] += bias[k];
    }
  }
}

/**
 * @param {Float32Array} numbers
 * @param {Float32Array} factors
 */
function weigh(numbers, factors) {
  for (let k = 0; k < numbers.length; k++) numbers[k] *= factors[k];
}
