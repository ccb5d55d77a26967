// Decoding in parts, between which others may use the engine.
/** @import { DecodeOptions, MusicNetwork } from "./network.js" */
/** @import { Task } from "./tasks.js" */

// A part is so many steps of streams as a computer decodes in some fiftieth of a second; more at once are not quicker.
const PART_WORK = 512;
const TILE = 4; // rows that the kernels multiply at once: fewer cost nearly as much

/**
 * How many sequences a part has.
 * @param {MusicNetwork} network
 */
export const rowsOfPart = ({ config, cores }) => TILE * Math.ceil(PART_WORK / (TILE * config.steps * cores.length));

/**
 * Decode z [n, z_size] to tokens, as `network.decode` does.
 * @param {MusicNetwork} network
 * @param {Float32Array} z
 * @param {Pick<DecodeOptions, "temperature" | "uniforms">} [options]
 * @returns {Task<Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>>}
 */
export function* decodeInParts(network, z, { temperature = null, uniforms = null } = {}) {
  const { z_size: size, steps } = network.config;
  const [width, noiseWidth] = [network.tokenWidth, network.numUniforms].map((each) => each * steps);
  const count = z.length / size;
  const tokens = new (network.isClasses ? Int32Array : Float32Array)(count * width);
  const rows = rowsOfPart(network);
  for (let start = 0; start < count; start += rows) {
    if (start) yield;
    const stop = Math.min(start + rows, count);
    const own = uniforms && uniforms.subarray(start * noiseWidth, stop * noiseWidth);
    tokens.set(network.decode(z.subarray(start * size, stop * size), { temperature, uniforms: own }), start * width);
  }
  return tokens;
}
