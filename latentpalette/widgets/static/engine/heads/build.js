// The heads of a model's cores: of one, or with separate decoders of one for each stream.
/** @import { NetworkMeta } from "../network.js" */
/** @import { Weights } from "../weights.js" */
/** @import { Head } from "./head.js" */
import { createClasses } from "./classes.js";
import { createGroove } from "./groove.js";
import { createNade } from "./nade.js";

/**
 * @param {NetworkMeta} config
 * @param {Weights} weights
 * @returns {Head[]}
 */
export function buildHeads(config, weights) {
  if (config.separate_decoders) return config.output_depths.map((depth) => createClasses([depth]));
  switch (config.head) {
    case "multi-out":
      return [createClasses(config.output_depths)];
    case "groove":
      return [createGroove(config.output_depth / 3, config.expression_weight)];
    case "nade":
      return [createNade(weights.matrix("decoder.0.from_hit"), weights.matrix("decoder.0.from_hidden"))];
    default:
      return [createClasses([config.output_depth])];
  }
}
