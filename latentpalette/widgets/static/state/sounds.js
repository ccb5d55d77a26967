// Sounds: the kit of a session. It is decoded when the session opens, so that it is ready before the first click.
//
// Python renders a kit in the background, at first and when a stream gets another instrument: it is asked for again and
// again, and the old one plays until the new one is decoded.
/** @import { Kit, Model, OnError, Request, Timeouts } from "../types.js" */

import { openKit } from "../audio/kitfile.js";
import { toBytes } from "./bytes.js";

const NOT_READY = "The sounds are still being rendered. Try again in a moment.";
const ASK_MILLISECONDS = 150;

/**
 * @param {object} options
 * @param {Model} options.model
 * @param {Request} options.request
 * @param {() => void} options.onReady    called when a kit has become ready after a while
 * @param {() => void} [options.onChange]   called when `loading` has changed
 * @param {OnError} options.onError
 * @param {Timeouts} [options.timers]
 */
export function createSounds({ model, request, onReady, onChange = () => {}, onError, timers = globalThis }) {
  /** @type {Kit | null} */
  let kit = null;
  /** @type {Error | null} */
  let problem = null;
  let disposed = false;
  let opened = 0; // counts the kits: a decoder may be overtaken by that of a later one
  let asking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timeout;
  const rate = model.get("kit_rate");

  /** @param {unknown} error */
  const fail = (error) => {
    problem = /** @type {Error} */ (error);
    if (!disposed) onError(error);
  };

  /**
   * @param {Promise<Kit>} decoding
   * @param {number} own
   */
  async function wait(decoding, own) {
    try {
      const ready = await decoding.catch(requestPlain);
      if (disposed || own !== opened) return;
      kit = ready;
      onReady();
    } catch (error) {
      if (own === opened) fail(error);
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

  /** Open the kit that the model has. */
  function open() {
    const own = ++opened;
    try {
      const decoding = openKit(toBytes(model.get("kit")), model.get("kit_index") ?? [], rate);
      if (decoding instanceof Promise) return void wait(decoding, own);
      kit = decoding;
      if (own > 1) onReady();
    } catch (error) {
      problem = /** @type {Error} */ (error);
    }
  }

  const isRendered = () => model.get("kit")?.byteLength !== 0; // Python sends it empty, until it is

  /** Ask Python whether the kit is there; when it is, it comes as traits. */
  async function ask() {
    try {
      const { body } = await request("sounds", {});
      if (disposed) return;
      if (!body.ready) return void (timeout = timers.setTimeout(ask, ASK_MILLISECONDS));
    } catch (error) {
      fail(error);
    }
    asking = false;
    onChange();
  }

  function expect() {
    problem = null;
    if (asking || !model.get("has_kernel")) return;
    asking = true;
    onChange();
    void ask();
  }

  const onSounds = () => expect();
  model.on("change:kit", open);
  model.on("change:sounds", onSounds);
  if (isRendered() || !model.get("has_kernel")) open();
  else expect();

  return {
    /** True while nothing can be played yet. */
    get pending() {
      return !kit && !problem;
    },
    /** True while Python renders other sounds than those that are played. */
    get loading() {
      return asking;
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
      timers.clearTimeout(timeout);
      model.off("change:kit", open);
      model.off("change:sounds", onSounds);
    },
  };
}
