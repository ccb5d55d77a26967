// Audio output, from the first click on: the audio context and the master bus. Survives a new context.
/** @import { GivenContext, Kit, Scope, SendNote, TapNote } from "../types.js" */

import { sharedContext } from "./audiocontext.js";
import { createMasterBus } from "./masterbus.js";

/**
 * @param {object} options
 * @param {GivenContext} options.given
 * @param {AudioNode} [options.destination]
 * @param {Kit} options.kit
 * @param {() => void} options.onState    called when the context's state has changed
 * @param {Scope} options.scope
 */
export function createOutput({ given, destination, kit, onState, scope }) {
  /** @type {{ context: AudioContext, masterBus: ReturnType<typeof createMasterBus> } | null} */
  let chain = null; // from the first click on
  let volume = 1;
  let silent = false;
  /** @type {SendNote | null} */
  let sendNote = null;

  /**
   * @param {AudioContext} to
   * @param {AudioNode} [through]
   */
  const connect = (to, through) => {
    disconnect();
    chain = { context: to, masterBus: createMasterBus({ context: to, destination: through, kit, volume, silent }) };
    to.addEventListener("statechange", onState);
    return chain;
  };

  const disconnect = () => {
    chain?.masterBus.dispose();
    chain?.context.removeEventListener("statechange", onState);
    chain = null;
  };

  /** Make or wake the context. Browsers allow that inside a click or key handler only. */
  const wake = () => {
    let ready = chain ?? connect(typeof given === "function" ? given(kit.rate, scope) : given, destination);
    if (ready.context.state === "closed") ready = connect(sharedContext(kit.rate, scope)); // another has replaced it
    if (ready.context.state !== "running") ready.context.resume().catch(() => {}); // refused: the state says so
    return ready;
  };

  return {
    wake,
    /** Null before the first click. */
    get context() {
      return chain?.context ?? null;
    },
    get running() {
      return chain?.context.state === "running";
    },

    /** @param {AudioContext} fresh */
    replace(fresh) {
      connect(fresh);
      return wake();
    },

    /** @param {Kit} to */
    setKit(to) {
      kit = to;
      chain?.masterBus.setKit(to);
    },

    /** @param {number} to   0 to 1 */
    setVolume(to) {
      volume = to;
      chain?.masterBus.setVolume(to);
    },

    /**
     * @param {boolean} to
     * @param {SendNote | null} instead   gets single notes meanwhile
     */
    setSilent(to, instead) {
      silent = to;
      sendNote = to ? instead : null;
      chain?.masterBus.setSilent(to);
    },

    /**
     * Play one note at once.
     * @param {TapNote} note
     */
    tap(note) {
      if (sendNote) return sendNote(note);
      wake().masterBus.tap(note);
    },

    dispose: disconnect,
  };
}
