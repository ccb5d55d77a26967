// Commands: everything that changes the palette and can be undone: corners, size, interpolation and path.
/** @import { EditedTraits, GridRequest, History, OnError, Point, Request, Snapshot, State } from "../types.js" */

import { MAX_PATH_POINTS } from "./geometry.js";
import { NUM_STEPS } from "./pattern.js";

const MAX_LABEL_LENGTH = 300; // as Python accepts it

/**
 * @template T
 * @param {T[]} list
 * @param {number} index
 * @param {T} value
 */
const replaced = (list, index, value) => list.map((item, i) => (i === index ? value : item));

/**
 * @param {{ state: State, history: History, gridRequest: GridRequest, request: Request, onError: OnError }} session
 */
export function createCommands({ state, history, gridRequest, request, onError }) {
  const remember = () => history.push(state.snapshot());

  /**
   * @param {number} corner
   * @param {number[]} pattern
   * @param {string} label
   * @param {string[]} [leftOut]   what of its music it could not take
   */
  const setCorner = (corner, pattern, label, leftOut = []) => {
    remember();
    state.set({
      patterns: replaced(state.get("patterns"), corner, pattern),
      labels: replaced(state.get("labels"), corner, label.slice(0, MAX_LABEL_LENGTH)),
      left_out: replaced(state.get("left_out"), corner, leftOut),
    });
    gridRequest.send();
  };

  /** @param {(present: Snapshot) => Snapshot | null} move   undo or redo */
  const applyHistory = (move) => {
    const snapshot = move(state.snapshot());
    if (!snapshot) return;
    state.restore(snapshot);
    if (!state.get("has_kernel")) return;
    if (state.isStale) gridRequest.send(); // it was left before its grid had come
    else {
      const { patterns, labels, size, interpolation, cells, cornerZ, norms } = snapshot;
      const buffers = [cells.slice().buffer, cornerZ.slice().buffer];
      request("restore", { patterns, labels, size, interpolation, norm_percentiles: norms }, buffers).catch(onError);
    }
  };

  return {
    setCorner,
    /** @param {number} corner */
    clear: (corner) => setCorner(corner, new Array(NUM_STEPS).fill(0), "Empty"),
    /**
     * Put a random sample of the model in a corner.
     * @param {number} corner
     * @param {number} temperature
     * @param {number} seed
     */
    async sample(corner, temperature, seed) {
      const { body } = await request("sample", { temperature, seed });
      setCorner(corner, body.pattern, body.label);
    },
    /**
     * Begin a stroke of the step grid's brush: one stroke is one step of the history.
     * @param {number} corner
     */
    beginPaint(corner) {
      remember();
      const label = state.get("labels")[corner];
      const edited = `${label.slice(0, MAX_LABEL_LENGTH - 8)}, edited`;
      if (!label.endsWith(", edited")) state.set({ labels: replaced(state.get("labels"), corner, edited) });
    },
    /**
     * Set or clear one step of a drum in a corner.
     * @param {number} corner
     * @param {number} drum
     * @param {number} step
     * @param {boolean} on
     * @returns {boolean}   true if that changed anything
     */
    paint(corner, drum, step, on) {
      const patterns = state.get("patterns");
      const token = patterns[corner][step];
      const painted = on ? token | (1 << drum) : token & ~(1 << drum);
      if (painted === token) return false;
      state.set({ patterns: replaced(patterns, corner, replaced(patterns[corner], step, painted)) });
      gridRequest.send();
      return true;
    },
    /** @param {Point[]} points */
    setPath(points) {
      if (points.length > MAX_PATH_POINTS) {
        return onError(new Error(`A path has up to ${MAX_PATH_POINTS} points; this one has ${points.length}.`));
      }
      remember();
      state.set({ points });
    },
    /**
     * Restore what was edited in an earlier palette.
     * @param {EditedTraits} traits
     */
    restoreEdits({ interpolation, ...traits }) {
      remember();
      state.set(state.get("has_prior") && interpolation != null ? { ...traits, interpolation } : traits);
      if (state.isStale) gridRequest.send();
    },
    /** @param {number} size   cells along a side */
    setSize(size) {
      if (size === state.get("size")) return;
      remember();
      state.set({ size });
      gridRequest.send();
    },
    /**
     * Blend the corners at another time of the flow: 0 is musical, 1 is smooth.
     * @param {number} interpolation
     * @param {boolean} isFurther   true if it goes on with a change that undo takes back as one
     */
    setInterpolation(interpolation, isFurther) {
      if (interpolation === state.get("interpolation")) return;
      if (!isFurther) remember();
      state.set({ interpolation });
      gridRequest.send();
    },
    undo: () => applyHistory(history.undo),
    redo: () => applyHistory(history.redo),
  };
}
