// A file of weights (widgets/engine_weights.py) unpacked into the engine's memory, as float32.
/** @import { Memory, Rows } from "./memory.js" */
/** @import { Matrix } from "./matrix.js" */
import { PANEL, padded } from "./memory.js";

/**
 * What engine_weights.py says of each tensor, in the order of their bytes. Outputs of a matrix are in blocks (the gates
 * of a cell, the streams of a head), each padded to whole panels.
 * @typedef {{ name: string, inputs: number, blocks: number[] }} MatrixMeta
 * @typedef {{ name: string, size: number }} VectorMeta
 * @typedef {{ numbers: "float16" | "int8", matrices: MatrixMeta[], vectors: VectorMeta[] }} WeightsMeta
 */

export class Weights {
  /**
   * @param {WeightsMeta} meta
   * @param {Uint8Array} matrices   float16 or int8, one matrix after the other
   * @param {Uint8Array} vectors    float32: biases, and the scales of int8
   * @param {Memory} memory
   */
  constructor(meta, matrices, vectors, memory) {
    /** @type {Map<string, Matrix>} */
    this.matrices = new Map();
    /** @type {Map<string, Rows>} */
    this.vectors = new Map();
    let offset = 0;
    for (const { name, size } of meta.vectors) {
      const bytes = new Uint8Array(vectors.subarray(offset, offset + 4 * size)); // a copy, whose numbers are aligned
      if (bytes.length < 4 * size) throw new Error(`The weights end before ${name} does.`);
      this.vectors.set(name, memory.copyIn(new Float32Array(bytes.buffer), 0));
      offset += 4 * size;
    }
    offset = 0;
    for (const { name, inputs, blocks } of meta.matrices) {
      const outputs = blocks.reduce((sum, block) => sum + padded(block), 0);
      const bytes = inputs * outputs * (meta.numbers === "int8" ? 1 : 2);
      const packed = matrices.subarray(offset, offset + bytes);
      if (packed.length < bytes) throw new Error(`The weights end before ${name} does.`);
      const pointer = memory.reserve(4 * inputs * outputs);
      const matrix = { pointer, inputs, outputs };
      memory.borrow(() => {
        const from = memory.reserve(bytes);
        new Uint8Array(memory.wasm.buffer, from, bytes).set(packed);
        const { widen_int8, widen_float16 } = memory.kernels;
        if (meta.numbers === "int8") {
          widen_int8(pointer, from, this.vector(`${name}.scale`).pointer, inputs, outputs / PANEL);
        } else {
          widen_float16(pointer, from, inputs * outputs);
        }
      });
      this.matrices.set(name, matrix);
      offset += bytes;
    }
  }

  /** @param {string} name @returns {boolean} */
  has(name) {
    return this.matrices.has(name);
  }

  /** @param {string} name */
  matrix(name) {
    return found(this.matrices.get(name), name);
  }

  /**
   * A bias: one row for all (stride 0).
   * @param {string} name
   */
  vector(name) {
    return found(this.vectors.get(name), name);
  }
}

/**
 * @template Tensor
 * @param {Tensor | undefined} tensor
 * @param {string} name
 * @returns {Tensor}
 */
function found(tensor, name) {
  if (tensor === undefined) throw new Error(`The weights have no ${name}.`);
  return tensor;
}
