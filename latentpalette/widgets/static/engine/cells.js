// Recurrent layers: their weights, and one step of some rows.
/** @import { Memory, Rows } from "./memory.js" */
/** @import { Matrix } from "./matrix.js" */
/** @import { Weights } from "./weights.js" */
import { multiply } from "./matrix.js";

/** @typedef {"lstm" | "gru"} CellKind */

/**
 * @typedef {object} Layer
 * @property {CellKind} kind
 * @property {Matrix | null} fromInput   [inputs, gates]; null where the input is the decoder's own, or none
 * @property {Rows} bias
 * @property {Matrix} fromState          [units, gates]
 * @property {Rows | null} stateBias     of a GRU, whose reset gate needs the state's share apart
 * @property {number} units              padded
 * @property {number} gates              numbers of all gates
 */

/**
 * A layer with the state of some rows.
 * @typedef {object} Cell
 * @property {Rows | null} c   what an LSTM keeps beside its output
 * @property {(gates: Rows, h: Rows, next: Rows) => void} step
 *   `gates` holds what the input gives, row after row, and is overwritten. `h` is the output of the step before, `next`
 *   takes the new one; they may be the same.
 */

const GATES = { lstm: 4, gru: 3 };

/**
 * @param {CellKind} kind
 * @param {Weights} weights
 * @param {string} name
 * @returns {Layer}
 */
export function readLayer(kind, weights, name) {
  const fromState = weights.matrix(`${name}.state`);
  return {
    kind,
    fromInput: weights.has(`${name}.input`) ? weights.matrix(`${name}.input`) : null,
    bias: weights.vector(`${name}.bias`),
    fromState,
    stateBias: kind === "gru" ? weights.vector(`${name}.state_bias`) : null,
    units: fromState.outputs / GATES[kind],
    gates: fromState.outputs,
  };
}

/**
 * @param {Memory} memory
 * @param {Layer} layer
 * @param {number} count   of rows
 * @returns {Cell}         whose c is zeros
 */
export function createCell(memory, { fromState, stateBias, units, gates: width }, count) {
  const { kernels } = memory;
  if (stateBias) {
    const fromH = memory.rows(count, width);
    return {
      c: null,
      step(gates, h, next) {
        multiply(memory, count, h, fromState, stateBias, fromH);
        kernels.gru(next.pointer, next.stride, h.pointer, h.stride, gates.pointer, fromH.pointer, count, units);
      },
    };
  }
  const c = memory.rows(count, units);
  return {
    c,
    step(gates, h, next) {
      multiply(memory, count, h, fromState, gates, gates);
      kernels.lstm(next.pointer, next.stride, c.pointer, gates.pointer, count, units);
    },
  };
}
