// Session: one palette, however many views show it: its state, history, commands, player and MIDI out.
/** @import { Grid, Kit, Model, OnError, RequestState } from "../types.js" */

import { loopGain } from "../audio/loudness.js";
import { decodeKit } from "../audio/kit.js";
import { createMidiOut } from "../audio/midiout.js";
import { createPlayer } from "../audio/player.js";
import { toBytes } from "./bytes.js";
import { createCommands } from "./commands.js";
import { createEdits } from "./edits.js";
import { createEmitter } from "./emitter.js";
import { createGridRequest } from "./gridrequest.js";
import { createHistory } from "./history.js";
import { KERNEL_LOST, linkKernel } from "./kernellink.js";
import { createPlayback } from "./playback.js";
import { createRequester } from "./requests.js";
import { shareSessions } from "./sharing.js";
import { createState } from "./state.js";

/** @type {Map<string, { grid: () => Grid, given: unknown }>} */
const GRIDS = new Map(); // by the id of the widget: what is shown, or was when the last view closed

/**
 * Traits of the grid that is shown, which the model does not have: it came as a response.
 * @param {string} id   of the widget
 */
export function shownGrid(id) {
  const grid = GRIDS.get(id)?.grid();
  return grid ? { cells: grid.cells.toBytes(), corner_z: grid.cornerZ, norm_percentiles: grid.norms } : {};
}

/**
 * Forget the grid of a widget that is gone.
 * @param {string} id
 */
export const forgetGrid = (id) => void GRIDS.delete(id);

/**
 * The grid that was shown last, unless Python has sent another since.
 * @param {Model} model
 */
function lastGrid(model) {
  const last = GRIDS.get(model.get("widget_id"));
  return last?.given === model.get("cells") ? last?.grid() : undefined;
}

/** Open a view's share in the session of a palette. */
export const openSession = shareSessions(createSession);

/** @param {Model} unsafeModel */
function createSession(unsafeModel) {
  const emitter = createEmitter();
  const link = linkKernel(unsafeModel, () => {
    if (!model.get("has_kernel")) return;
    model.set("has_kernel", false);
    abandon(new Error(KERNEL_LOST));
    onError(new Error(KERNEL_LOST));
  });
  const { model } = link;
  const state = createState(model, lastGrid(model));
  const id = model.get("widget_id");
  if (id) GRIDS.set(id, { grid: state.snapshot, given: null });
  const { request, abandon, dispose: disposeRequester } = createRequester(model);
  /** @type {RequestState} */
  let decodeState = "idle";
  let pythonDecodes = false; // unasked: the corners or the size were set in Python
  let decodeMs = state.get("decode_ms");
  let error = "";
  let hasGesture = false;
  const changed = () => emitter.emit("change");
  /** @type {OnError} */
  const onError = (problem) => {
    error = problem ? (problem.message ?? String(problem)) : "";
    changed();
  };
  const history = createHistory({ onChange: changed });
  const gridRequest = createGridRequest({
    state,
    request,
    onState(now, ms) {
      decodeState = now;
      if (ms != null) decodeMs = ms;
      if (now === "asking") error = "";
      changed();
    },
    onError,
  });
  // What Python sends unasked: a value of ours that it refused, and the number of loops that it begins to decode.
  const onMessage = (/** @type {any} */ message) => {
    if (message?.type === "problem") onError(new Error(message.error));
    if (message?.type !== "decoding") return;
    pythonDecodes = message.loops > 0;
    changed();
  };
  model.on("msg:custom", onMessage);
  const offCells = state.on("cells", () => {
    if (pythonDecodes) decodeMs = state.get("decode_ms");
    pythonDecodes = false;
    void gridRequest.fillIn();
  });
  /** @type {Kit | null} */
  let decodedKit = null;
  const kit = () =>
    (decodedKit ??= decodeKit(toBytes(model.get("kit")), model.get("kit_index"), model.get("kit_rate")));
  const playback = createPlayback({
    state,
    makePlayer(onState) {
      return hasGesture ? createPlayer({ kit: kit(), onChange: onState }) : null; // browsers require a gesture first
    },
    gainOf: (loop) => loopGain(loop, kit()),
    onChange: changed,
    onError,
  });
  const commands = createCommands({ state, history, gridRequest, request, onError });
  state.on("outside", history.push);
  const edits = createEdits({ state, model, onChange: changed });
  /** @type {ReturnType<typeof createMidiOut> | null} */
  let midiOut = null;
  if (state.isStale) gridRequest.send(); // the last view had closed before its grid came
  else void gridRequest.fillIn();

  return {
    state,
    history,
    playback,
    commands,
    edits,
    request,
    /** Show a problem; null clears it. */
    onError,
    /** Listen to "change": anything but the state has changed. */
    on: emitter.on,
    kit,
    /** MIDI out of all views, where one has opened it; "midi" is emitted when it changes. */
    get midiOut() {
      return midiOut;
    },
    /** @returns {ReturnType<typeof createMidiOut> | null}   null before a click allows sound */
    openMidiOut() {
      const player = playback.ensurePlayer();
      if (!player) return null;
      return (midiOut ??= createMidiOut({
        navigator,
        player,
        streams: state.streams,
        onChange: () => emitter.emit("midi"),
        isHidden: () => document.hidden,
      }));
    },
    get decodeState() {
      return pythonDecodes ? "slow" : decodeState;
    },
    /** Duration of the decoding of the grid [ms]. */
    get decodeMs() {
      return decodeMs;
    },
    /** The problem to show, or "". */
    get error() {
      return error;
    },
    /** Allow sound from here on: call it inside a click or key handler of one of the views. */
    allowSound() {
      hasGesture = true;
      if (!state.get("playing")) return;
      if (playback.player?.state === "waiting") playback.player.resume();
      else if (!playback.sounding) playback.refresh();
    },
    /** True if it should play, but the browser requires a click first. */
    get needsClick() {
      return state.get("playing") && playback.player?.state !== "playing";
    },
    dispose() {
      if (state.get("playing")) state.set({ playing: false }); // no view is left to stop it with
      midiOut?.dispose();
      playback.dispose();
      gridRequest.dispose();
      model.off("msg:custom", onMessage);
      offCells();
      disposeRequester();
      state.dispose();
      link.dispose();
      const { cells, cornerZ, norms, decodedFrom, gridId } = state.snapshot();
      const last = { cells, cornerZ, norms, decodedFrom, gridId };
      if (id) GRIDS.set(id, { grid: () => last, given: model.get("cells") });
    },
  };
}
