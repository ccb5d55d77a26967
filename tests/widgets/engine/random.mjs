// The engine's random numbers, as a test calls them.

import { batchSeed, createRandom } from "../../../latentpalette/widgets/static/engine/random.js";

export const draw = (kind, count, seeds) => seeds.map((seed) => createRandom(...seed)[kind](count));

export const batchSeeds = (pairs) => pairs.map((pair) => batchSeed(...pair));
