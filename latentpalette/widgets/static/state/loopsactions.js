// What changes Latent Loops, in a way that undo brings back: corners, key, grid, clipboard, song.
/** @import { Clip, ClipJson, Note, OnError, Request, SessionState } from "../types.js" */
/** @import { Where } from "./loopssession.js" */
/** @import { Key } from "./pitch.js" */
/** @import { Range } from "./scales.js" */
/** @import { Curve } from "./sketch.js" */
/** @import { LoopItem, Place } from "./song.js" */

import { byStep, clipFromJson, clipToJson } from "./clip.js";
import { isInScale } from "./pitch.js";
import { foldPitch, keyName, mapPitches, movePitch, snapClip, tonicDistance } from "./scales.js";
import { MAX_PLACES, MAX_REPEATS, MAX_TRANSPOSE, moveItem } from "./song.js";

const MAX_LABEL_LENGTH = 300; // as Python accepts it
const MOVED = ["corner_clips", "curves", "refined", "clips", "places"]; // with the key

/** @typedef {{ kind: "corner", corner: number } | Where} Target   what can be edited */

/**
 * @template T
 * @param {T[]} list
 * @param {number} index
 * @param {T} value
 */
const replaced = (list, index, value) => list.map((item, i) => (i === index ? value : item));

/**
 * @param {object} session
 * @param {SessionState} session.state
 * @param {{ change(values: Record<string, any>, isFurther?: boolean): void }} session.commands
 * @param {Request} session.request
 * @param {OnError} session.onError
 * @param {Range} session.range
 * @param {() => number} session.steps
 * @param {() => Key} session.key
 * @param {() => number} session.side
 * @param {(where: Where) => Clip | null} session.clipAt
 * @param {(json: ClipJson) => Clip} session.clipOf
 * @param {(where: Where) => void} session.choose
 * @param {() => number} session.chosenPlace
 */
export function createLoopsActions({ state, commands, request, onError, range, steps, key, side, clipAt, clipOf, choose, chosenPlace }) {
  /** What was moved to another key last: to try scales loses nothing. @type {{ origin: Key, before: any, after: string } | null} */
  let lastMove = null;
  const present = () => Object.fromEntries(MOVED.map((name) => [name, state.get(name)]));

  /**
   * @param {number} corner
   * @param {{ clip: ClipJson, label: string, leftOut?: string[], curve?: Curve }} music
   */
  const cornerValues = (corner, { clip, label, leftOut = [], curve = [] }) => ({
    corner_clips: replaced(state.get("corner_clips"), corner, clip),
    labels: replaced(state.get("labels"), corner, label.slice(0, MAX_LABEL_LENGTH)),
    left_out: replaced(state.get("left_out"), corner, leftOut),
    curves: replaced(state.get("curves"), corner, curve),
  });
  /**
   * Music that is put in a corner, moved into the scale where that is asked for; how much is told.
   * @param {ClipJson} clip
   * @param {string[]} leftOut
   */
  const entered = (clip, leftOut) => {
    const outside = clip.notes.filter(([, pitch]) => !isInScale(pitch, key())).length;
    if (!outside || !state.get("snap_to_scale")) return { clip, leftOut };
    const sentence = `${outside} note${outside === 1 ? "" : "s"} moved into ${keyName(key())}`;
    return { clip: clipToJson(snapClip(clipFromJson(clip), key(), range)), leftOut: [...leftOut, sentence] };
  };

  /**
   * A loop as the clipboard has it.
   * @param {Where} where
   * @returns {LoopItem | null}
   */
  function itemOf(where) {
    if (where.kind !== "cell") {
      const { clip, label, at } = state.get(where.kind === "clip" ? "clips" : "places")[where.index];
      return { clip, label, at };
    }
    const clip = clipAt(where);
    const last = side() - 1;
    const corner = [0, last].includes(where.row) && [0, last].includes(where.col) ? (where.row ? 2 : 0) + (where.col ? 1 : 0) : -1;
    const label = corner >= 0 ? state.get("labels")[corner] : `Cell ${where.row + 1}, ${where.col + 1}`;
    return clip && { clip: clipToJson(clip), label, at: [where.col / last, where.row / last] };
  }

  /**
   * Put a loop into the song, before the place of an index.
   * @param {LoopItem} item
   * @param {number} index
   */
  function insertItem(item, index) {
    const places = /** @type {Place[]} */ (state.get("places"));
    if (places.length >= MAX_PLACES) return onError(new Error(`A song has up to ${MAX_PLACES} places.`));
    const drums = places[Math.min(index, places.length) - 1]?.drums ?? null; // the beat goes on
    const chosen = state.get("plays") === "song" && state.get("playing") ? {} : { place: index }; // or the song would go there
    commands.change({ places: [...places.slice(0, index), { ...item, repeats: 1, transpose: 0, drums }, ...places.slice(index)], ...chosen });
  }

  const actions = {
    itemOf,
    /**
     * Let the model compose how the song goes on: places at its end, over the drums of the last one.
     * @param {number} count
     * @param {number} seed
     */
    async compose(count, seed) {
      const { body } = await request("compose", { count: Math.min(count, MAX_PLACES - state.get("places").length), seed });
      const places = /** @type {Place[]} */ (state.get("places"));
      const drums = places[places.length - 1]?.drums ?? null;
      const composed = body.loops.map((/** @type {{ clip: ClipJson, label: string }} */ { clip, label }) => ({
        clip: entered(clip, []).clip, label, at: null, repeats: 1, transpose: 0, drums,
      }));
      commands.change({ places: [...places, ...composed].slice(0, MAX_PLACES) });
    },
    /**
     * @param {number} corner
     * @param {ClipJson} clip
     * @param {string} label
     * @param {string[]} [leftOut]
     */
    setCorner(corner, clip, label, leftOut = []) {
      commands.change(cornerValues(corner, { label, ...entered(clip, leftOut) }));
    },
    /**
     * Put a sample of the model in a corner.
     * @param {number} corner
     * @param {number} temperature
     * @param {number} seed
     */
    async sample(corner, temperature, seed) {
      const { body } = await request("sample", { temperature, seed });
      actions.setCorner(corner, body.clip, body.label);
    },
    /**
     * Put samples in all corners.
     * @param {number} temperature
     * @param {number} seed
     */
    async sampleAll(temperature, seed) {
      const samples = await Promise.all([0, 1, 2, 3].map((k) => request("sample", { temperature, seed: seed + k })));
      const music = samples.map(({ body }) => ({ label: body.label, ...entered(body.clip, []) }));
      commands.change({
        corner_clips: music.map(({ clip }) => clip),
        labels: music.map(({ label }) => label),
        left_out: music.map(({ leftOut }) => leftOut),
        curves: [[], [], [], []],
      });
    },
    /**
     * Another tonic transposes all music, another scale moves it by degree.
     * @param {Partial<Key>} changes
     */
    setKey(changes) {
      const target = { ...key(), ...changes };
      let [origin, music] = [key(), present()];
      if (lastMove?.after === JSON.stringify(music)) [origin, music] = [lastMove.origin, lastMove.before];
      const by = tonicDistance(origin.tonic, target.tonic);
      /** @param {ClipJson} clip */
      const move = (clip) =>
        clipToJson(mapPitches(clipFromJson(clip), (pitch) => foldPitch(movePitch(pitch, origin, target), range)));
      const holder = (/** @type {any} */ own) => own && { ...own, clip: move(own.clip) };
      const moved = {
        corner_clips: music.corner_clips.map(move),
        curves: music.curves.map((/** @type {Curve} */ curve) => curve.map((height) => (height === null ? null : height + by))),
        refined: music.refined.map(holder),
        clips: music.clips.map(holder),
        places: music.places.map(holder),
      };
      commands.change({ ...moved, ...changes });
      lastMove = { origin, before: music, after: JSON.stringify(present()) };
    },
    /** @param {number} size   cells along a side */
    setSize(size) {
      if (size === state.get("size")) return;
      const [row, col] = state.get("cell").map((/** @type {number} */ index) => Math.round((Math.min(index, side() - 1) / (side() - 1)) * (size - 1)));
      commands.change({ size, cell: [row, col], refined: [] });
    },

    // --- editing ------------------------------------------------------------------------------------------------------
    /**
     * The clip of what is edited, without drums and as it is before it is transposed.
     * @param {Target} target
     * @returns {Clip | null}
     */
    targetClip(target) {
      if (target.kind === "corner") return clipOf(state.get("corner_clips")[target.corner]);
      return target.kind === "place" ? clipOf(state.get("places")[target.index].clip) : clipAt(target);
    },
    /**
     * Change the notes of what is edited.
     * @param {Target} target
     * @param {Note[]} notes         in any order
     * @param {boolean} isFurther    true while the same stroke goes on
     * @param {Curve} [curve]        that a corner was sketched by; undefined: the present one stays
     */
    edit(target, notes, isFurther, curve) {
      const clip = clipToJson({ steps: steps(), notes: [...notes].sort(byStep) });
      const edited = (/** @type {string} */ label) => (label.endsWith(", edited") || label === "Sketch" ? label : `${label.slice(0, MAX_LABEL_LENGTH - 8)}, edited`);
      if (target.kind === "corner") {
        const { corner } = target;
        const label = curve ? "Sketch" : edited(state.get("labels")[corner]);
        return commands.change(cornerValues(corner, { clip, label, curve: curve ?? state.get("curves")[corner] }), isFurther);
      }
      if (target.kind === "cell") {
        const { row, col } = target;
        const others = state.get("refined").filter((/** @type {any} */ cell) => cell.row !== row || cell.col !== col);
        return commands.change({ refined: [...others, { row, col, clip }] }, isFurther);
      }
      const name = target.kind === "clip" ? "clips" : "places";
      const own = state.get(name)[target.index];
      commands.change({ [name]: replaced(state.get(name), target.index, { ...own, clip, label: edited(own.label) }) }, isFurther);
    },
    /**
     * Let a refined cell be again what the model makes of its place.
     * @param {number} row
     * @param {number} col
     */
    unrefine(row, col) {
      commands.change({ refined: state.get("refined").filter((/** @type {any} */ cell) => cell.row !== row || cell.col !== col) });
    },

    /**
     * Put music in the place of a loop: into a corner, a cell of the grid, a slot of the clipboard, a place of the song. Into a
     * free slot or place, too.
     * @param {Target} target
     * @param {{ clip: ClipJson, label: string, leftOut?: string[] }} music
     */
    put(target, { clip: own, label, leftOut = [] }) {
      if (target.kind === "corner") return actions.setCorner(target.corner, own, label, leftOut);
      const { clip } = entered(own, []);
      if (target.kind === "cell") return actions.edit(target, clipFromJson(clip).notes, false);
      const item = { clip, label: label.slice(0, MAX_LABEL_LENGTH), at: null };
      if (target.kind === "clip") commands.change({ clips: replaced(state.get("clips"), target.index, item) });
      else if (state.get("places")[target.index]) actions.changePlace(target.index, item);
      else insertItem(item, state.get("places").length);
    },

    // --- clipboard and song -------------------------------------------------------------------------------------------
    /**
     * Put a loop on the clipboard; without a slot in the first one that is free.
     * @param {Where} where
     * @param {number} [slot]
     */
    keep(where, slot = state.get("clips").indexOf(null)) {
      const item = itemOf(where);
      if (slot < 0) return onError(new Error("The clipboard is full: take something off first, or drop the loop on a slot."));
      if (!item) return;
      const clips = state.get("clips");
      if (where.kind === "clip") {
        const swapped = replaced(clips, where.index, clips[slot]); // within the clipboard they change places
        return commands.change({ clips: replaced(swapped, slot, item) });
      }
      commands.change({ clips: replaced(clips, slot, item) });
    },
    /** @param {number} slot */
    discard: (slot) => commands.change({ clips: replaced(state.get("clips"), slot, null) }),
    /**
     * Put a loop into the song, before the place of an index; one of the song moves there.
     * @param {Where} where
     * @param {number} [index]   by default at the end
     */
    insert(where, index = state.get("places").length) {
      const places = /** @type {Place[]} */ (state.get("places"));
      if (where.kind === "place") {
        const to = index > where.index ? index - 1 : index;
        if (to !== where.index) commands.change({ places: moveItem(places, where.index, index), place: to });
        return choose({ kind: "place", index: to });
      }
      const item = itemOf(where);
      if (item) insertItem(item, index);
    },
    /**
     * Put another loop in a place, which keeps its repeats, its transposition and its drums.
     * @param {Where} where
     * @param {number} index
     */
    replace(where, index) {
      const item = itemOf(where);
      if (item) actions.changePlace(index, item);
    },
    /** @param {number} index */
    remove(index) {
      const places = state.get("places").filter((/** @type {unknown} */ _, /** @type {number} */ at) => at !== index);
      const place = Math.max(0, Math.min(chosenPlace(), places.length - 1));
      commands.change({ places, place });
    },
    /**
     * @param {number} index
     * @param {Partial<Place>} values
     */
    changePlace(index, values) {
      const places = state.get("places");
      const own = { ...places[index], ...values };
      own.repeats = Math.min(MAX_REPEATS, Math.max(1, own.repeats));
      own.transpose = Math.min(MAX_TRANSPOSE, Math.max(-MAX_TRANSPOSE, own.transpose));
      if (JSON.stringify(own) !== JSON.stringify(places[index])) commands.change({ places: replaced(places, index, own) });
    },
    /**
     * Put a sample of the drum model under a place of the song.
     * @param {number} index
     * @param {number} temperature
     * @param {number} seed
     */
    async sampleDrums(index, temperature, seed) {
      const { body } = await request("drums", { temperature, seed });
      if (state.get("places")[index]) actions.changePlace(index, { drums: body });
    },
  };
  return actions;
}
