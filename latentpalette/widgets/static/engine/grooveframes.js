// Performances of drums of any length, decoded window by window, as Python's models/groove_decoding.py decodes them.
/** @import { Model } from "./sampling.js" */

import { encoderView } from "./converters/groove.js";
import { createRandom } from "./random.js";

const NO_OPTIONS = { humanize: false, tapify: false, fixed_velocities: false, add_instruments: [] };

/**
 * @typedef {object} GrooveOfMusic
 * @property {Float32Array | null} [given]   frames with the values that the result must have; NaN where the model decides
 * @property {number} [spread]               deviations by which z is drawn away from its mean, alike in all windows
 * @property {number | null} [temperature]   of the hits that the model decides; null: arg-max
 * @property {number[]} [seeds]              one for each attempt at the music
 */

/** @param {Model} model */
const widthOf = ({ network }) => network.config.output_depth;

/**
 * What the encoder sees of frames [steps, width].
 * @param {Model} model
 * @param {Float32Array} frames
 */
export const viewOf = (model, frames) =>
  encoderView(frames, widthOf(model) / 3, model.converter.meta.groove ?? NO_OPTIONS);

/**
 * Encode a performance and decode it again.
 * @param {Model} model
 * @param {Float32Array} frames   [steps, width], of any number of steps
 * @param {GrooveOfMusic} [options]
 * @returns {Float32Array[]}      frames of each attempt
 */
export function decodeGroove(model, frames, { given = null, spread = 0, temperature = null, seeds = [0] } = {}) {
  const { network, converter } = model;
  const perWindow = converter.steps * widthOf(model);
  const windows = Math.ceil(frames.length / perWindow);
  if (!windows) return seeds.map(() => frames);
  const { mu, sigma } = network.encode(toWindows(viewOf(model, frames), perWindow), windows);
  const fixed = given && toWindows(given, perWindow);
  return seeds.map((seed) => {
    const z = spread ? drawAway(mu, sigma, spread, createRandom(seed, "z").normal(network.config.z_size)) : mu;
    const uniforms =
      temperature === null ? null : createRandom(seed, "frames").uniform(windows * converter.steps * network.numUniforms);
    const decoded = network.decode(z, { given: fixed, temperature, uniforms });
    return /** @type {Float32Array} */ (decoded).subarray(0, frames.length);
  });
}

/**
 * z of all windows, moved in one direction.
 * @param {Float32Array<ArrayBuffer>} mu
 * @param {Float32Array} sigma
 * @param {number} spread
 * @param {Float32Array} noise   of one window
 */
function drawAway(mu, sigma, spread, noise) {
  const factor = Math.fround(spread);
  return mu.map((mean, at) => mean + Math.fround(Math.fround(factor * sigma[at]) * noise[at % noise.length]));
}

/**
 * Frames, filled up with silence to whole windows.
 * @param {Float32Array} frames
 * @param {number} perWindow   numbers
 */
function toWindows(frames, perWindow) {
  const filled = new Float32Array(Math.ceil(frames.length / perWindow) * perWindow);
  filled.set(frames);
  return filled;
}
