// Session of an instrument, however many views show it: state, history, transport and commands. The palette has its own.
/** @import { ChosenClip, ClipRoute, ClipTable, InstrumentState, Model } from "../types.js" */

import { toBytes } from "./bytes.js";
import { readClips } from "./cliptable.js";
import { createCore } from "./core.js";
import { createEdits } from "./edits.js";
import { createEmitter } from "./emitter.js";
import { joinPage } from "./ensemble.js";
import { createHistory } from "./history.js";
import { createTransport } from "./transport.js";
import { createVersions } from "./versions.js";

const TRAITS = [
  "qpm", "volume", "silenced", "session_id", "mutes", "locks", "volumes", "sounds", "streams", "launch_quantization", "playing",
  "tempo_note", "has_kernel",
];
const MUSIC = ["qpm", "mutes", "locks", "volumes", "sounds"];

/**
 * @param {Model} unsafeModel
 * @param {object} instrument
 * @param {string[]} instrument.traits     its own, beside those of every instrument
 * @param {string[]} instrument.edited     those that undo brings back, and that are offered, with the tempo, when the cell is run again
 * @param {string[]} instrument.audible    those that change what plays
 * @param {(state: SessionState) => ChosenClip | null} instrument.chosen       what should play; null: nothing yet
 * @param {(state: SessionState) => ClipRoute | null} [instrument.route]       what should play instead, one after the other
 * @param {string[]} [instrument.places]   those that say which of its clips plays: the history goes back to that one
 * @param {(state: SessionState) => number[] | null} [instrument.weights]      of the corners' colors where that one lies
 * @param {string[]} [instrument.music]    what else changes its music
 * @typedef {InstrumentState & { table(name: string): ClipTable }} SessionState
 */
export function createInstrumentSession(unsafeModel, { traits, edited, audible, chosen, route, places, weights, music = MUSIC }) {
  const core = createCore(unsafeModel);
  const { model, onError, changed } = core;
  const state = createInstrumentState(model, [...TRAITS, ...traits]);
  const history = createHistory({ onChange: changed });
  /** @param {string[]} names */
  const presentOf = (names) => Object.fromEntries(names.map((name) => [name, state.get(name)]));
  /** What undo brings back of a change: with a trait that is edited all those that are, others by themselves. */
  const namesOf = (/** @type {string[]} */ changed) =>
    changed.some((name) => edited.includes(name)) ? [...new Set([...edited, ...changed])] : changed;
  /** @typedef {Record<string, any>} Values */
  /** @param {(presentOf: (before: Values) => Values) => Values | null} move   undo or redo */
  const applyHistory = (move) => {
    const before = move((values) => presentOf(Object.keys(values)));
    if (before) state.set(before);
  };
  const transport = createTransport({
    state,
    audible,
    chosen: () => chosen(state),
    route: () => route?.(state) ?? null,
    makePlayer: core.makePlayer,
    gainOf: core.gainOf,
    onChange: changed,
    onError,
  });
  const commands = {
    /**
     * Change traits, in a way that undo brings back.
     * @param {Record<string, any>} values
     * @param {boolean} [isFurther]   true if it goes on with a change that undo takes back as one
     */
    change(values, isFurther = false) {
      if (!isFurther) history.push(presentOf(namesOf(Object.keys(values))));
      state.set(values);
    },
    /** @param {string[]} chords   over which the music is decoded */
    setChords: (chords) => commands.change({ chords }),
    /** @param {Record<string, any>} values */
    restoreEdits: (values) => commands.change(values),
    undo: () => applyHistory(history.undo),
    redo: () => applyHistory(history.redo),
  };
  const kept = [...new Set([...edited, "qpm"])];
  const edits = createEdits({ state, model, names: kept, places: places?.filter((name) => !kept.includes(name)), onChange: changed });

  const picture = () => ({ clip: chosen(state)?.clip ?? null, weights: weights?.(state) ?? undefined });
  const versions = createVersions({
    state,
    names: [...edited, ...music].filter((name) => !places?.includes(name)),
    places,
    picture,
    isMoving: () => transport.followed !== null,
    storage: edits.storage,
    onChange: changed,
  });
  const offRefresh = core.on("change", versions.refresh);

  const allowSound = () => core.allowSound(transport);
  const leavePage = joinPage({
    id: model.get("widget_id"),
    state,
    transport,
    commands,
    history,
    edits: { names: kept, places: places ?? [], withdraw: edits.withdraw },
    picture,
    clip: () => chosen(state)?.clip ?? null,
    kit: core.kit,
    on: core.on,
    allowSound,
    useEngine: core.useEngine,
  });

  return {
    model,
    state,
    history,
    transport,
    commands,
    edits,
    versions,
    request: core.request,
    kit: core.kit,
    capture: core.capture,
    gainOf: core.gainOf,
    onError,
    useEngine: core.useEngine,
    on: core.on,
    changed,
    get soundsLoading() {
      return core.soundsLoading;
    },
    get midiOut() {
      return core.midiOut;
    },
    openMidiOut: (/** @type {string | undefined} */ keptAs) => core.openMidiOut(transport, state.streams, keptAs),
    get error() {
      return core.error;
    },
    allowSound,
    get needsClick() {
      return core.needsClick(transport);
    },
    dispose() {
      leavePage();
      offRefresh();
      versions.dispose();
      if (state.get("playing")) state.set({ playing: false }); // no view is left to stop it with
      transport.dispose();
      state.dispose();
      core.dispose();
    },
  };
}

/**
 * @param {Model} model
 * @param {string[]} names   of its traits
 */
function createInstrumentState(model, names) {
  const emitter = createEmitter();
  const handlers = names.map((name) => /** @type {[string, () => void]} */ ([`change:${name}`, () => emitter.emit(name)]));
  for (const [type, handler] of handlers) model.on(type, handler);
  /** @type {Map<string, { value: unknown, table: ClipTable }>} */
  const tables = new Map();
  return {
    get: (/** @type {string} */ name) => model.get(name),
    /** Listen to a trait. */
    on: emitter.on,
    /**
     * Set traits, here and in Python.
     * @param {Record<string, any>} values
     */
    set(values) {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    },
    get streams() {
      return model.get("streams");
    },
    get lanes() {
      return model.get("lanes");
    },
    /**
     * The clips of a trait of bytes.
     * @param {string} name
     */
    table(name) {
      const value = model.get(name);
      const known = tables.get(name);
      if (known?.value === value) return /** @type {NonNullable<typeof known>} */ (known).table;
      const table = readClips(toBytes(value));
      tables.set(name, { value, table });
      return table;
    },
    dispose() {
      for (const [type, handler] of handlers) model.off(type, handler);
    },
  };
}
