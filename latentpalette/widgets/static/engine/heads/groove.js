// Performed drums: of each drum a hit or none, its velocity, and its offset from the grid. A token is the frame: all
// hits, all velocities, all offsets. The temperature acts on the hits alone.
/** @import { Head } from "./head.js" */
import { multiply } from "../matrix.js";
import { padded } from "../memory.js";
import { isHit } from "./head.js";

const MIN_HIT_PROB = 0.1; // where it is divided out

/**
 * @param {number} drums
 * @param {number} expressionWeight   of a hit's velocity and offset in the loss
 * @returns {Head}
 */
export function createGroove(drums, expressionWeight) {
  const block = padded(drums); // each of the three begins a panel
  return {
    width: 3 * drums,
    isClasses: false,
    numUniforms: drums,
    start(memory, count) {
      const length = count * 3 * block;
      const [velocities, offsets] = [memory.rows(count, 3 * block), memory.rows(count, 3 * block)];
      return {
        sample(params, tokens, drawing, given) {
          memory.kernels.sigmoids(velocities.pointer, params.pointer, length);
          memory.kernels.tanhs(offsets.pointer, params.pointer, length);
          const [logit, velocity, offset] = [params, velocities, offsets].map((rows) => memory.floats(rows, length));
          const frames = memory.floats(tokens, (count - 1) * tokens.stride + 3 * drums);
          const uniforms = drawing && memory.floats(drawing.uniforms, (count - 1) * drawing.uniforms.stride + drums);
          const fixed = given && memory.floats(given, (count - 1) * given.stride + 3 * drums);
          for (let row = 0; row < count; row++) {
            for (let drum = 0; drum < drums; drum++) {
              const from = row * 3 * block + drum;
              const to = row * tokens.stride + drum;
              const uniform = drawing && uniforms ? uniforms[row * drawing.uniforms.stride + drum] : null;
              frames[to] = Number(isHit(logit[from], drawing?.temperature ?? 1, uniform));
              frames[to + drums] = velocity[from + block];
              frames[to + 2 * drums] = offset[from + 2 * block];
              if (fixed && given) {
                const p = 1 / (1 + Math.exp(-logit[from]));
                decide(frames, to, fixed, row * given.stride + drum, shareOfHit(p, expressionWeight), drums);
              }
            }
          }
        },
        embed: (tokens, matrix, start, out) => multiply(memory, count, tokens, matrix, start, out),
      };
    },
  };
}

/**
 * Give a drum the values that it must have, NaN where the model decides. Velocity and offset of a hit that is given are
 * those that the model predicts given a hit; a drum that is not hit has none.
 * @param {Float32Array} frames    at `to` the drum's hit, `drums` further on its velocity, and then its offset
 * @param {number} to
 * @param {Float32Array} fixed     the same, at `from`
 * @param {number} from
 * @param {number} share           of the hit in a prediction
 * @param {number} drums
 */
function decide(frames, to, fixed, from, share, drums) {
  const isGiven = !Number.isNaN(fixed[from]);
  if (isGiven) frames[to] = fixed[from];
  for (const column of [drums, 2 * drums]) {
    const predicted = frames[to + column] / (isGiven ? share : 1);
    const value = Number.isNaN(fixed[from + column]) ? Math.max(-1, Math.min(1, predicted)) : fixed[from + column];
    frames[to + column] = value * frames[to];
  }
}

/**
 * The loss trains towards 0 where there is no hit, so a prediction is the mean of both cases, weighted by their
 * probability and their weight in the loss.
 * @param {number} p       of a hit
 * @param {number} weight
 */
function shareOfHit(p, weight) {
  const weighted = Math.max(p, MIN_HIT_PROB) * weight;
  return weighted / (weighted + 1 - Math.max(p, MIN_HIT_PROB));
}
