// From frames to one embedding: bidirectional layers, flat or level by level over segments.
/** @import { Memory, Rows } from "./memory.js" */
/** @import { Weights } from "./weights.js" */
/** @import { CellKind, Layer } from "./cells.js" */
import { createCell, readLayer } from "./cells.js";
import { multiply } from "./matrix.js";
import { skip } from "./memory.js";

const MAX_GATES = 1 << 20; // numbers that a layer's gates take at once

/** Both directions of a layer. @typedef {{ forward: Layer, backward: Layer }} Bidirectional */

/**
 * Sequences of one length.
 * @typedef {object} Sequences
 * @property {Float32Array} frames   [count, steps, depth]
 * @property {number} count
 * @property {number} steps
 * @property {number} depth
 */

/**
 * @param {CellKind} kind
 * @param {Weights} weights
 * @param {number} levels
 * @param {number} layers   of each level
 * @returns {Bidirectional[][]}
 */
export const readEncoder = (kind, weights, levels, layers) =>
  Array.from({ length: levels }, (_, level) =>
    Array.from({ length: layers }, (_, k) => ({
      forward: readLayer(kind, weights, `encoder.${level}.${k}.forward`),
      backward: readLayer(kind, weights, `encoder.${level}.${k}.backward`),
    })),
  );

/**
 * Embed sequences with a hierarchical encoder; a flat one has one level, of all steps.
 * @param {Memory} memory
 * @param {Bidirectional[][]} encoder
 * @param {Sequences} sequences
 * @param {number[]} segmentSteps       of each level, the lowest first
 * @param {ArrayLike<number> | null} lengths   valid steps of each of the lowest level's segments
 * @returns {Float32Array}              [count, width]
 */
export function embed(memory, encoder, { frames, count, steps, depth }, segmentSteps, lengths) {
  let inputs = frames;
  for (const [level, layers] of encoder.entries()) {
    const each = segmentSteps[level];
    steps /= each;
    const segments = { frames: inputs, count: count * steps, steps: each, depth };
    // Only the lowest level has lengths: the embedding of a silent segment is encoded like any other.
    inputs = lengths && !level ? embedByLength(memory, layers, segments, lengths) : embedAll(memory, layers, segments);
    depth = widthOf(layers);
  }
  return inputs;
}

/**
 * Sequences of which only the first steps are read; one of no steps has an embedding of zeros.
 * @param {Memory} memory
 * @param {Bidirectional[]} layers
 * @param {Sequences} sequences
 * @param {ArrayLike<number>} lengths
 */
function embedByLength(memory, layers, { frames, count, steps, depth }, lengths) {
  const width = widthOf(layers);
  const out = new Float32Array(count * width);
  for (const length of new Set(Array.from(lengths))) {
    const chosen = Array.from({ length: count }, (_, row) => row).filter((row) => lengths[row] === length);
    if (!length) continue;
    const read = new Float32Array(chosen.length * length * depth);
    for (const [k, row] of chosen.entries()) {
      read.set(frames.subarray(row * steps * depth, (row * steps + length) * depth), k * length * depth);
    }
    const embedded = embedAll(memory, layers, { frames: read, count: chosen.length, steps: length, depth });
    for (const [k, row] of chosen.entries()) out.set(embedded.subarray(k * width, (k + 1) * width), row * width);
  }
  return out;
}

/**
 * @param {Memory} memory
 * @param {Bidirectional[]} layers
 * @param {Sequences} sequences
 * @returns {Float32Array}   [count, width]
 */
function embedAll(memory, layers, { frames, count, steps, depth }) {
  const width = widthOf(layers);
  const out = new Float32Array(count * width);
  const gates = Math.max(...layers.map(({ forward }) => forward.gates));
  const batch = Math.max(1, Math.floor(MAX_GATES / (steps * gates)));
  for (let start = 0; start < count; start += batch) {
    const own = Math.min(batch, count - start);
    const part = frames.subarray(start * steps * depth, (start + own) * steps * depth);
    const embedded = memory.borrow(() => embedBatch(memory, layers, { frames: part, count: own, steps, depth }));
    out.set(embedded, start * width);
  }
  return out;
}

/**
 * @param {Memory} memory
 * @param {Bidirectional[]} layers
 * @param {Sequences} sequences
 * @returns {Float32Array}
 */
function embedBatch(memory, layers, { frames, count, steps, depth }) {
  let inputs = memory.copyIn(stepsFirst(frames, count, steps, depth), depth);
  let outputs = inputs;
  for (const layer of layers) {
    const { units } = layer.forward;
    outputs = memory.rows(steps * count, 2 * units);
    memory.borrow(() => {
      for (const [side, direction] of [layer.forward, layer.backward].entries()) {
        const order = Array.from({ length: steps }, (_, k) => (side ? steps - 1 - k : k));
        runDirection(memory, direction, inputs, skip(outputs, side * units), count, order);
      }
    });
    inputs = outputs;
  }
  const { units } = layers[layers.length - 1].forward;
  const out = new Float32Array(count * 2 * units);
  const first = memory.floats(outputs, count * 2 * units);
  const last = memory.floats(skip(outputs, (steps - 1) * count * 2 * units), count * 2 * units);
  for (let row = 0; row < count; row++) {
    const [start, middle, end] = [0, units, 2 * units].map((column) => row * 2 * units + column);
    out.set(last.subarray(start, middle), start); // the forward direction ends with the last step,
    out.set(first.subarray(middle, end), middle); // the backward direction with the first
  }
  return out;
}

/**
 * @param {Memory} memory
 * @param {Layer} layer
 * @param {Rows} inputs     [steps, count, depth]
 * @param {Rows} outputs    [steps, count, units], whose stride is that of both directions
 * @param {number} count
 * @param {number[]} order  of the steps
 */
function runDirection(memory, layer, inputs, outputs, count, order) {
  const { fromInput, bias, gates: width, units } = layer;
  if (!fromInput) throw new Error("A layer of the encoder has no weights for its input.");
  const gates = memory.rows(order.length * count, width);
  const cell = createCell(memory, layer, count);
  let h = memory.rows(count, units);
  multiply(memory, order.length * count, inputs, fromInput, bias, gates);
  for (const step of order) {
    const next = skip(outputs, step * count * outputs.stride);
    cell.step(skip(gates, step * count * width), h, next);
    h = next;
  }
}

/**
 * [count, steps, depth] as [steps, count, depth]: what runs together lies together.
 * @param {Float32Array} frames
 * @param {number} count
 * @param {number} steps
 * @param {number} depth
 */
function stepsFirst(frames, count, steps, depth) {
  const out = new Float32Array(frames.length);
  for (let row = 0; row < count; row++) {
    for (let step = 0; step < steps; step++) {
      const from = (row * steps + step) * depth;
      out.set(frames.subarray(from, from + depth), (step * count + row) * depth);
    }
  }
  return out;
}

/** @param {Bidirectional[]} layers */
const widthOf = (layers) => 2 * layers[layers.length - 1].forward.units;
