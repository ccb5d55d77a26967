// The engine of a page in its worker: it opens the models, and responds to the requests of the instruments in order.
/** @import { EngineMusic, PackedModel } from "../../types.js" */

import { createMixerAnswers, createSliderAnswers } from "./answers/ends.js";
import { createLoopsAnswers } from "./answers/loops.js";
import { createMusicAnswers } from "./answers/music.js";
import { createPaletteAnswers } from "./answers/palette.js";
import { createTilesAnswers } from "./answers/tiles.js";
import { openPageModel } from "./model.js";
import { fromBase64, toBytes } from "../../state/bytes.js";

/** @type {Record<string, (music: EngineMusic) => Record<string, (...given: any[]) => any>>} */
const OWN = {
  palette: createPaletteAnswers,
  sampler: createTilesAnswers,
  melodymixer: createMixerAnswers,
  interpolationslider: createSliderAnswers,
  latentloops: createLoopsAnswers,
};

/** @type {Map<string, Promise<EngineMusic>>} */
let models = new Map();
const widgets = new Map();

/**
 * What the engine answers for a widget, which it keeps from request to request.
 * @param {{ widget: string, kind: string, model: string }} request
 */
async function answersOf({ widget, kind, model }) {
  if (!widgets.has(widget)) {
    const music = await models.get(model);
    if (!music) throw new Error(`This page has no model ${model}.`);
    widgets.set(widget, { ...createMusicAnswers(music), ...OWN[kind](music) });
  }
  return widgets.get(widget);
}

/** @param {any} request */
async function respond(request) {
  const { id, name, body, traits, buffers } = request;
  try {
    const answers = await answersOf(request);
    const response = answers[name](body, { traits, buffers: buffers.map(toBytes) });
    const transferred = response.buffers.map((/** @type {Uint8Array} */ bytes) => bytes.buffer);
    postMessage({ id, ok: true, ...response }, { transfer: transferred });
  } catch (problem) {
    postMessage({ id, ok: false, error: problem instanceof Error ? problem.message : String(problem) });
  }
}

/**
 * Open the models of the page.
 * @param {{ kernels: string, models: PackedModel[] }} page
 */
function open({ kernels, models: packed }) {
  const bytes = toBytes(fromBase64(kernels));
  models = new Map(packed.map((model) => [model.name, openPageModel(bytes, model)]));
  for (const model of models.values()) model.catch(() => {}); // said to whoever asks
}

let last = Promise.resolve(); // requests are answered in order
addEventListener("message", ({ data }) => {
  if (data.models) open(data);
  else last = last.then(() => respond(data));
});
