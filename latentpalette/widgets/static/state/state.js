// What the palette is at this moment: the model's traits, and the grid that was decoded last.
// The grid is kept here, not written back to the model: it comes from Python and need not return there.
import { createEmitter } from "./emitter.js";
import { masksOfCell } from "./pattern.js";

export const STEPS = 32;

// A copy, because the bytes that arrive may start at an odd offset.
export function toBytes(value) {
  if (!value) return new Uint8Array(0);
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  return new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
}

const toMasks = (value) => new Uint16Array(toBytes(value).buffer);

export function createState(model) {
  const emitter = createEmitter();
  let cells = toMasks(model.get("cells"));
  let norms = model.get("norm_percentiles");
  let ownChanges = 0; // above zero while a change comes from this side
  let before = null; // the state as it was, for the history, when Python changes the corners

  const get = (name) => model.get(name);
  const keyOf = (patterns, size) => JSON.stringify([patterns, size]);
  let decodedFrom = keyOf(get("patterns"), get("size"));

  const snapshot = () => ({
    patterns: get("patterns"),
    labels: get("labels"),
    size: get("size"),
    points: get("points"),
    cells,
    norms,
    decodedFrom,
  });

  const state = {
    get,
    on: emitter.on,
    // Sets traits and tells Python.
    set(values) {
      ownChanges++;
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
      ownChanges--;
      before = snapshot();
    },
    snapshot,
    restore({ patterns, labels, size, points, ...grid }) {
      adopt(grid.cells, grid.norms, grid.decodedFrom);
      state.set({ patterns, labels, size, points });
    },
    // Takes a decoded grid; `from` tells which corners it belongs to.
    adopt(bytes, percentiles, patterns, size) {
      adopt(toMasks(bytes), percentiles, keyOf(patterns, size));
      before = snapshot();
    },
    get cells() {
      return cells;
    },
    get norms() {
      return norms;
    },
    // Cells along a side of the grid that is shown; the trait may be ahead of it while a new one is decoded.
    get size() {
      return Math.round(Math.sqrt(cells.length / STEPS)) || get("size");
    },
    get isStale() {
      return decodedFrom !== keyOf(get("patterns"), get("size"));
    },
    // The masks that a cell plays and shows: a corner cell is the corner itself while `originals` is on.
    masksAt(row, col) {
      const { size } = state;
      return masksOfCell({ cells, size, patterns: get("patterns"), originals: get("originals") }, { row, col });
    },
    dispose() {
      for (const [name, handler] of handlers) model.off(`change:${name}`, handler);
    },
  };

  function adopt(masks, percentiles, from) {
    cells = masks;
    norms = percentiles;
    decodedFrom = from;
    emitter.emit("cells");
  }

  // Python set new corners: take its grid, and let the history keep what was before.
  const fromOutside = () => {
    if (ownChanges) return;
    const incoming = toMasks(model.get("cells"));
    const size = get("size");
    if (incoming.length !== size * size * STEPS) return; // the rest of the message is still to come
    const key = keyOf(get("patterns"), size);
    const changed = key !== keyOf(before.patterns, before.size);
    if (changed) emitter.emit("outside", before);
    adopt(incoming, get("norm_percentiles"), key);
    before = snapshot();
  };
  const handlers = [
    ["cells", fromOutside],
    ["patterns", fromOutside],
    ["size", fromOutside],
    ...TRAITS.map((name) => [name, () => emitter.emit(name)]),
  ];
  for (const [name, handler] of handlers) model.on(`change:${name}`, handler);
  before = snapshot();
  return state;
}

const TRAITS = [
  "patterns", "labels", "size", "puck", "points", "qpm", "volume", "mutes", "locks", "quantise", "bars_per_cell",
  "path_mode", "tool", "playing", "originals", "decode_ms", "live",
];
