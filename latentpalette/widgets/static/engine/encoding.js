// From clips to the posterior of their z.
/** @import { Clip, EncoderInput, ModelConverter } from "../types.js" */
/** @import { MusicNetwork } from "./network.js" */

/**
 * Encode clips, which are all of the model's length.
 * @param {MusicNetwork} network
 * @param {ModelConverter} converter
 * @param {Clip[]} clips
 */
export const encodeClips = (network, converter, clips) =>
  network.encode(framesOf(clips.map(converter.input), converter.steps), clips.length);

/**
 * What the encoder reads [inputs, steps, depth].
 * @param {EncoderInput[]} inputs
 * @param {number} steps
 */
function framesOf(inputs, steps) {
  const depth = inputs[0]?.depth ?? 0;
  const frames = new Float32Array(inputs.length * steps * depth);
  inputs.forEach((input, index) => {
    const start = index * steps * depth;
    if (input.kind === "frames") frames.set(input.values, start);
    else input.values.forEach((column, k) => (frames[start + Math.floor(k / input.perStep) * depth + column] = 1));
  });
  return frames;
}
