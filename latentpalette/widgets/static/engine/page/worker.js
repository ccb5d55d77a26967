// The engine of a page in its worker: it opens the models, and responds to the requests of the instruments in order.
/** @import { EngineMusic, PackedModel } from "../../types.js" */
/** @import { Reply } from "../tasks.js" */

import { fromBase64, toBytes } from "../../state/bytes.js";
import { createMixerAnswers, createSliderAnswers } from "./answers/ends.js";
import { createLoopsAnswers } from "./answers/loops.js";
import { createMusicAnswers } from "./answers/music.js";
import { createPaletteAnswers } from "./answers/palette.js";
import { createTilesAnswers } from "./answers/tiles.js";
import { openPageModel } from "./model.js";

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

/**
 * @param {number} id
 * @param {any} request
 */
async function respond(id, { name, body, traits, buffers, ...address }) {
  try {
    const answers = await answersOf(address);
    const response = answers[name](body, { traits, buffers: buffers.map(toBytes) });
    const transfer = response.buffers.map((/** @type {Uint8Array} */ bytes) => bytes.buffer);
    reply({ id, part: response }, transfer);
    reply({ id, done: true });
  } catch (problem) {
    reply({ id, error: problem instanceof Error ? problem.message : String(problem) });
  }
}

/**
 * @param {Reply} message
 * @param {ArrayBuffer[]} [transfer]
 */
const reply = (message, transfer = []) => self.postMessage(message, { transfer });

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
self.onmessage = ({ data: { id, kind, body } }) => {
  if (kind === "load") {
    open(body);
    reply({ id, done: true });
  } else last = last.then(() => respond(id, body));
};
