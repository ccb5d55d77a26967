// Hits of many drums, each given those before it in the step: a neural autoregressive density estimator (Larochelle and
// Murray, 2011). The projection computes both biases: of the hidden units, then of the drums. A token is the hits.
/** @import { Rows } from "../memory.js" */
/** @import { Matrix } from "../matrix.js" */
/** @import { Head } from "./head.js" */
import { lookUp, multiply, panelOf } from "../matrix.js";
import { PANEL, skip } from "../memory.js";
import { isHit } from "./head.js";

/**
 * @param {Matrix} fromHit      [drums, hidden]: what a hit adds to the hidden units
 * @param {Matrix} fromHidden   [hidden, drums]
 * @returns {Head}
 */
export function createNade(fromHit, fromHidden) {
  const drums = fromHit.inputs;
  const hidden = fromHit.outputs; // padded
  return {
    width: drums,
    isClasses: false,
    numUniforms: drums,
    start(memory, count) {
      const active = memory.rows(count, hidden);
      const logits = memory.rows(count, PANEL);
      const numbers = memory.rows(1, drums);
      memory.integers(numbers, drums).set(Array.from({ length: drums }, (_, drum) => drum));
      return {
        sample(params, tokens, drawing) {
          /** @param {Rows} rows @param {number} row */
          const rowOf = (rows, row) => skip(rows, row * rows.stride);
          for (let drum = 0; drum < drums; drum++) {
            const panel = Math.floor(drum / PANEL);
            for (let row = 0; row < count; row++) {
              memory.kernels.sigmoids(rowOf(active, row).pointer, rowOf(params, row).pointer, hidden);
            }
            const bias = skip(params, hidden + panel * PANEL);
            multiply(memory, count, active, panelOf(fromHidden, panel), bias, logits);
            for (let row = 0; row < count; row++) {
              const logit = memory.floats(skip(rowOf(logits, row), drum % PANEL), 1)[0];
              const uniform = drawing && memory.floats(skip(rowOf(drawing.uniforms, row), drum), 1)[0];
              const hit = isHit(logit, drawing?.temperature ?? 1, uniform);
              memory.floats(skip(rowOf(tokens, row), drum), 1)[0] = Number(hit);
              const units = rowOf(params, row);
              if (hit) lookUp(memory, 1, skip(numbers, drum), fromHit, units, units);
            }
          }
        },
        embed: (tokens, matrix, start, out) => multiply(memory, count, tokens, matrix, start, out),
      };
    },
  };
}
