// The drummers of a page, as a test calls them: models by their role, and what they make of clips.

import { clipFromJson } from "../../../latentpalette/widgets/static/state/clip.js";
import { writtenClip } from "../../../latentpalette/widgets/static/engine/converters/clipjson.js";
import { createConverter } from "../../../latentpalette/widgets/static/engine/converters/registry.js";
import { addHats, drumsFromTaps, humanize, onGrid } from "../../../latentpalette/widgets/static/engine/drummers.js";
import { startMemory } from "../../../latentpalette/widgets/static/engine/memory.js";
import { Network } from "../../../latentpalette/widgets/static/engine/network.js";

const models = {};

export async function open(role, kernels, { meta, matrices, vectors }, converter) {
  const network = new Network(await startMemory(kernels), meta, matrices, vectors);
  models[role] = { network, converter: createConverter(converter), flow: null };
}

export const played = (written, spread, seed) => writtenClip(humanize(models.humanize, clipFromJson(written), spread, seed));

export function hats(written, temperature, seed, accents) {
  const clip = clipFromJson(written);
  return writtenClip(onGrid(addHats(models.hats, clip, temperature, seed), accents, models.humanize, clip.notes));
}

export function tapped(taps, steps, temperature, seed, accents) {
  const clip = drumsFromTaps(models.tap, taps, steps, temperature, seed);
  return [writtenClip(onGrid(clip, accents, models.humanize)), writtenClip(clip)];
}
