// Session: one palette, however many views show it: its state, history, commands, player and MIDI out.
/** @import { Grid, History, Model, RequestState } from "../types.js" */

import { createBetweenCells } from "./betweencells.js";
import { createCommands } from "./commands.js";
import { createCore } from "./core.js";
import { createEdits } from "./edits.js";
import { joinPage } from "./ensemble.js";
import { createGridRequest } from "./gridrequest.js";
import { cellCenter, weightsAt } from "./geometry.js";
import { createHistory } from "./history.js";
import { createPlayback } from "./playback.js";
import { canAsk } from "./requests.js";
import { shareSessions } from "./sharing.js";
import { createState } from "./state.js";
import { createVersions } from "./versions.js";

const EDITED = [
  "corner_clips", "labels", "left_out", "size", "points", "qpm", "mutes", "locks", "volumes", "sounds",
  "bars_per_cell", "path_mode", "launch_quantization", "use_original_corners", "between_cells", "interpolation",
  "chords",
];
const PLACES = ["puck"];
const WHERE = [...PLACES, "tool"]; // in state files, beside what is edited
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
  const core = createCore(unsafeModel);
  const { model, request, onError, changed, gainOf, makePlayer } = core;
  const state = createState(model, lastGrid(model));
  const id = model.get("widget_id");
  if (id) GRIDS.set(id, { grid: state.snapshot, given: null });
  /** @type {RequestState} */
  let decodeState = "idle";
  let pythonDecodes = false; // unasked: the corners or the size were set in Python
  let decodeMs = state.get("decode_ms");
  /** @type {History} */
  const history = createHistory({ onChange: changed });
  const gridRequest = createGridRequest({
    state,
    request,
    onState(now, ms) {
      decodeState = now;
      if (ms != null) decodeMs = ms;
      if (now === "asking") onError(null);
      changed();
    },
    onError,
  });
  // What Python sends unasked: the number of loops that it begins to decode.
  const onMessage = (/** @type {any} */ message) => {
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
  const between = createBetweenCells({
    state,
    request,
    onPlace() {
      changed();
      if (state.get("playing") && !playback.followed) playback.refresh();
    },
    onError,
  });
  const playback = createPlayback({ state, between, makePlayer, gainOf, onChange: changed, onError });
  const commands = createCommands({ state, history, gridRequest, request, onError });
  state.on("outside", history.push);
  const edits = createEdits({ state, model, names: EDITED, places: WHERE, onChange: changed });
  const picture = () => {
    const { corner, cell, clip } = playback;
    if (corner !== null) return { clip: clip(), weights: weightsAt(corner % 2, corner > 1 ? 1 : 0) };
    const { row, col } = cell();
    const isComing = state.isStale && canAsk(state, "decode");
    return { clip: isComing ? null : clip(), weights: weightsAt(...cellCenter(row, col, state.size)) };
  };
  const versions = createVersions({
    state,
    names: EDITED,
    places: PLACES,
    picture,
    isMoving: () => playback.followed !== null,
    storage: edits.storage,
    onChange: changed,
  });
  const offRefresh = core.on("change", versions.refresh);
  if (state.isStale) gridRequest.send(); // the last view had closed before its grid came
  else void gridRequest.fillIn();

  const allowSound = () => core.allowSound(playback);
  const leavePage = joinPage({
    id,
    state,
    transport: playback,
    commands,
    history,
    edits: { names: EDITED, places: PLACES, withdraw: edits.withdraw },
    picture,
    clip: playback.clip,
    kit: core.kit,
    on: core.on,
    allowSound,
    useEngine: core.useEngine,
    setCorners: commands.setCorners,
  });

  return {
    state,
    history,
    playback,
    transport: playback,
    commands,
    edits,
    versions,
    request,
    onError,
    on: core.on,
    kit: core.kit,
    capture: core.capture,
    get soundsLoading() {
      return core.soundsLoading;
    },
    get midiOut() {
      return core.midiOut;
    },
    openMidiOut: (/** @type {string | undefined} */ keptAs) => core.openMidiOut(playback, state.streams, keptAs),
    useEngine: core.useEngine,
    get decodeState() {
      return pythonDecodes ? "slow" : decodeState;
    },
    /** Duration of the decoding of the grid [ms]. */
    get decodeMs() {
      return decodeMs;
    },
    get error() {
      return core.error;
    },
    allowSound,
    get needsClick() {
      return core.needsClick(playback);
    },
    dispose() {
      leavePage();
      offRefresh();
      versions.dispose();
      if (state.get("playing")) state.set({ playing: false }); // no view is left to stop it with
      playback.dispose();
      between.dispose();
      gridRequest.dispose();
      model.off("msg:custom", onMessage);
      offCells();
      state.dispose();
      core.dispose();
      const { cells, cornerZ, norms, decodedFrom, gridId } = state.snapshot();
      const last = { cells, cornerZ, norms, decodedFrom, gridId };
      if (id) GRIDS.set(id, { grid: () => last, given: model.get("cells") });
    },
  };
}
