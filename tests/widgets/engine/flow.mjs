// The engine's learned prior, as a test calls it.

import { Flow } from "../../../latentpalette/widgets/static/engine/flow.js";
import { startMemory } from "../../../latentpalette/widgets/static/engine/memory.js";

export const openFlow = async ({ meta, matrices, vectors }, kernels) =>
  new Flow(await startMemory(kernels), meta, matrices, vectors);

// What some calls with z return, or what they say.
export async function carry(packed, kernels, z, calls) {
  const flow = await openFlow(packed, kernels);
  return calls.map(([name, ...options]) => {
    try {
      return flow[name](z, ...options);
    } catch (error) {
      return error.message;
    }
  });
}
