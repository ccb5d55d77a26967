// Recurrent layers whose first state is computed from an embedding: a decoder's, and the conductor's above it.
/** @import { Memory, Rows } from "./memory.js" */
/** @import { Matrix } from "./matrix.js" */
/** @import { Weights } from "./weights.js" */
/** @import { CellKind, Layer } from "./cells.js" */
import { createCell, readLayer } from "./cells.js";
import { multiply } from "./matrix.js";

/**
 * @typedef {{ matrix: Matrix, bias: Rows }} Linear
 * @typedef {{ layer: Layer, initialH: Linear, initialC: Linear | null }} StackLayer
 */

/**
 * @param {Weights} weights
 * @param {string} name
 * @returns {Linear}
 */
export const readLinear = (weights, name) => ({
  matrix: weights.matrix(name),
  bias: weights.vector(`${name}.bias`),
});

/**
 * @param {CellKind} kind
 * @param {Weights} weights
 * @param {string} name
 * @param {number} layers
 * @returns {StackLayer[]}
 */
export const readStack = (kind, weights, name, layers) =>
  Array.from({ length: layers }, (_, k) => ({
    layer: readLayer(kind, weights, `${name}.${k}`),
    initialH: readLinear(weights, `${name}.${k}.initial_h`),
    initialC: kind === "lstm" ? readLinear(weights, `${name}.${k}.initial_c`) : null,
  }));

/**
 * A stack at work on some rows.
 * @typedef {object} Stack
 * @property {Rows} gates   of the first layer: the caller writes what its input gives
 * @property {Rows} top     the last layer's output
 * @property {(embedding: Rows) => void} start
 * @property {() => void} step
 */

/**
 * @param {Memory} memory
 * @param {StackLayer[]} layers
 * @param {number} count   of rows
 * @returns {Stack}
 */
export function createStack(memory, layers, count) {
  const states = layers.map(({ layer }) => ({
    gates: memory.rows(count, layer.gates),
    h: memory.rows(count, layer.units),
    cell: createCell(memory, layer, count),
  }));
  /** @param {Linear} linear @param {Rows} embedding @param {Rows} out */
  const initialize = ({ matrix, bias }, embedding, out) => {
    multiply(memory, count, embedding, matrix, bias, out);
    memory.kernels.tanhs(out.pointer, out.pointer, count * matrix.outputs);
  };
  return {
    gates: states[0].gates,
    top: states[states.length - 1].h,
    start(embedding) {
      for (const [k, { initialH, initialC }] of layers.entries()) {
        const { h, cell } = states[k];
        initialize(initialH, embedding, h);
        if (initialC && cell.c) initialize(initialC, embedding, cell.c);
      }
    },
    step() {
      for (const [k, { layer }] of layers.entries()) {
        const { gates, h, cell } = states[k];
        if (k && layer.fromInput) multiply(memory, count, states[k - 1].h, layer.fromInput, layer.bias, gates);
        cell.step(gates, h, h);
      }
    },
  };
}
