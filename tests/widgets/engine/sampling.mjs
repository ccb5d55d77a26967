// Sampling in the engine, as a test calls it: clips and latent vectors of the model that is open.

import { clipToJson } from "../../../latentpalette/widgets/static/state/clip.js";
import { createConverter } from "../../../latentpalette/widgets/static/engine/converters/registry.js";
import { isDegenerate } from "../../../latentpalette/widgets/static/engine/degenerate.js";
import { Flow } from "../../../latentpalette/widgets/static/engine/flow.js";
import { blendCorners, blendEnds, blendPoints } from "../../../latentpalette/widgets/static/engine/interpolation.js";
import { startMemory } from "../../../latentpalette/widgets/static/engine/memory.js";
import { Network } from "../../../latentpalette/widgets/static/engine/network.js";
import { sampleClips, sampleZ, similarClips } from "../../../latentpalette/widgets/static/engine/sampling.js";
import { finish } from "../../../latentpalette/widgets/static/engine/tasks.js";

let model;

export async function open(kernels, { meta, matrices, vectors }, converter, prior) {
  const memory = await startMemory(kernels);
  const flow = prior && new Flow(memory, prior.meta, prior.matrices, prior.vectors);
  model = { network: new Network(memory, meta, matrices, vectors), converter: createConverter(converter), flow };
}

export const sample = (n, options) => finish(sampleClips(model, n, options)).map(clipToJson);

export const latents = (...options) => sampleZ(model, ...options);

export const similar = (...options) => finish(similarClips(model, ...options)).map(clipToJson);

export const grid = (corners, size, interpolation) => blendCorners(corners, size, interpolation, model.flow);

export const places = (corners, points, interpolation) => blendPoints(corners, points, interpolation, model.flow);

export const way = (ends, positions, interpolation) => blendEnds(ends, positions, interpolation, model.flow);

export function decode(z) {
  const tokens = model.network.decode(z);
  const count = z.length / model.network.config.z_size;
  return Array.from({ length: count }, (_, index) => clipToJson(model.converter.clip(tokens, index)));
}

export const degenerate = (tokens, count) =>
  Array.from({ length: count }, (_, index) => isDegenerate(model.converter, tokens, index));
