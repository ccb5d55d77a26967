// Performed drums: of each drum a hit or none, its velocity, and its offset from the grid. A token is the frame: all
// hits, all velocities, all offsets. The temperature acts on the hits alone.
/** @import { Head } from "./head.js" */
import { multiply } from "../matrix.js";
import { padded } from "../memory.js";
import { isHit } from "./head.js";

/**
 * @param {number} drums
 * @returns {Head}
 */
export function createGroove(drums) {
  const block = padded(drums); // each of the three begins a panel
  return {
    width: 3 * drums,
    isClasses: false,
    numUniforms: drums,
    start(memory, count) {
      const length = count * 3 * block;
      const [velocities, offsets] = [memory.rows(count, 3 * block), memory.rows(count, 3 * block)];
      return {
        sample(params, tokens, drawing) {
          memory.kernels.sigmoids(velocities.pointer, params.pointer, length);
          memory.kernels.tanhs(offsets.pointer, params.pointer, length);
          const [logit, velocity, offset] = [params, velocities, offsets].map((rows) => memory.floats(rows, length));
          const frames = memory.floats(tokens, (count - 1) * tokens.stride + 3 * drums);
          const uniforms = drawing && memory.floats(drawing.uniforms, (count - 1) * drawing.uniforms.stride + drums);
          for (let row = 0; row < count; row++) {
            for (let drum = 0; drum < drums; drum++) {
              const from = row * 3 * block + drum;
              const to = row * tokens.stride + drum;
              const uniform = drawing && uniforms ? uniforms[row * drawing.uniforms.stride + drum] : null;
              frames[to] = Number(isHit(logit[from], drawing?.temperature ?? 1, uniform));
              frames[to + drums] = velocity[from + block];
              frames[to + 2 * drums] = offset[from + 2 * block];
            }
          }
        },
        embed: (tokens, matrix, start, out) => multiply(memory, count, tokens, matrix, start, out),
      };
    },
  };
}
