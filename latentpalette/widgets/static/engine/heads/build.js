// The heads of a model's cores.
/** @import { NetworkMeta } from "../network.js" */
/** @import { Weights } from "../weights.js" */
/** @import { Head } from "./head.js" */
import { createClasses } from "./classes.js";

/**
 * @param {NetworkMeta} config
 * @param {Weights} _weights
 * @returns {Head[]}   one, or with separate decoders one for each stream
 */
export function buildHeads(config, _weights) {
  if (config.separate_decoders) return config.output_depths.map((depth) => createClasses([depth]));
  if (config.head === "multi-out") return [createClasses(config.output_depths)];
  return [createClasses([config.output_depth])];
}
