// The engine's worker: one model. Bundled, it is the text of a classic worker (client.js); it fetches nothing.
/** @import { ModelMeta } from "./network.js" */
/** @import { Reply } from "./tasks.js" */
import { fromBase64 } from "../state/bytes.js";
import { startMemory } from "./memory.js";
import { Network } from "./network.js";
import { REQUESTS } from "./requests.js";
import { createTasks } from "./tasks.js";

/**
 * Bytes, or base64 of them, which is decoded here to leave the page free.
 * @typedef {string | Uint8Array<ArrayBuffer>} Packed
 *
 * @typedef {{ kernels: Packed, meta: ModelMeta, matrices: Packed, vectors: Packed }} LoadBody
 */

/** @param {Packed} packed */
const unpack = (packed) => (typeof packed === "string" ? new Uint8Array(fromBase64(packed).buffer) : packed);

/** @param {LoadBody} body */
async function load({ kernels, meta, matrices, vectors }) {
  return new Network(await startMemory(unpack(kernels)), meta, unpack(matrices), unpack(vectors));
}

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

/** @type {Promise<Network>} */
let network;

self.onmessage = async ({ data: { id, kind, channel, body } }) => {
  try {
    if (kind === "load") {
      network = load(body);
      const { tokenWidth, numUniforms, isClasses, canEncode } = await network;
      reply({ id, part: { tokenWidth, numUniforms, isClasses, canEncode } });
      reply({ id, done: true });
    } else if (kind === "drop") {
      tasks.drop(id);
    } else {
      tasks.add({ id, channel, task: REQUESTS[kind](await network, body) });
    }
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
