// State of a palette: the model's traits, and the grid that was decoded last.
// The grid is kept here, not written back to the model: it comes from Python and need not return there.
/** @import { Clip, Grid, GridInputs, Lane, Model, Snapshot, Stream, Traits } from "../types.js" */

import { toBytes } from "./bytes.js";
import { createEmitter } from "./emitter.js";
import { NUM_STEPS, clipOfPattern, tokensOfCell } from "./pattern.js";

/** @type {(keyof Traits)[]} */
const TRAITS = [
  "patterns", "labels", "left_out", "tempo_note", "size", "puck", "points", "qpm", "volume", "mutes", "locks", "launch_quantization", "bars_per_cell",
  "path_mode", "tool", "playing", "use_original_corners", "interpolation", "decode_ms", "has_kernel",
];

/** @param {any} value */
const toTokens = (value) => new Uint16Array(toBytes(value).buffer);

/**
 * @param {Model} model
 * @param {Grid} [grid]   the one that was decoded last, where it is not the model's
 */
export function createState(model, grid) {
  const emitter = createEmitter();
  let cells = grid?.cells ?? toTokens(model.get("cells"));
  let cornerZ = grid?.cornerZ ?? toBytes(model.get("corner_z"));
  /** @type {number[]} */
  let norms = grid?.norms ?? model.get("norm_percentiles");
  let ownChanges = 0; // above zero while a change comes from this side

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   * @returns {Traits[Name]}
   */
  const get = (name) => model.get(name);
  /** @param {GridInputs} inputs */
  const keyOf = ({ patterns, size, interpolation }) => JSON.stringify([patterns, size, interpolation]);
  /** @returns {GridInputs} */
  const inputs = () => ({ patterns: get("patterns"), size: get("size"), interpolation: get("interpolation") });
  let decodedFrom = grid?.decodedFrom ?? keyOf(inputs());

  /** @returns {Snapshot} */
  const snapshot = () => ({
    ...inputs(),
    labels: get("labels"),
    left_out: get("left_out"),
    points: get("points"),
    cells,
    cornerZ,
    norms,
    decodedFrom,
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

  /** @param {Grid} next */
  const setGrid = (next) => {
    ({ cells, cornerZ, norms, decodedFrom } = next);
    emitter.emit("cells");
  };

  // Python has set new corners: take its grid, and let the history keep what was before.
  const onPythonChange = () => {
    if (ownChanges) return;
    const incoming = toTokens(model.get("cells"));
    const size = get("size");
    if (incoming.length !== size * size * NUM_STEPS) return; // the rest of the message is still to come
    const key = keyOf(inputs());
    const changed = key !== keyOf(before);
    if (changed) emitter.emit("outside", before);
    setGrid({
      cells: incoming,
      cornerZ: toBytes(model.get("corner_z")),
      norms: model.get("norm_percentiles"),
      decodedFrom: key,
    });
    before = snapshot();
  };
  /** @type {[string, () => void][]} */
  const handlers = [
    ["cells", onPythonChange],
    ["patterns", onPythonChange],
    ["size", onPythonChange],
    ["interpolation", onPythonChange],
    ...TRAITS.map((name) => /** @type {[string, () => void]} */ ([name, () => emitter.emit(name)])),
  ];
  for (const [name, handler] of handlers) model.on(`change:${name}`, handler);

  const state = {
    get,
    /** Listen to a trait, to "cells", or to "outside" (Python has changed the corners; with the snapshot from before). */
    on: emitter.on,
    /** Set traits, here and in Python. */
    set,
    snapshot,
    /** @param {Snapshot} snapshot */
    restore({ patterns, labels, left_out, size, interpolation, points, ...grid }) {
      setGrid(grid);
      set({ patterns, labels, left_out, size, interpolation, points });
    },
    /**
     * Show a decoded grid.
     * @param {object} grid
     * @param {DataView<ArrayBuffer>[]} grid.buffers   tokens of the cells, z of the corners
     * @param {number[]} grid.percentiles
     * @param {GridInputs} grid.from                   what it was decoded from
     */
    adopt({ buffers, percentiles, from }) {
      const [bytes, z] = buffers;
      setGrid({ cells: toTokens(bytes), cornerZ: toBytes(z), norms: percentiles, decodedFrom: keyOf(from) });
      before = snapshot();
    },
    get cells() {
      return cells;
    },
    /** Percentile of each cell's norm among random samples of the model. */
    get norms() {
      return norms;
    },
    /** Cells along a side of the grid that is shown; the trait may be ahead of it while a new one is decoded. */
    get size() {
      return Math.round(Math.sqrt(cells.length / NUM_STEPS)) || get("size");
    },
    /** What the next grid is decoded from. */
    get inputs() {
      return inputs();
    },
    /** True if the grid was decoded from other corners, in another size or by another interpolation. */
    get isStale() {
      return decodedFrom !== keyOf(inputs());
    },
    /**
     * The tokens that a cell plays and shows.
     * @param {number} row
     * @param {number} col
     */
    tokensAt(row, col) {
      const { size } = state;
      const palette = { cells, size, patterns: get("patterns"), use_original_corners: get("use_original_corners") };
      return tokensOfCell(palette, { row, col });
    },
    /** @returns {Stream[]} */
    get streams() {
      const pitches = get("pitches");
      const [low, high] = [Math.min(...pitches), Math.max(...pitches)];
      return [{ name: "drums", is_drum: true, program: 0, instrument: "Standard Kit", low, high }];
    },
    /** @returns {Lane[]} */
    get lanes() {
      return get("drums").map((name, drum) => ({ name, stream: 0, pitches: [get("pitches")[drum]] }));
    },
    /**
     * The clip that a cell plays and shows, before locks and mutes; null while it is not decoded.
     * @param {number} row
     * @param {number} col
     * @returns {Clip | null}
     */
    clipAt(row, col) {
      return clipOfPattern(state.tokensAt(row, col), { accents: get("accents"), pitches: get("pitches") });
    },
    /**
     * The clip of a corner.
     * @param {number} corner
     * @returns {Clip}
     */
    cornerClip(corner) {
      return clipOfPattern(get("patterns")[corner], { accents: get("accents"), pitches: get("pitches") });
    },
    dispose() {
      for (const [name, handler] of handlers) model.off(`change:${name}`, handler);
    },
  };
  return state;
}
