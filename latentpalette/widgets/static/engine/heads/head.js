// What a decoder's output is. A head works with tokens, the compact form of a frame: a class number for each stream, or
// the frame itself (hits; hits, velocities and offsets). models/heads.py says what each is.
/** @import { Memory, Rows } from "../memory.js" */
/** @import { Matrix } from "../matrix.js" */

/**
 * Uniform numbers, one row for each sequence and step, and how far their probabilities are evened out.
 * @typedef {{ temperature: number, uniforms: Rows }} Drawing
 */

/**
 * @typedef {object} Head
 * @property {number} width          numbers of a token
 * @property {boolean} isClasses     whether they are int32: class numbers; otherwise float32
 * @property {number} numUniforms    that drawing one token takes
 * @property {(memory: Memory, count: number) => Sampler} start   with its working memory for some rows
 */

/**
 * @typedef {object} Sampler
 * @property {(params: Rows, tokens: Rows, drawing: Drawing | null, given: Rows | null) => void} sample
 *   Write a token for each row of the projection's output, which may be overwritten; arg-max without a drawing. A groove
 *   has the values that are `given`, frames with NaN where the model decides.
 * @property {(tokens: Rows, matrix: Matrix, start: Rows, out: Rows) => void} embed
 *   out = start + the tokens' frames times the matrix.
 */

/**
 * Whether a drum is hit: where its probability is above a uniform number, or a half without one.
 * @param {number} logit
 * @param {number} temperature
 * @param {number | null} uniform
 */
export const isHit = (logit, temperature, uniform) =>
  uniform === null ? logit >= 0 : uniform < Math.fround(1 / (1 + Math.exp(-logit / temperature)));
