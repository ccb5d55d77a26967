// Instruments of a page by the id of their widget: those of one session share the tempo, and the session's bar plays them.
// Each widget carries its own copy of this module, so what is shared hangs on the global object under a symbol.
/** @import { InstrumentHandle } from "../types.js" */

import { createEmitter } from "./emitter.js";

const INSTRUMENTS = Symbol.for("latentpalette.instruments");

/**
 * @param {any} [scope]
 * @returns {{ handles: Map<string, InstrumentHandle>, emitter: ReturnType<typeof createEmitter> }}
 */
function registry(scope = globalThis) {
  return (scope[INSTRUMENTS] ??= { handles: new Map(), emitter: createEmitter() });
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
  const offs = [state.on("qpm", follow), state.on("session_id", () => emitter.emit("change"))];
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
