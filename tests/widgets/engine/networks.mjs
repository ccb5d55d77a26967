// The engine's kernels and networks, as tests call them: one of each at a time.

import { multiplyArray } from "../../../latentpalette/widgets/static/engine/matrix.js";
import { startMemory } from "../../../latentpalette/widgets/static/engine/memory.js";
import { Network } from "../../../latentpalette/widgets/static/engine/network.js";

let network;

export async function loadNetwork(kernels, meta, matrices, vectors) {
  network = new Network(await startMemory(kernels), meta, matrices, vectors);
}

export const decode = (z, options) => network.decode(z, options);

export const encode = (frames, count, options) => network.encode(frames, count, options);

export async function callFunction(kernels, name, numbers) {
  const memory = await startMemory(kernels);
  const x = memory.copyIn(numbers, 0);
  const out = memory.rows(1, numbers.length);
  memory.kernels[name](out.pointer, x.pointer, numbers.length);
  return memory.floats(out, numbers.length).slice();
}

export async function multiply(kernels, x, panels, inputs, bias) {
  const memory = await startMemory(kernels);
  const matrix = { pointer: memory.copyIn(panels, 0).pointer, inputs, outputs: bias.length };
  return multiplyArray(memory, x, matrix, memory.copyIn(bias, 0));
}
