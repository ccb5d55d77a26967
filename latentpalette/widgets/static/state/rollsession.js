// Session of piano rolls, however many views show them: their player, and the link to Python.
/** @import { Model, RollItem } from "../types.js" */

import { toBytes } from "./bytes.js";
import { createEmitter } from "./emitter.js";
import { createRollPlayer } from "./rollplayer.js";
import { linkKernel } from "./kernellink.js";
import { createRequester } from "./requests.js";
import { shareSessions } from "./sharing.js";

const NO_KERNEL = "Python was restarted or has stopped: run the cell again for this.";

/** Open a view's share in the session of piano rolls. */
export const openRolls = shareSessions(createRollSession);

/** @param {Model} model */
function createRollSession(model) {
  let alone = false;
  const abandon = () => {
    alone = true;
    requester.abandon(new Error(NO_KERNEL));
  };
  const link = linkKernel(model, abandon);
  const requester = createRequester(link.model);
  if (model.get("has_kernel") === false) abandon(); // opened with a saved notebook
  /**
   * @param {string} name
   * @param {object} body
   */
  const fetchBytes = async (name, body) => (await requester.request(name, body)).buffers[0];
  const items = /** @type {RollItem[]} */ (model.get("items"));
  const emitter = createEmitter();
  const player = createRollPlayer({
    items,
    repeat: model.get("repeat"),
    onError: (problem) => emitter.emit("problem", problem),
    async loadFile(index) {
      const type = model.get("mime_type");
      const sent = soundOf(model.get("sounds"), items[index]);
      if (sent) return { bytes: sent, type, frames: items[index].frames, lead: items[index].lead };
      const { body, buffers } = await requester.request("sound", { index });
      return { bytes: toBytes(buffers[0]), type, frames: body.frames, lead: body.lead };
    },
  });
  return {
    items,
    player,
    /** Listen to "problem". */
    on: emitter.on,
    fetchBytes,
    /** True where no Python answers. */
    get alone() {
      return alone;
    },
    dispose() {
      player.dispose();
      requester.dispose();
      link.dispose();
    },
  };
}

/**
 * The sound of an item; null where it was not sent.
 * @param {DataView<ArrayBuffer>} sounds   those of all items
 * @param {RollItem} item
 */
function soundOf(sounds, { start, length }) {
  if (!length || start + length > sounds.byteLength) return null;
  return new Uint8Array(sounds.buffer, sounds.byteOffset + start, length);
}
