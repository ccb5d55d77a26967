// Matrices in panels, as kernels.c multiplies them, and the products with rows.
/** @import { Memory, Rows } from "./memory.js" */
import { PANEL } from "./memory.js";

/**
 * @typedef {object} Matrix
 * @property {number} pointer   [bytes]
 * @property {number} inputs
 * @property {number} outputs   with those that fill panels up
 */

/**
 * One panel of a matrix: 8 of its outputs.
 * @param {Matrix} matrix
 * @param {number} panel
 * @returns {Matrix}
 */
export const panelOf = ({ pointer, inputs }, panel) => ({
  pointer: pointer + 4 * PANEL * inputs * panel,
  inputs,
  outputs: PANEL,
});

/**
 * out = start + x matrix.
 * @param {Memory} memory
 * @param {number} count    of rows
 * @param {Rows} x          [count, inputs]
 * @param {Matrix} matrix
 * @param {Rows} start      [count, outputs]: other rows, a bias (stride 0), or `out` itself
 * @param {Rows} out        [count, outputs]
 */
export function multiply(memory, count, x, matrix, start, out) {
  memory.kernels.product(
    out.pointer,
    out.stride,
    start.pointer,
    start.stride,
    x.pointer,
    x.stride,
    matrix.pointer,
    count,
    matrix.inputs,
    matrix.outputs / PANEL,
  );
}

/**
 * out = start + the matrix's row of each token: the product with one-hot rows.
 * @param {Memory} memory
 * @param {number} count
 * @param {Rows} tokens     int32, counted from `first`
 * @param {Matrix} matrix
 * @param {Rows} start
 * @param {Rows} out
 * @param {number} [first]  the matrix's row of token 0
 */
export function lookUp(memory, count, tokens, matrix, start, out, first = 0) {
  memory.kernels.look_up(
    out.pointer,
    out.stride,
    start.pointer,
    start.stride,
    tokens.pointer,
    tokens.stride,
    matrix.pointer,
    count,
    matrix.inputs,
    matrix.outputs / PANEL,
    first,
  );
}

/**
 * `multiply` for arrays outside the engine's memory: x matrix + bias.
 * @param {Memory} memory
 * @param {Float32Array} x   [count, inputs]
 * @param {Matrix} matrix
 * @param {Rows} bias        a vector of the weights
 * @returns {Float32Array<ArrayBuffer>}   [count, matrix.outputs]
 */
export function multiplyArray(memory, x, matrix, bias) {
  const count = x.length / matrix.inputs;
  return memory.borrow(() => {
    const rows = memory.copyIn(x, matrix.inputs);
    const out = memory.rows(count, matrix.outputs);
    multiply(memory, count, rows, matrix, { ...bias, stride: 0 }, out);
    return memory.floats(out, count * matrix.outputs).slice();
  });
}
