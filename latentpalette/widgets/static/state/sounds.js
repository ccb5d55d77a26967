// Sounds: the kit of a session. It is decoded when the session opens, so that it is ready before the first click.
/** @import { Kit, Model, OnError, Request } from "../types.js" */

import { openKit } from "../audio/kitfile.js";
import { toBytes } from "./bytes.js";

const NOT_READY = "The sounds are still being decoded. Try again in a moment.";

/**
 * @param {object} options
 * @param {Model} options.model
 * @param {Request} options.request
 * @param {() => void} options.onReady   called when the kit has become ready after a while
 * @param {OnError} options.onError
 */
export function createSounds({ model, request, onReady, onError }) {
  /** @type {Kit | null} */
  let kit = null;
  /** @type {Error | null} */
  let problem = null;
  let disposed = false;
  const rate = model.get("kit_rate");

  /** @param {unknown} error */
  const fail = (error) => {
    problem = /** @type {Error} */ (error);
  };

  /** @param {Promise<Kit>} decoding */
  async function wait(decoding) {
    try {
      kit = await decoding.catch(requestPlain);
      if (!disposed) onReady();
    } catch (error) {
      fail(error);
      if (!disposed) onError(error);
    }
  }

  /**
   * Ask Python for samples that need no decoding, as this browser cannot decode the others.
   * @param {unknown} error
   * @returns {Promise<Kit>}
   */
  async function requestPlain(error) {
    const reason = /** @type {any} */ (error)?.message ?? error;
    if (!model.get("has_kernel")) throw new Error(`This browser cannot decode the sounds (${reason}). Try another one.`);
    const { body, buffers } = await request("kit", {});
    return openKit(toBytes(buffers[0]), body.index, rate);
  }

  try {
    const opened = openKit(toBytes(model.get("kit")), model.get("kit_index") ?? [], rate);
    if (opened instanceof Promise) void wait(opened);
    else kit = opened;
  } catch (error) {
    fail(error);
  }

  return {
    /** True while it is being decoded: nothing can be played yet. */
    get pending() {
      return !kit && !problem;
    },
    /**
     * @returns {Kit}
     * @throws {Error}   while it is not ready, or if it cannot be read
     */
    get kit() {
      if (kit) return kit;
      throw problem ?? new Error(NOT_READY);
    },
    dispose() {
      disposed = true;
    },
  };
}
