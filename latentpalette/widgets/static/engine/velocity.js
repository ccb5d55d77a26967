// The velocity field of a learned prior, as models/flow.py has it: that of a Gaussian's flow, corrected by a residual MLP.
/** @import { Memory, Rows } from "./memory.js" */
/** @import { Matrix } from "./matrix.js" */
/** @import { Weights, WeightsMeta } from "./weights.js" */
/** @import { Condition } from "./conditions.js" */
import { multiply, multiplyArray } from "./matrix.js";
import { padded } from "./memory.js";

/** @typedef {{ width: number, blocks: number }} FieldSizes */
/**
 * @typedef {FieldSizes & { weight?: number }} WeakerMeta   and the weight of the field that it guides
 * @typedef {FieldSizes & { z_size: number, weaker: WeakerMeta | null, conditions: Condition[], weights: WeightsMeta }} PriorMeta
 */

/** @typedef {{ weight: Rows, bias: Float32Array<ArrayBuffer> }} Norm */
/** @typedef {{ matrix: Matrix, bias: Rows, norm: Norm }} Product   of a layer norm of its input */

export class VelocityField {
  /**
   * @param {Memory} memory
   * @param {Weights} weights
   * @param {(name: string) => Float32Array<ArrayBuffer>} read   the numbers of a vector of the weights
   * @param {FieldSizes & { z_size: number }} sizes
   * @param {string} [prefix]   of the names of its weights
   */
  constructor(memory, weights, read, { z_size, width, blocks }, prefix = "") {
    const vector = (/** @type {string} */ name) => read(prefix + name);
    /** @returns {Product} */
    const product = (/** @type {string} */ name, /** @type {string} */ norm) => ({
      matrix: weights.matrix(prefix + name),
      bias: weights.vector(`${prefix}${name}.bias`),
      norm: { weight: weights.vector(`${prefix}${norm}.weight`), bias: vector(`${norm}.bias`) },
    });
    this.memory = memory;
    this.size = z_size;
    this.width = width;
    this.time = { matrix: weights.matrix(`${prefix}time`), bias: weights.vector(`${prefix}time.bias`) };
    this.condition = weights.has(`${prefix}condition`) ? weights.matrix(`${prefix}condition`) : null;
    this.input = { matrix: weights.matrix(`${prefix}input`), bias: vector("input.bias") };
    this.blocks = Array.from({ length: blocks }, (_, k) => product(`layer.${k}`, `norm.${k}`));
    this.output = product("output", "output_norm");
    this.variance = vector("variance");
    this.frequencies = read("frequencies");
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
    const { memory, condition } = this;
    return memory.borrow(() => {
      const embedding = multiplyArray(memory, waves, this.time.matrix, this.time.bias);
      if (!conditions || !condition) return embedding;
      return multiplyArray(memory, conditions, condition, memory.copyIn(embedding, 0));
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
    const { layer_norm } = memory.kernels;
    const count = z.length / size;
    const spread = variance.map((number) => Math.sqrt(time * time * number + (1 - time) ** 2));
    return memory.borrow(() => {
      const stride = padded(width);
      const x = memory.copyIn(z.map((number, k) => number / spread[k % size]), size);
      const start = memory.copyIn(sum(input.bias, embedding), 0);
      const hidden = memory.rows(count, stride);
      const normed = memory.rows(count, stride);
      const correction = memory.rows(count, output.matrix.outputs);
      const [from, to] = [hidden.pointer, normed.pointer];
      multiply(memory, count, x, input.matrix, start, hidden);
      for (const { matrix, bias, norm } of blocks) {
        const offset = memory.copyIn(sum(norm.bias, embedding), 0);
        layer_norm(to, from, stride, norm.weight.pointer, offset.pointer, bias.pointer, count, width);
        multiply(memory, count, normed, matrix, hidden, hidden);
      }
      const offset = memory.copyIn(output.norm.bias, 0);
      layer_norm(to, from, stride, output.norm.weight.pointer, offset.pointer, 0, count, width);
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
}

/**
 * @param {Float32Array<ArrayBuffer>} vector
 * @param {Float32Array} other   as long
 */
const sum = (vector, other) => vector.map((number, k) => number + other[k]);
