// The engine of a page in its worker: it opens the models, and responds to what the instruments request. Bundled, it is
// the text of a classic worker (client.js); it fetches nothing.
/** @import { EngineMusic, PackedModel } from "../types.js" */
/** @import { Reply, Task } from "./tasks.js" */
import { fromBase64, toBytes } from "../state/bytes.js";
import { createMixerAnswers, createSliderAnswers } from "./page/answers/ends.js";
import { createGrooveAnswers } from "./page/answers/groove.js";
import { createLoopsAnswers } from "./page/answers/loops.js";
import { createMusicAnswers } from "./page/answers/music.js";
import { createPaletteAnswers } from "./page/answers/palette.js";
import { createSlidersAnswers } from "./page/answers/sliders.js";
import { createTilesAnswers } from "./page/answers/tiles.js";
import { openPageModel } from "./page/model.js";
import { decodeInParts } from "./parts.js";
import { createTasks } from "./tasks.js";

/**
 * By the kind of instrument, what it asks of its model and of those that it plays beside it, by their role.
 * @type {Record<string, (music: EngineMusic, others: Record<string, EngineMusic>) => Record<string, (...given: any[]) => Task>>}
 */
const OWN = {
  palette: createPaletteAnswers,
  sampler: createTilesAnswers,
  melodymixer: createMixerAnswers,
  interpolationslider: createSliderAnswers,
  latentloops: createLoopsAnswers,
  groovepanel: createGrooveAnswers,
  latentsliders: createSlidersAnswers,
};

/** @type {Map<string, Promise<EngineMusic>>} */
let models = new Map();
const widgets = new Map(); // what the engine answers for each, which it keeps from request to request

/**
 * What can be asked of a model.
 * @type {Record<string, (music: EngineMusic, body: any, others: Record<string, EngineMusic>) => Task>}
 */
const KINDS = {
  respond(music, { widget, kind, name, body, traits, buffers }, others) {
    if (!widgets.has(widget)) widgets.set(widget, { ...createMusicAnswers(music), ...OWN[kind](music, others) });
    return widgets.get(widget)[name](body, { traits, buffers: buffers.map(toBytes) });
  },
  /** It is open by now. */
  *open() {},
  // What networks say, to compare it with what they say in Python:
  decode: ({ model: { network } }, { z }) => decodeInParts(network, z),
  *encode({ model: { network } }, { frames, count }) {
    return network.encode(frames, count);
  },
};

/** @param {Reply} message */
function reply(message) {
  const buffers = "result" in message ? (message.result?.buffers ?? []) : [];
  self.postMessage(message, { transfer: buffers.map((/** @type {Uint8Array} */ bytes) => bytes.buffer) });
}

// A message to oneself takes its turn behind those that wait, at once; a timer would wait for 4 ms each time.
const turns = new MessageChannel();
/** @type {(() => void)[]} */
const queued = [];
turns.port1.onmessage = () => queued.shift()?.();
const tasks = createTasks({
  reply,
  later(next) {
    queued.push(next);
    turns.port2.postMessage(0);
  },
});

/**
 * Open the models of the page.
 * @param {{ kernels: string, models: PackedModel[] }} page
 */
function open({ kernels, models: packed }) {
  const bytes = toBytes(fromBase64(kernels));
  models = new Map(packed.map((model) => [model.name, openPageModel(bytes, model)]));
  for (const model of models.values()) model.catch(() => {}); // said to whoever asks
}

/** @param {string} name   of a model of the page */
async function musicOf(name) {
  const music = await models.get(name);
  if (!music) throw new Error(`This page has no model ${name}.`);
  return music;
}

self.onmessage = async ({ data: { id, kind, channel, body } }) => {
  try {
    if (kind === "load") {
      open(body);
      reply({ id, result: null });
      return;
    }
    const roles = Object.entries(body.others ?? {});
    const [music, ...others] = await Promise.all([body.model, ...roles.map(([, name]) => name)].map(musicOf));
    const byRole = Object.fromEntries(roles.map(([role], index) => [role, others[index]]));
    tasks.add({ id, channel, task: KINDS[kind](music, body, byRole) });
  } catch (problem) {
    reply({ id, error: problem instanceof Error ? problem.message : String(problem) });
  }
};
