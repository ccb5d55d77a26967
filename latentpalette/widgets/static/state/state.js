// State of a palette: the model's traits, and the grid that was decoded last.
// The grid is kept here, not written back to the model: it comes from Python and need not return there.
/** @import { Clip, Grid, GridInputs, Model, Snapshot, Traits } from "../types.js" */

import { toBytes } from "./bytes.js";
import { clipFromJson } from "./clip.js";
import { readClips } from "./cliptable.js";
import { createEmitter } from "./emitter.js";

/** @type {(keyof Traits)[]} */
const TRAITS = [
  "corner_clips", "labels", "left_out", "tempo_note", "size", "puck", "points", "qpm", "volume", "silenced", "session_id", "mutes", "locks", "volumes", "sounds", "streams",
  "launch_quantization", "bars_per_cell",
  "path_mode", "tool", "playing", "use_original_corners", "between_cells", "interpolation", "chords", "decode_ms", "has_kernel",
];

/**
 * @param {Model} model
 * @param {Grid} [grid]   the one that was decoded last, where it is not the model's
 */
export function createState(model, grid) {
  const emitter = createEmitter();
  let ownChanges = 0; // above zero while a change comes from this side

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   * @returns {Traits[Name]}
   */
  const get = (name) => model.get(name);
  /** @param {GridInputs} inputs */
  const keyOf = ({ corner_clips, size, interpolation, chords }) => JSON.stringify([corner_clips, size, interpolation, chords]);
  /** @returns {GridInputs} */
  const inputs = () => ({
    corner_clips: get("corner_clips"),
    size: get("size"),
    interpolation: get("interpolation"),
    chords: get("chords") ?? [], // a notebook that was saved by an earlier version has none
  });
  /** @returns {Grid} */
  const modelGrid = () => ({
    cells: readClips(toBytes(model.get("cells"))),
    cornerZ: toBytes(model.get("corner_z")),
    norms: model.get("norm_percentiles"),
    decodedFrom: keyOf(inputs()),
    gridId: model.get("grid_id"),
  });
  let present = grid ?? modelGrid();

  /** @returns {Snapshot} */
  const snapshot = () => ({
    ...inputs(),
    labels: get("labels"),
    left_out: get("left_out"),
    points: get("points"),
    ...present,
  });
  let before = snapshot(); // for the history, when Python changes the corners

  /** @param {Partial<Traits>} values */
  const set = (values) => {
    ownChanges++;
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
    ownChanges--;
    before = snapshot();
  };

  /** @param {Partial<Grid>} changes */
  const setGrid = (changes) => {
    present = { ...present, ...changes };
    emitter.emit("cells");
  };

  // Python has set new corners: take its grid, and let the history keep what was before.
  const onPythonChange = () => {
    if (ownChanges) return;
    const incoming = modelGrid();
    if (incoming.cells.length !== get("size") ** 2) return; // the rest of the message is still to come
    if (incoming.decodedFrom !== keyOf(before)) emitter.emit("outside", before);
    setGrid(incoming);
    before = snapshot();
  };
  /** @type {[string, () => void][]} */
  const handlers = [
    ["cells", onPythonChange],
    ["corner_clips", onPythonChange],
    ["size", onPythonChange],
    ["interpolation", onPythonChange],
    ["chords", onPythonChange],
    ...TRAITS.map((name) => /** @type {[string, () => void]} */ ([name, () => emitter.emit(name)])),
  ];
  for (const [name, handler] of handlers) model.on(`change:${name}`, handler);

  /** @type {{ json: unknown, clips: Clip[] }} */
  let corners = { json: null, clips: [] };
  const cornerClips = () => {
    const json = get("corner_clips");
    if (json !== corners.json) corners = { json, clips: json.map(clipFromJson) };
    return corners.clips;
  };

  const state = {
    get,
    /** Listen to a trait, to "cells", or to "outside" (Python has changed the corners; with the snapshot from before). */
    on: emitter.on,
    /** Set traits, here and in Python. */
    set,
    snapshot,
    /** @param {Snapshot} snapshot */
    restore({ cells, cornerZ, norms, decodedFrom, gridId, ...traits }) {
      setGrid({ cells, cornerZ, norms, decodedFrom, gridId });
      set(traits);
    },
    /**
     * Show a decoded grid.
     * @param {object} grid
     * @param {DataView<ArrayBuffer>[]} grid.buffers   clips of the cells, z of the corners
     * @param {number[]} grid.percentiles
     * @param {number} grid.gridId
     * @param {GridInputs} grid.from                   what it was decoded from
     */
    adopt({ buffers, percentiles, gridId, from }) {
      const [bytes, z] = buffers;
      const cells = readClips(toBytes(bytes));
      setGrid({ cells, cornerZ: toBytes(z), norms: percentiles, decodedFrom: keyOf(from), gridId });
      before = snapshot();
    },
    /**
     * Show more cells of the grid that is shown.
     * @param {number[]} indices
     * @param {DataView<ArrayBuffer>} buffer   their clips
     */
    fillIn(indices, buffer) {
      setGrid({ cells: present.cells.with(indices, toBytes(buffer)) });
      before = snapshot();
    },
    /**
     * Take Python's number of the grid that is shown.
     * @param {number} gridId
     */
    identify(gridId) {
      present = { ...present, gridId };
    },
    get cells() {
      return present.cells;
    },
    get gridId() {
      return present.gridId;
    },
    /** Percentile of each cell's norm among random samples of the model. */
    get norms() {
      return present.norms;
    },
    /** Cells along a side of the grid that is shown; the trait may be ahead of it while a new one is decoded. */
    get size() {
      return Math.round(Math.sqrt(present.cells.length)) || get("size");
    },
    /** Length of the model's music [sixteenths]. */
    get steps() {
      return get("corner_clips")[0].steps;
    },
    /** What the next grid is decoded from. */
    get inputs() {
      return inputs();
    },
    /** True if the grid was decoded from other corners, in another size, by another interpolation or over other chords. */
    get isStale() {
      return present.decodedFrom !== keyOf(inputs());
    },
    get streams() {
      return get("streams");
    },
    get lanes() {
      return get("lanes");
    },
    /**
     * The clip that a cell plays and shows, before locks and mutes; null while it is not decoded. A corner cell has the
     * corner itself where `use_original_corners` is set, else its reconstruction.
     * @param {number} row
     * @param {number} col
     * @returns {Clip | null}
     */
    clipAt(row, col) {
      const edge = state.size - 1;
      const isCorner = [0, edge].includes(row) && [0, edge].includes(col);
      if (isCorner && get("use_original_corners")) return cornerClips()[(row ? 2 : 0) + (col ? 1 : 0)]; // A B above C D
      return present.cells.at(row * state.size + col);
    },
    /**
     * The clip of a corner.
     * @param {number} corner
     * @returns {Clip}
     */
    cornerClip: (corner) => cornerClips()[corner],
    dispose() {
      for (const [name, handler] of handlers) model.off(`change:${name}`, handler);
    },
  };
  return state;
}
