// The player of piano rolls that play with others: the script of an instrument brings it, so that rolls alone carry no mixer.
// Each widget carries its own copy of this module, so what is shared hangs on the global object under a symbol.
/** @import { MakeJoinedRolls } from "../types.js" */

import { createEmitter } from "./emitter.js";

const JOINED = Symbol.for("latentpalette.joinedrolls");

/** @returns {{ make: MakeJoinedRolls | null, emitter: ReturnType<typeof createEmitter> }} */
const shared = () => (/** @type {any} */ (globalThis)[JOINED] ??= { make: null, emitter: createEmitter() });

/**
 * Let the rolls of the page play in sessions.
 * @param {MakeJoinedRolls} make
 */
export function provideJoinedPlayer(make) {
  if (shared().make) return;
  shared().make = make;
  shared().emitter.emit("change");
}

/** What makes the player of rolls in a session; null before the script of an instrument has run. */
export const joinedPlayer = () => shared().make;

/**
 * Listen for the script of an instrument.
 * @param {() => void} listener
 * @returns {() => void}   no longer listens
 */
export const onJoinedPlayer = (listener) => shared().emitter.on("change", listener);
