// The kernels (kernels.c) and the memory they work in. Rows of numbers are named by where they lie; views of them are
// made when they are needed, because a memory that grows detaches those that were made before.

/**
 * Rows of float32 in the engine's memory; of classes, int32. With stride 0 all rows are the same one: a bias.
 * @typedef {object} Rows
 * @property {number} pointer   [bytes]
 * @property {number} stride    from row to row [numbers]
 */

/**
 * What kernels.c exports; its comments say what each does.
 * @typedef {{ [name: string]: (...numbers: number[]) => void }} Kernels
 */

export const PANEL = 8; // outputs of a panel, as in kernels.c
const PAGE = 65536; // bytes, by which a memory grows

/** @param {number} outputs */
export const padded = (outputs) => Math.ceil(outputs / PANEL) * PANEL;

/**
 * A row or several, further on in the same memory.
 * @param {Rows} rows
 * @param {number} numbers   to skip
 * @param {number} [stride]
 * @returns {Rows}
 */
export const skip = (rows, numbers, stride = rows.stride) => ({ pointer: rows.pointer + 4 * numbers, stride });

export class Memory {
  /** @param {WebAssembly.Exports} exports */
  constructor(exports) {
    this.kernels = /** @type {Kernels} */ (/** @type {unknown} */ (exports));
    this.wasm = /** @type {WebAssembly.Memory} */ (exports.memory);
    this.end = Number(/** @type {WebAssembly.Global} */ (exports.__heap_base).value);
  }

  /**
   * @param {number} bytes
   * @returns {number}   a pointer to new memory, which may hold anything
   */
  reserve(bytes) {
    const pointer = Math.ceil(this.end / 16) * 16;
    this.end = pointer + bytes;
    const missing = this.end - this.wasm.buffer.byteLength;
    if (missing > 0) this.wasm.grow(Math.ceil(missing / PAGE));
    return pointer;
  }

  /**
   * Rows that start as zeros.
   * @param {number} count
   * @param {number} stride
   * @returns {Rows}
   */
  rows(count, stride) {
    const rows = { pointer: this.reserve(4 * count * stride), stride };
    this.floats(rows, count * stride).fill(0);
    return rows;
  }

  /**
   * Rows that hold a copy of numbers.
   * @param {Float32Array} numbers
   * @param {number} stride
   * @returns {Rows}
   */
  copyIn(numbers, stride) {
    const rows = { pointer: this.reserve(numbers.byteLength), stride };
    this.floats(rows, numbers.length).set(numbers);
    return rows;
  }

  /**
   * A view, which holds until the next `reserve`, `rows` or `copyIn`.
   * @param {Rows} rows
   * @param {number} length
   */
  floats(rows, length) {
    return new Float32Array(this.wasm.buffer, rows.pointer, length);
  }

  /** @param {Rows} rows @param {number} length */
  integers(rows, length) {
    return new Int32Array(this.wasm.buffer, rows.pointer, length);
  }

  /**
   * Run what needs memory for a while, and take it back.
   * @template Result
   * @param {() => Result} work
   * @returns {Result}
   */
  borrow(work) {
    const { end } = this;
    try {
      return work();
    } finally {
      this.end = end;
    }
  }
}

/**
 * @param {BufferSource} wasm   the bytes of kernels.wasm
 * @returns {Promise<Memory>}
 */
export async function startMemory(wasm) {
  const { instance } = await WebAssembly.instantiate(wasm, {});
  return new Memory(instance.exports);
}
