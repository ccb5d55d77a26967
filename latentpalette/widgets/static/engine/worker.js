// The engine's worker: one model. Bundled, it is the text of a classic worker (client.js); it fetches nothing.
/** @import { Model } from "./sampling.js" */
/** @import { Reply } from "./tasks.js" */
import { openModel } from "./model.js";
import { REQUESTS } from "./requests.js";
import { createTasks } from "./tasks.js";

/** @param {Reply} message */
const reply = (message) => self.postMessage(message);

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

/** @type {Promise<Model>} */
let model;

self.onmessage = async ({ data: { id, kind, channel, body } }) => {
  try {
    if (kind === "load") {
      model = openModel(body);
      const { tokenWidth, numUniforms, isClasses, canEncode } = (await model).network;
      reply({ id, part: { tokenWidth, numUniforms, isClasses, canEncode } });
      reply({ id, done: true });
    } else if (kind === "drop") {
      tasks.drop(id);
    } else {
      tasks.add({ id, channel, task: REQUESTS[kind](await model, body) });
    }
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
