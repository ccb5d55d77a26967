// Commands: everything that changes the palette and can be undone: corners, size, interpolation, chords, path, mutes and locks.
/** @import { Change, Clip, ClipJson, EditedTraits, GridRequest, History, Note, OnError, Point, Request, Snapshot, State } from "../types.js" */

import { byStep, clipFromJson, clipToJson } from "./clip.js";
import { MAX_PATH_POINTS } from "./geometry.js";
import { MAX_LABEL_LENGTH, editedLabel } from "./labels.js";
import { canAsk } from "./requests.js";

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
  /** @param {string[]} names */
  const presentOf = (names) => Object.fromEntries(names.map((name) => [name, state.get(/** @type {any} */ (name))]));
  /** @param {string[]} [others]   names of traits that change beside what the grid depends on */
  const remember = (others = []) => history.push({ ...state.snapshot(), ...presentOf(others) });

  /**
   * @param {number} corner
   * @param {Clip} clip
   * @param {string} label
   * @param {string[]} [leftOut]   what of its music it could not take
   */
  const setCorner = (corner, clip, label, leftOut = []) => {
    remember();
    state.set({
      corner_clips: replaced(state.get("corner_clips"), corner, clipToJson(clip)),
      labels: replaced(state.get("labels"), corner, label.slice(0, MAX_LABEL_LENGTH)),
      left_out: replaced(state.get("left_out"), corner, leftOut),
    });
    gridRequest.send();
  };

  /** @param {(presentOf: (snapshot: Snapshot | Change) => Snapshot | Change) => Snapshot | Change | null} move   undo or redo */
  const applyHistory = (move) => {
    const snapshot = move((before) => {
      if (!("cells" in before)) return presentOf(Object.keys(before));
      const present = state.snapshot();
      return { ...present, ...presentOf(Object.keys(before).filter((name) => !(name in present))) };
    });
    if (!snapshot) return;
    if (!("cells" in snapshot)) return state.set(snapshot);
    state.restore(snapshot);
    gridRequest.forget();
    if (!canAsk(state, "restore")) return;
    if (state.isStale) gridRequest.send(); // it was left before its grid had come
    else {
      const { corner_clips, labels, size, interpolation, chords, cells, cornerZ, norms } = snapshot;
      const body = { corner_clips, labels, size, interpolation, chords, norm_percentiles: norms };
      request("restore", body, [cells.toBytes().buffer, cornerZ.slice().buffer])
        .then(({ body }) => {
          state.identify(body.grid_id);
          gridRequest.fillIn();
        })
        .catch(onError);
    }
  };

  return {
    setCorner,
    /**
     * Put music into the first corners, as one step of the history.
     * @param {{ clip: ClipJson | null, label: string }[]} music   null leaves a corner as it is
     */
    setCorners(music) {
      remember();
      /**
       * @template T
       * @param {T[]} list
       * @param {(k: number) => T} valueOf
       */
      const replacedBy = (list, valueOf) => list.map((own, k) => (music[k]?.clip ? valueOf(k) : own));
      state.set({
        corner_clips: replacedBy(state.get("corner_clips"), (k) => /** @type {ClipJson} */ (music[k].clip)),
        labels: replacedBy(state.get("labels"), (k) => music[k].label.slice(0, MAX_LABEL_LENGTH)),
        left_out: replacedBy(state.get("left_out"), () => []),
      });
      gridRequest.send();
    },
    /**
     * Change traits that the grid does not depend on, as one step of the history: mutes, locks, volumes, sounds, the tempo.
     * @param {Change} values
     * @param {boolean} [isFurther]   true if it goes on with a change that undo takes back as one
     */
    change(values, isFurther = false) {
      if (!isFurther) history.push(presentOf(Object.keys(values)));
      state.set(values);
    },
    /**
     * Put a random sample of the model in a corner.
     * @param {number} corner
     * @param {number} temperature
     * @param {number} seed
     */
    async sample(corner, temperature, seed) {
      const { body } = await request("sample", { temperature, seed });
      setCorner(corner, clipFromJson(body.clip), body.label);
    },
    /**
     * Begin a change of a corner's notes by hand: all up to the next beginning are one step of the history.
     * @param {number} corner
     */
    beginEdit(corner) {
      remember();
      const label = state.get("labels")[corner];
      if (editedLabel(label) !== label) state.set({ labels: replaced(state.get("labels"), corner, editedLabel(label)) });
    },
    /**
     * Change the notes of a corner.
     * @param {number} corner
     * @param {Note[]} notes   in any order
     */
    editNotes(corner, notes) {
      const clips = state.get("corner_clips");
      const clip = clipToJson({ steps: clips[corner].steps, notes: [...notes].sort(byStep) });
      state.set({ corner_clips: replaced(clips, corner, clip) });
      gridRequest.send();
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
      remember(Object.keys(traits));
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
    /** @param {string[]} chords   over which the music is decoded */
    setChords(chords) {
      remember();
      state.set({ chords });
      gridRequest.send();
    },
    undo: () => applyHistory(history.undo),
    redo: () => applyHistory(history.redo),
  };
}
