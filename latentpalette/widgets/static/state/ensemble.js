// Instruments of a page by the id of their widget: those of one session share the tempo, and the session's bar plays them.
// Each widget carries its own copy of this module, so what is shared hangs on the global object under a symbol.
/** @import { InstrumentHandle } from "../types.js" */

import { createEmitter } from "./emitter.js";

const INSTRUMENTS = Symbol.for("latentpalette.instruments");

/**
 * @param {any} [scope]
 * @returns {{
 *   handles: Map<string, InstrumentHandle>,
 *   slots: Map<string, HTMLElement>,
 *   volumes: Map<string, number>,
 *   emitter: ReturnType<typeof createEmitter>,
 * }}
 */
function registry(scope = globalThis) {
  return (scope[INSTRUMENTS] ??= { handles: new Map(), slots: new Map(), volumes: new Map(), emitter: createEmitter() });
}

/**
 * Let sessions find an instrument, and give it their tempo.
 * @param {InstrumentHandle} handle
 * @param {any} [scope]
 * @returns {() => void}   forgets it
 */
export function joinPage(handle, scope) {
  const { handles, emitter } = registry(scope);
  handles.set(handle.id, handle);
  const { state } = handle;
  const follow = () => {
    const session = state.get("session_id");
    if (!session) return;
    const qpm = state.get("qpm");
    for (const other of handles.values()) {
      if (other !== handle && other.state.get("session_id") === session && other.state.get("qpm") !== qpm) {
        other.state.set({ qpm });
      }
    }
  };
  /** Take over the tempo of those that it joins; best that of one that sounds. */
  const adopt = () => {
    const session = state.get("session_id");
    const others = [...handles.values()].filter((other) => session && other !== handle && other.state.get("session_id") === session);
    const other = others.find(({ transport }) => transport.sounding) ?? others[0];
    if (other && other.state.get("qpm") !== state.get("qpm")) state.set({ qpm: other.state.get("qpm") });
  };
  const onJoin = () => {
    adopt();
    emitter.emit("change");
  };
  const offs = [state.on("qpm", follow), state.on("session_id", onJoin)];
  adopt();
  emitter.emit("change");
  return () => {
    offs.forEach((off) => off());
    if (handles.get(handle.id) === handle) handles.delete(handle.id);
    emitter.emit("change");
  };
}

/**
 * Listen to instruments that come, go, or join a session.
 * @param {() => void} listener
 * @param {any} [scope]
 */
export const onPageChange = (listener, scope) => registry(scope).emitter.on("change", listener);

/**
 * The instruments of a session that are shown, in the order of `ids`.
 * @param {string[]} ids
 * @param {any} [scope]
 * @returns {InstrumentHandle[]}
 */
export function instrumentsOf(ids, scope) {
  const { handles } = registry(scope);
  return ids.flatMap((id) => handles.get(id) ?? []);
}

/**
 * All instruments that are shown, in the order in which they came.
 * @param {any} [scope]
 * @returns {InstrumentHandle[]}
 */
export const allInstruments = (scope) => [...registry(scope).handles.values()];

/**
 * Offer a place for an instrument to a page that shows one widget after the other.
 * @param {string} id   of the instrument
 * @param {HTMLElement} element
 * @param {any} [scope]
 * @returns {() => void}   takes it back
 */
export function offerSlot(id, element, scope) {
  const { slots } = registry(scope);
  slots.set(id, element);
  return () => void (slots.get(id) === element && slots.delete(id));
}

/**
 * The place that a session has for an instrument, if it has one.
 * @param {string} id
 * @param {any} [scope]
 */
export const slotOf = (id, scope) => registry(scope).slots.get(id);

/**
 * Set the volume of a session, with which those of its instruments are multiplied.
 * @param {string} session   its id
 * @param {number} volume    0 to 1
 * @param {any} [scope]
 */
export function setSessionVolume(session, volume, scope) {
  const { volumes, emitter } = registry(scope);
  volumes.set(session, volume);
  emitter.emit("volume");
}

/**
 * @param {string} session   its id; "" is none
 * @param {any} [scope]
 */
export const sessionVolume = (session, scope) => registry(scope).volumes.get(session) ?? 1;

/**
 * Listen to the volumes of sessions.
 * @param {() => void} listener
 * @param {any} [scope]
 */
export const onSessionVolume = (listener, scope) => registry(scope).emitter.on("volume", listener);
