// One class out of many for each stream: a categorical head is one stream, a multi-out head several.
/** @import { Head } from "./head.js" */
import { lookUp } from "../matrix.js";
import { padded, skip } from "../memory.js";

/**
 * @param {number[]} depths   classes of each stream
 * @returns {Head}
 */
export function createClasses(depths) {
  const starts = depths.map((_, stream) => depths.slice(0, stream).reduce((sum, depth) => sum + depth, 0));
  const columns = depths.map((_, stream) => depths.slice(0, stream).reduce((sum, depth) => sum + padded(depth), 0));
  return {
    width: depths.length,
    isClasses: true,
    numUniforms: depths.length,
    start: (memory, count) => ({
      sample(params, tokens, drawing) {
        const { kernels } = memory;
        for (const [stream, depth] of depths.entries()) {
          const logits = skip(params, columns[stream]);
          const out = skip(tokens, stream);
          if (drawing) {
            const { temperature } = drawing;
            const uniforms = skip(drawing.uniforms, stream);
            const [to, from, noise] = [out, logits, uniforms].map(({ pointer, stride }) => [pointer, stride]);
            kernels.draw(...to, ...from, ...noise, temperature, count, depth);
          } else {
            kernels.largest(out.pointer, out.stride, logits.pointer, logits.stride, count, depth);
          }
        }
      },
      embed(tokens, matrix, start, out) {
        for (const stream of depths.keys()) {
          lookUp(memory, count, skip(tokens, stream), matrix, stream ? out : start, out, starts[stream]);
        }
      },
    }),
  };
}
