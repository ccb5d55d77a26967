// From z to tokens: one core of recurrent layers, or one for each stream, with or without a conductor above them.
//
// A flat decoder is the case of one segment, whose embedding is z itself. With a conductor each segment has an embedding
// and a first state of its own; the last token of a segment is the first input of the next one.
/** @import { Memory, Rows } from "./memory.js" */
/** @import { Matrix } from "./matrix.js" */
/** @import { Weights } from "./weights.js" */
/** @import { CellKind } from "./cells.js" */
/** @import { Drawing, Head } from "./heads/head.js" */
/** @import { Linear, StackLayer } from "./stack.js" */
import { multiply } from "./matrix.js";
import { skip } from "./memory.js";
import { createStack, readLinear, readStack } from "./stack.js";

/**
 * @typedef {object} Core
 * @property {Head} head
 * @property {StackLayer[]} stack
 * @property {Matrix} fromToken
 * @property {Matrix} fromEmbedding
 * @property {Matrix | null} fromControls
 * @property {Linear} projection
 */

/**
 * Some sequences that are decoded together.
 * @typedef {object} Batch
 * @property {number} count
 * @property {number} segmentSteps
 * @property {Rows[]} embeddings      of each segment [count, e]
 * @property {Rows} tokens            [count, steps * width]
 * @property {number} width           numbers of a step's token, of all cores
 * @property {Drawing | null} drawing its uniforms [count, steps * numUniforms]
 * @property {number} numUniforms     of a step, of all cores
 * @property {Rows | null} controls   [count, steps * depth]
 * @property {Rows | null} given      [count, steps * width], of a groove: see heads/head.js
 */

/**
 * @param {CellKind} kind
 * @param {Weights} weights
 * @param {string} name
 * @param {number} layers
 * @param {Head} head
 * @returns {Core}
 */
export function readCore(kind, weights, name, layers, head) {
  const input = `${name}.0.from_`;
  return {
    head,
    stack: readStack(kind, weights, name, layers),
    fromToken: weights.matrix(`${input}token`),
    fromEmbedding: weights.matrix(`${input}embedding`),
    fromControls: weights.has(`${input}controls`) ? weights.matrix(`${input}controls`) : null,
    projection: readLinear(weights, `${name}.projection`),
  };
}

/**
 * The embeddings of all segments [count, e] from z [count, z]. z enters through the first state alone: the input of
 * every step is zero.
 * @param {Memory} memory
 * @param {StackLayer[]} conductor
 * @param {Rows} z
 * @param {number} count
 * @param {number} segments
 * @returns {Rows[]}
 */
export function conduct(memory, conductor, z, count, segments) {
  const stack = createStack(memory, conductor, count);
  const { layer } = conductor[0];
  const { units } = conductor[conductor.length - 1].layer;
  const embeddings = Array.from({ length: segments }, () => memory.rows(count, units));
  stack.start(z);
  for (const embedding of embeddings) {
    repeat(memory, layer.bias, stack.gates, count);
    stack.step();
    memory.floats(embedding, count * units).set(memory.floats(stack.top, count * units));
  }
  return embeddings;
}

/**
 * Decode the tokens of one core; those of step s lie at `column` + s * width of each row.
 * @param {Memory} memory
 * @param {Core} core
 * @param {Batch} batch
 * @param {number} column          of the core's first token number
 * @param {number} uniformColumn   of its first uniform number
 */
export function decodeCore(memory, core, batch, column, uniformColumn) {
  const { count, segmentSteps, drawing, controls } = batch;
  const { head, projection } = core;
  const { bias, gates: width } = core.stack[0].layer;
  const stack = createStack(memory, core.stack, count);
  const sampler = head.start(memory, count);
  const base = memory.rows(count, width); // what is the same at every step of a segment
  const params = memory.rows(count, projection.matrix.outputs);
  let step = 0;
  /** @type {Rows | null} */
  let previous = null;
  for (const embedding of batch.embeddings) {
    stack.start(embedding);
    multiply(memory, count, embedding, core.fromEmbedding, bias, base);
    for (let k = 0; k < segmentSteps; k++, step++) {
      let start = base;
      if (controls && core.fromControls) {
        const condition = skip(controls, step * core.fromControls.inputs);
        multiply(memory, count, condition, core.fromControls, base, stack.gates);
        start = stack.gates;
      }
      if (previous) sampler.embed(previous, core.fromToken, start, stack.gates);
      else if (start === base) repeat(memory, base, stack.gates, count);
      stack.step();
      multiply(memory, count, stack.top, projection.matrix, projection.bias, params);
      const token = skip(batch.tokens, column + step * batch.width);
      const uniforms = drawing && skip(drawing.uniforms, uniformColumn + step * batch.numUniforms);
      const given = batch.given && skip(batch.given, step * batch.width);
      sampler.sample(params, token, drawing && uniforms && { ...drawing, uniforms }, given);
      previous = token;
    }
  }
}

/**
 * Copy rows, or a row to each.
 * @param {Memory} memory
 * @param {Rows} from
 * @param {Rows} to
 * @param {number} count
 */
function repeat(memory, from, to, count) {
  for (let row = 0; row < count; row++) {
    memory.floats(skip(to, row * to.stride), to.stride).set(memory.floats(skip(from, row * from.stride), to.stride));
  }
}
