// A model of the page, opened from what engine_page.py packs.
/** @import { ConverterMeta } from "../types.js" */
/** @import { ModelMeta } from "./network.js" */
/** @import { Model } from "./sampling.js" */
/** @import { PriorMeta } from "./velocity.js" */
import { fromBase64 } from "../state/bytes.js";
import { createConverter } from "./converters/registry.js";
import { Flow } from "./flow.js";
import { startMemory } from "./memory.js";
import { Network } from "./network.js";

/**
 * Bytes, or base64 of them, which is decoded here: in a worker that leaves the page free.
 * @typedef {string | Uint8Array<ArrayBuffer>} Packed
 *
 * @typedef {object} ModelParts
 * @property {Packed} kernels
 * @property {{ meta: ModelMeta, matrices: Packed, vectors: Packed }} network
 * @property {ConverterMeta} converter
 * @property {{ meta: PriorMeta, matrices: Packed, vectors: Packed } | null} prior   null: N(0, I)
 */

/** @param {Packed} packed */
const unpack = (packed) => (typeof packed === "string" ? new Uint8Array(fromBase64(packed).buffer) : packed);

/**
 * @param {ModelParts} parts
 * @returns {Promise<Model>}
 */
export async function openModel({ kernels, network, converter, prior }) {
  const memory = await startMemory(unpack(kernels));
  const { meta, matrices, vectors } = network;
  return {
    network: new Network(memory, meta, unpack(matrices), unpack(vectors)),
    converter: createConverter(converter),
    flow: prior && new Flow(memory, prior.meta, unpack(prior.matrices), unpack(prior.vectors)),
  };
}
